import type { Log } from './platform/log.js';
import { within } from './platform/within.js';

/** What ends everything that was started, in the order in which it was. */
export type Ends = (() => Promise<unknown>)[];

/** For all together. */
const patienceMs = 14_000;
/** For each but the last; the longest is a job of the worker that has to be given back. */
const patienceForOneMs = 6_000;

/** Ends what was started last first. What hangs, or fails to end, holds up nothing else. Tells whether everything has ended. */
export async function endAll(ends: Ends, log: Log): Promise<boolean> {
  const deadline = Date.now() + patienceMs;
  let allEnded = true;
  for (let end = ends.pop(); end; end = ends.pop()) {
    const left = deadline - Date.now();
    await within(ends.length > 0 ? Math.min(left, patienceForOneMs) : left, end()).catch((err) => {
      log.warn({ err }, 'while stopping');
      allEnded = false;
    });
  }
  return allEnded;
}
