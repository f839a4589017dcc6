/** Who watches which organization in this process. */
export class Watches {
  readonly #open = new Map<string, Set<OpenWatch>>();

  open(organizationId: string): OpenWatch {
    const watches = this.#open.get(organizationId) ?? new Set();
    this.#open.set(organizationId, watches);
    const watch = new OpenWatch(() => {
      watches.delete(watch);
      if (watches.size === 0 && this.#open.get(organizationId) === watches) this.#open.delete(organizationId);
    });
    watches.add(watch);
    return watch;
  }

  wake(organizationIds: readonly string[]): void {
    for (const id of organizationIds) for (const watch of this.#open.get(id) ?? []) watch.wake();
  }

  wakeAll(): void {
    for (const watches of this.#open.values()) for (const watch of watches) watch.wake();
  }
}

class OpenWatch {
  readonly #closed: () => void;
  #isDue = false;
  #isClosed = false;
  #waiting: ((goesOn: boolean) => void) | undefined;

  constructor(closed: () => void) {
    this.#closed = closed;
  }

  /** To be called by one at a time. */
  next(): Promise<boolean> {
    if (this.#isClosed) return Promise.resolve(false);
    return new Promise((resolve) => {
      this.#waiting = resolve;
      if (this.#isDue) this.wake();
    });
  }

  /** What comes while nobody waits is kept for the next one who does. */
  wake(): void {
    const waiting = this.#waiting;
    this.#isDue = waiting === undefined;
    this.#waiting = undefined;
    waiting?.(true);
  }

  close(): void {
    this.#isClosed = true;
    this.#closed();
    this.#waiting?.(false);
    this.#waiting = undefined;
  }
}
