import type { Registry } from 'prom-client';

interface Timed {
  /** How many fell into each bucket, and behind the last bound into none. */
  buckets: number[];
  sum: number;
}

/**
 * A histogram of seconds by one label, as Prometheus has it. prom-client's own puts the labels together for each value, which takes
 * longer than all the rest that is noted of a request.
 */
export class Timings {
  readonly type = 'histogram';
  readonly #label: string;
  readonly #bounds: readonly number[];
  readonly #timed = new Map<string, Timed>();

  /** @param bounds the upper bounds of the buckets, rising. */
  constructor(
    readonly name: string,
    readonly help: string,
    { label, bounds, registers }: { label: string; bounds: readonly number[]; registers: readonly Registry[] },
  ) {
    this.#label = label;
    this.#bounds = bounds;
    // Its types know prom-client's own classes alone; it asks for no more than what is here.
    for (const registry of registers) registry.registerMetric(this as never);
  }

  /** What takes note of seconds under a value of the label, which is shown from now on. */
  of(value: string): (seconds: number) => void {
    const buckets = new Array<number>(this.#bounds.length + 1).fill(0);
    const timed = { buckets, sum: 0 };
    this.#timed.set(value, timed);
    return (seconds) => {
      let bucket = 0;
      while (bucket < this.#bounds.length && seconds > this.#bounds[bucket]!) bucket += 1;
      buckets[bucket]! += 1;
      timed.sum += seconds;
    };
  }

  async get() {
    const { name, help, type } = this;
    return { name, help, type, values: [...this.#timed].flatMap(([value, timed]) => this.#shown(value, timed)) };
  }

  #shown(value: string, { buckets, sum }: Timed) {
    const labels = { [this.#label]: value };
    let count = 0;
    const cumulative = [...this.#bounds, '+Inf'].map((le, index) => {
      count += buckets[index]!;
      return { metricName: `${this.name}_bucket`, labels: { le, ...labels }, value: count };
    });
    return [
      ...cumulative,
      { metricName: `${this.name}_sum`, labels, value: sum },
      { metricName: `${this.name}_count`, labels, value: count },
    ];
  }
}
