import fc from 'fast-check';

/** So many worlds at the same time, each in a series of its own. */
const series = 8;

/**
 * Lets a property hold for that many inputs, several at a time. PROPERTY_SEED and PROPERTY_PATH, which a failure tells,
 * repeat that one alone.
 */
export async function holds<T>(
  arbitrary: fc.Arbitrary<T>,
  runs: number,
  check: (input: T) => Promise<void>,
): Promise<void> {
  const { PROPERTY_SEED: given, PROPERTY_PATH: path } = process.env;
  const property = fc.asyncProperty(arbitrary, check);
  if (given)
    return fc.assert(property, { seed: Number(given), numRuns: runs, ...(path && { path, endOnFailure: true }) });
  const seed = Date.now() | 0;
  const ended = await Promise.allSettled(
    Array.from({ length: series }, (_, index) =>
      fc.assert(property, { seed: seed + index, numRuns: Math.ceil(runs / series) }),
    ),
  );
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}
