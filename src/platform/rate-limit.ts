import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Database } from './database.js';

/** So many points in so many seconds; then nothing until the time is over. */
export interface RateLimitOptions {
  points: number;
  seconds: number;
}

/** Counts attempts in the database, so that all replicas count together. */
export interface RateLimit {
  /**
   * Counts one more.
   *
   * @returns the seconds to wait if that was one too many, else null.
   */
  take(key: string): Promise<number | null>;
  /** Counts one less. */
  giveBack(key: string): Promise<void>;
}

export function createRateLimit(db: Pick<Database, 'aside'>, name: string, options: RateLimitOptions): RateLimit {
  const limiter = new RateLimiterPostgres({
    storeClient: {
      query: async ({ text, values }: { text: string; values: unknown[] }) => ({ rows: await db.aside(text, values) }),
    },
    storeType: 'client',
    tableName: 'rate_limits',
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: name,
    points: options.points,
    duration: options.seconds,
  });
  return {
    async take(key) {
      try {
        await limiter.consume(key);
        return null;
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
      }
    },
    async giveBack(key) {
      await limiter.reward(key);
    },
  };
}

/** What a key may still take, and in how many seconds it may take everything again. */
export interface Allowance {
  limit: number;
  remaining: number;
  resetSeconds: number;
}

/**
 * Counts in the memory of this process, for what is taken so often that it could not be counted elsewhere. The time of a key
 * begins when it takes for the first time.
 *
 * It remembers `mostKeys` at the most, and forgets the oldest first. Somebody with as many keys could be forgotten that way, but
 * takes more on the way there than is forgotten.
 */
export class RateWindows {
  readonly #options: RateLimitOptions;
  readonly #mostKeys: number;
  /** In the order in which they end, because each lasts as long and stands where it was put first. */
  readonly #windows = new Map<string, { taken: number; endsAt: number }>();

  constructor(options: RateLimitOptions, mostKeys = 100_000) {
    this.#options = options;
    this.#mostKeys = mostKeys;
  }

  get size(): number {
    return this.#windows.size;
  }

  left(key: string, now = Date.now()): Allowance {
    const { points, seconds } = this.#options;
    const window = this.#windows.get(key);
    if (!window || window.endsAt <= now) return { limit: points, remaining: points, resetSeconds: seconds };
    const resetSeconds = Math.max(1, Math.ceil((window.endsAt - now) / 1000));
    return { limit: points, remaining: Math.max(0, points - window.taken), resetSeconds };
  }

  take(key: string, points: number, now = Date.now()): void {
    const window = this.#windows.get(key);
    if (window && window.endsAt > now) {
      window.taken += points;
      return;
    }
    this.#windows.delete(key);
    this.#forget(now);
    this.#windows.set(key, { taken: points, endsAt: now + this.#options.seconds * 1000 });
  }

  #forget(now: number): void {
    for (const [key, { endsAt }] of this.#windows) {
      if (endsAt > now && this.#windows.size < this.#mostKeys) return;
      this.#windows.delete(key);
    }
  }
}
