/** Waits for all, and fails with the first refusal in the order given, whichever came first: answers must not depend on it. */
export async function inOrder<T extends readonly unknown[]>(work: [...T]): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  for (const outcome of await Promise.allSettled(work)) if (outcome.status === 'rejected') throw outcome.reason;
  return Promise.all(work) as Promise<{ [K in keyof T]: Awaited<T[K]> }>;
}
