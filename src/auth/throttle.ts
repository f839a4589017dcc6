import { createHash } from 'node:crypto';
import type { Database } from '../platform/database.js';
import { DomainError } from '../platform/errors.js';
import { networkOf } from '../platform/network.js';
import { createRateLimit, type RateLimit, type RateLimitOptions } from '../platform/rate-limit.js';

const minutes = 60;

/** What somebody could try over and over, and how often that goes: for one account from anywhere, and from one network. */
export const throttles = {
  /** Passwords that were wrong. */
  password: { account: { points: 10, seconds: 15 * minutes }, network: { points: 100, seconds: 15 * minutes } },
  /** New accounts with one address, and from one network. */
  registration: { account: { points: 5, seconds: 60 * minutes }, network: { points: 100, seconds: 60 * minutes } },
  /** Mails with a link that anybody can ask for. */
  accountMail: { account: { points: 5, seconds: 60 * minutes }, network: { points: 50, seconds: 60 * minutes } },
  /** Secrets and addresses that nobody has. */
  guess: { account: null, network: { points: 100, seconds: 15 * minutes } },
} satisfies Record<string, { account: RateLimitOptions | null; network: RateLimitOptions }>;

export type Throttled = keyof typeof throttles;

/** Who tries: from where, and about whose account, by its address in any case or by an id. */
export interface Attempt {
  request: { ip: string | null };
  account?: string | null;
}

export interface Throttle {
  /**
   * Counts an attempt before it is made, so that many at once do not slip through.
   *
   * @throws {DomainError} RATE_LIMITED with `retryAfter`, whether the account exists or not.
   */
  take(kind: Throttled, attempt: Attempt): Promise<void>;
  /** Takes it back: it was no guess. */
  giveBack(kind: Throttled, attempt: Attempt): Promise<void>;
}

export function createThrottle(db: Pick<Database, 'aside'>): Throttle {
  const limits = Object.fromEntries(
    Object.entries(throttles).map(([kind, { account, network }]) => [
      kind,
      {
        account: account && createRateLimit(db, `${kind}-account`, account),
        network: createRateLimit(db, `${kind}-network`, network),
      },
    ]),
  ) as Record<Throttled, { account: RateLimit | null; network: RateLimit }>;

  function counters(kind: Throttled, { request, account }: Attempt): { limit: RateLimit; key: string }[] {
    const { account: accounts, network } = limits[kind];
    const counted = [{ limit: network, key: networkOf(request.ip ?? '') }];
    if (accounts && account) counted.push({ limit: accounts, key: digest(account) });
    return counted;
  }

  return {
    async take(kind, attempt) {
      const waits = await Promise.all(counters(kind, attempt).map(({ limit, key }) => limit.take(key)));
      const retryAfter = Math.max(...waits.map((wait) => wait ?? 0));
      if (retryAfter === 0) return;
      throw new DomainError('RATE_LIMITED', `Too many attempts. Try again in ${retryAfter} seconds.`, { retryAfter });
    },
    async giveBack(kind, attempt) {
      await Promise.all(counters(kind, attempt).map(({ limit, key }) => limit.giveBack(key)));
    },
  };
}

/**
 * Lets somebody try what could be guessed. Only what is not there, or wrong, counts in the end.
 *
 * @throws {DomainError} RATE_LIMITED with `retryAfter` before anything is tried.
 */
export async function guessing<Result>(
  throttle: Throttle,
  kind: Throttled,
  attempt: Attempt,
  work: () => Promise<Result>,
): Promise<Result> {
  await throttle.take(kind, attempt);
  try {
    const result = await work();
    await throttle.giveBack(kind, attempt);
    return result;
  } catch (error) {
    const wrong =
      error instanceof DomainError && ['UNAUTHENTICATED', 'NOT_FOUND', 'BAD_USER_INPUT'].includes(error.code);
    if (!wrong) await throttle.giveBack(kind, attempt);
    throw error;
  }
}

/** An address looks the same in any case, and the table tells nobody whose it was. */
function digest(account: string): string {
  return createHash('sha256').update(account.toLowerCase()).digest('base64url');
}
