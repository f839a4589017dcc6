import { randomFillSync } from 'node:crypto';
import { V7Generator } from 'uuidv7';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Randomness for many ids at once: to ask for it takes longer than all the rest. */
const random = new Uint32Array(1_024);
let used = random.length;

const ids = new V7Generator({
  nextUint32() {
    if (used === random.length) {
      randomFillSync(random);
      used = 0;
    }
    return random[used++]!;
  },
});

/** A new UUIDv7 (RFC 9562): sorts by the time it was made. */
export function newId(): string {
  return ids.generate().toString();
}

/** Whether a text is a UUID, of any version. Anything else must never reach a statement. */
export function isId(text: unknown): text is string {
  return typeof text === 'string' && uuid.test(text);
}
