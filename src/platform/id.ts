import { uuidv7 } from 'uuidv7';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A new UUIDv7 (RFC 9562): sorts by the time it was made. */
export function newId(): string {
  return uuidv7();
}

/** Whether a text is a UUID, of any version. Anything else must never reach a statement. */
export function isId(text: unknown): text is string {
  return typeof text === 'string' && uuid.test(text);
}
