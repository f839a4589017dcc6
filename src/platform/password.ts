import { timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { DomainError } from './errors.js';

// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
const argon2id = 2;
const cost = { algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashing takes a core for tens of milliseconds; one core is left for everything else. */
const atOnce = Math.max(1, availableParallelism() - 1);
/** Whoever comes after so many would wait for seconds. */
const mostWaiting = 200;
let running = 0;
const waiting: (() => void)[] = [];

/** @throws {DomainError} RATE_LIMITED if too many wait already. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (waiting.length >= mostWaiting) {
    throw new DomainError('RATE_LIMITED', 'Too many people sign in just now. Try again.', { retryAfter: 5 });
  }
  if (running >= atOnce) await new Promise<void>((start) => waiting.push(start));
  else running += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

/**
 * The argon2id hash of a password, in PHC format.
 *
 * @param salt 16 bytes; random ones unless given.
 */
export function hashPassword(password: string, salt?: Uint8Array): Promise<string> {
  return inTurn(() => hash(password, { ...cost, ...(salt && { salt }) }));
}

/** Whether the password belongs to the hash. */
export function passwordMatches(password: string, passwordHash: string): Promise<boolean> {
  return inTurn(() => verify(passwordHash, password));
}

/**
 * The account that the password belongs to, if any.
 *
 * It hashes once, whether there are no accounts, one or several, so that the time taken does not tell: their hashes share
 * the salt. A hash that does not (from before its address was changed) is worked on with its own.
 *
 * @param salt what the hashes share, and what is worked on where there are none.
 */
export async function accountOf<Account extends { passwordHash: string | null }>(
  password: string,
  accounts: readonly Account[],
  salt: Uint8Array,
): Promise<Account | undefined> {
  const withPassword = accounts.filter(({ passwordHash }) => passwordHash !== null);
  const settings = new Set(withPassword.map(({ passwordHash }) => settingsOf(passwordHash!)));
  if (settings.size === 0) await hashPassword(password, salt);
  for (const setting of settings) {
    const computed = await inTurn(() => hash(password, parsed(setting)));
    const found = withPassword.find(({ passwordHash }) => same(passwordHash!, computed));
    if (found) return found;
  }
  return undefined;
}

/** Whether a hash was made with this salt and today's cost. */
export function isCurrent(passwordHash: string, salt: Uint8Array): boolean {
  const { memoryCost, timeCost, parallelism } = cost;
  const encoded = Buffer.from(salt).toString('base64').replace(/=+$/, '');
  return settingsOf(passwordHash) === `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${encoded}`;
}

/** Everything of a PHC string but the hash itself. */
function settingsOf(passwordHash: string): string {
  return passwordHash.slice(0, passwordHash.lastIndexOf('$'));
}

function parsed(settings: string) {
  const [, m, t, p, salt] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$(.+)$/.exec(settings) ?? [];
  if (!salt) throw new Error('A stored password hash is not argon2id in PHC format.');
  return {
    algorithm: argon2id,
    memoryCost: Number(m),
    timeCost: Number(t),
    parallelism: Number(p),
    salt: Buffer.from(salt, 'base64'),
  };
}

function same(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
