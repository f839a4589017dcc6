import { Histogram, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { Timings } from '../../src/platform/timings.js';

const [name, help] = ['tenantry_some_seconds', 'Seconds that something took.'];
const bounds = [0.001, 0.01, 0.1, 1];

it('shows what the histogram of prom-client shows of the same seconds', async () => {
  const [ours, theirs] = [new Registry(), new Registry()];
  const timings = new Timings(name, help, { label: 'what', bounds, registers: [ours] });
  const histogram = new Histogram({ name, help, labelNames: ['what'], buckets: bounds, registers: [theirs] });
  for (const what of ['one', 'an"other\\\n', 'none']) {
    const note = timings.of(what);
    histogram.zero({ what });
    const random = Array.from({ length: what === 'none' ? 0 : 500 }, () => 10 ** (Math.random() * 6 - 4));
    for (const seconds of what === 'none' ? [] : [0, ...bounds, ...random]) {
      note(seconds);
      histogram.observe({ what }, seconds);
    }
  }
  expect(await ours.metrics()).toBe(await theirs.metrics());
});
