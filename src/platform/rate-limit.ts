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
