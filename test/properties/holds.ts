import fc from 'fast-check';

/** So many worlds at the same time, each in a series of its own. */
const series = 8;

/**
 * Lets a property hold for that many inputs, several at a time. The first series in which it does not looks for a small
 * counterexample, and the others end. PROPERTY_SEED and PROPERTY_PATH, which a failure tells, repeat that one alone.
 */
export async function holds<T>(
  arbitrary: fc.Arbitrary<T>,
  runs: number,
  check: (input: T) => Promise<void>,
): Promise<void> {
  const { PROPERTY_SEED: given, PROPERTY_PATH: path } = process.env;
  if (given) {
    const repetition = { seed: Number(given), numRuns: runs, ...(path && { path, endOnFailure: true }) };
    return fc.assert(fc.asyncProperty(arbitrary, check), repetition);
  }
  const seed = Date.now() | 0;
  let failed: number | undefined;
  const ended = await Promise.allSettled(
    Array.from({ length: series }, (_, index) => {
      const property = fc.asyncProperty(arbitrary, async (input) => {
        const isOver = () => failed !== undefined && failed !== index;
        if (isOver()) return;
        try {
          await check(input);
        } catch (error) {
          if (isOver()) return;
          failed = index;
          throw error;
        }
      });
      return fc.assert(property, { seed: seed + index, numRuns: Math.ceil(runs / series) });
    }),
  );
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}
