import type { Run } from './sql.js';
import { isConnectionLost } from './unavailable.js';
import type { Guard, Writes } from './writes.js';
import { compileTogether, shapeOf } from './writes-sql.js';

const mostTogether = 16;
/** As many as PostgreSQL is likely to have processors for; with more of them each has fewer changes, and all take longer. */
const mostInFlight = 2;
/** Nobody waits longer for others, who may be waiting for a lock. */
const longestWaitMs = 20;

interface Waiting {
  shape: string;
  writes: Writes;
  guard: Guard;
  resolve(isWritten: boolean | Promise<boolean>): void;
  reject(error: unknown): void;
}

/**
 * Writes changes of single organizations for the whole process: while some are being written, those that come meanwhile wait, and
 * go as one statement, which costs PostgreSQL little more than one of them would.
 *
 * What becomes of a change is what would have become of it alone. Whatever the common statement has left out, because somebody
 * else is at that organization, or because the statement failed, is written alone.
 */
export class ChangeBatcher {
  readonly #run: Run;
  readonly #waiting: Waiting[] = [];
  #inFlight = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(run: Run) {
    this.#run = run;
  }

  /** @returns false, with nothing written, if an organization has changed or gone meanwhile. */
  commit(writes: Writes, guards: readonly Guard[]): Promise<boolean> {
    const [guard, ...more] = guards;
    const shape = guard && more.length === 0 ? shapeOf(writes.content, guard) : null;
    if (!guard || shape === null) return writes.commit(this.#run, ...guards);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ shape, writes, guard, resolve, reject });
      if (this.#inFlight < mostInFlight) this.#next();
      else this.#timer ??= setTimeout(() => this.#next(), longestWaitMs);
    });
  }

  #next(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#take();
    if (batch.length === 0) return;
    this.#inFlight += 1;
    void this.#write(batch).finally(() => {
      this.#inFlight -= 1;
      if (this.#inFlight < mostInFlight) this.#next();
    });
    if (this.#waiting.length > 0) this.#timer = setTimeout(() => this.#next(), longestWaitMs);
  }

  /** Who has waited longest, with others of the same shape; of each organization one, for after it the next is out of date. */
  #take(): Waiting[] {
    const batch = new Map<string, Waiting>();
    const [first] = this.#waiting;
    for (const waiting of [...this.#waiting]) {
      const { shape, guard } = waiting;
      if (shape !== first!.shape || batch.has(guard.organizationId)) continue;
      batch.set(guard.organizationId, waiting);
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
      if (batch.size === mostTogether) break;
    }
    return [...batch.values()];
  }

  async #write(batch: Waiting[]): Promise<void> {
    if (batch.length === 1) return this.#alone(batch[0]!);
    const changes = batch.map(({ writes, guard }) => ({ content: writes.content, guard }));
    const { text, values } = compileTogether(changes);
    let left = batch;
    try {
      const [row] = await this.#run<{ written: string[] | null }>(text, values);
      const written = new Set(row!.written);
      left = batch.filter((waiting) => !written.has(waiting.guard.organizationId));
      for (const waiting of batch) if (!left.includes(waiting)) waiting.resolve(true);
    } catch (error) {
      // Whether it was written nobody knows.
      if (isConnectionLost(error)) {
        for (const { reject } of batch) reject(error);
        return;
      }
    }
    await Promise.all(left.map((waiting) => this.#alone(waiting)));
  }

  async #alone({ writes, guard, resolve, reject }: Waiting): Promise<void> {
    await writes.commit(this.#run, guard).then(resolve, reject);
  }
}
