/** So much time lies between two notifications, in milliseconds; what comes meanwhile goes with the next one. */
const pauseMs = 20;

/** PostgreSQL takes less than 8,000 bytes at once; an id has 36. */
const mostIds = 200;

/** Puts together what is to be notified: the first at once, and what follows in the next moment as one. */
export class Notifier {
  readonly #self: string;
  readonly #send: (payloads: readonly string[]) => Promise<void>;
  readonly #waiting = new Set<string>();
  #rests = false;
  #stopped = false;

  /**
   * @param self who notifies, so that it need not listen to itself.
   * @param send notifies; where that fails, others find out by looking.
   */
  constructor(self: string, send: (payloads: readonly string[]) => Promise<void>) {
    this.#self = self;
    this.#send = send;
  }

  add(ids: Iterable<string>): void {
    for (const id of ids) this.#waiting.add(id);
    if (!this.#rests) void this.#sendAll();
  }

  stop(): void {
    this.#stopped = true;
    this.#waiting.clear();
  }

  async #sendAll(): Promise<void> {
    if (this.#waiting.size === 0 || this.#stopped) return;
    this.#rests = true;
    const ids = [...this.#waiting];
    this.#waiting.clear();
    const payloads: string[] = [];
    for (let at = 0; at < ids.length; at += mostIds) {
      payloads.push(`${this.#self} ${ids.slice(at, at + mostIds).join(',')}`);
    }
    await this.#send(payloads).catch(() => {});
    setTimeout(() => {
      this.#rests = false;
      void this.#sendAll();
    }, pauseMs).unref();
  }
}
