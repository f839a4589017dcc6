/**
 * Requests of all kinds of callers share statements, and each gets its own answer.
 *
 * It only asks through GraphQL, so it holds for any way of reading. What it has been seen to fail at, each broken on purpose:
 *
 * - The rows of a batch went to the next one who waited for it: an administrator was refused his own organization (1st batch).
 * - The batcher told keys apart without the id of the session: a suspended user was answered with 200 like the member who had
 *   asked for the same organization (2nd batch).
 * - Asked again key by key after a refusal, each got the rows of the next key: the permissions of another role (1st batch).
 * - One set of DataLoaders served all requests: a team with the description that it had before (1st batch).
 */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Answer, send } from '../support/client.js';
import { useOwnGateway } from '../support/own-gateway.js';
import { comparable, isFault, wrongIn } from './batches/answers.js';
import { wayTo } from './batches/documents.js';
import { anyPlan, type Plan, whileDatabaseIs } from './batches/faults.js';
import { aPlace, bringInto, type Place } from './batches/place.js';
import { ask, cursorsIn, type Request, requestsOf, tell } from './batches/requests.js';
import type { Cursors } from './batches/selections.js';

const gateway = useOwnGateway();

/** How many batches. PROPERTY_SEED and PROPERTY_PATH, which a failure tells, repeat one of them. */
const batches = Math.ceil(Number(process.env.PROPERTY_RUNS ?? 1_000) / 16);
/** So long batches are drawn, and smaller counterexamples are looked for. */
const patienceMs = 120_000;

const tally = { alone: 0, together: 0, shared: 0, refused: 0, failed: 0, requests: 0, right: 0, batches: 0 };
let states = 0;

const stateOf = (batch: number) => `state-${String(batch).padStart(6, '0')}`;

/** Sends each by itself, then, with everything in another state, all at once while the database is as planned, and compares. */
async function play(requests: Request[], plan: Plan): Promise<void> {
  const credentials = [...new Set(requests.flatMap(({ asker }) => asker.credential ?? []))];
  const [earlier, now] = [stateOf(states++), stateOf(states++)];
  await bringInto(gateway(), earlier);
  const before = await whileDatabaseIs(null, credentials, async () => {
    const answers: Answer<unknown>[] = [];
    for (const request of requests) answers.push(await ask(gateway(), request));
    return answers;
  });
  await bringInto(gateway(), now);
  const expected = JSON.parse(JSON.stringify(before.result).replaceAll(earlier, now)) as Answer<unknown>[];
  const { result, seen } = await whileDatabaseIs(plan, credentials, () =>
    Promise.all(requests.map((request) => ask(gateway(), request))),
  );
  const wrong = before.result
    .flatMap(({ errors }) => errors ?? [])
    .filter(isFault)
    .map((error) => `${JSON.stringify(error)} when nothing failed`);
  const failed = new Set<Request>();
  for (const [index, answer] of result.entries()) {
    const request = requests[index]!;
    const found = await wrongIn(answer, expected[index]!, async (error) => {
      if (!error.path) return false;
      const again = await ask(gateway(), request, wayTo(request.selections, error.path));
      return again.errors?.some((other) => isDeepStrictEqual(comparable(other), comparable(error))) ?? false;
    });
    if (found) wrong.push(`${found}\n${tell(request)}`);
    if (answer.errors?.some(isFault)) failed.add(request);
  }
  const victim = credentials[plan.victim % credentials.length];
  const isInnocent = ({ asker }: Request) => plan.kind !== 'caller' || asker.credential !== victim;
  const failures = [...failed].filter(isInnocent);
  // A statement that several share is asked again for each; who has one alone fails alone.
  const most = plan.kind === 'any' ? seen.refused : 0;
  if (failures.length > most) {
    wrong.push(
      `${failures.length} failed after ${seen.refused} refusals (${plan.kind}):\n${failures.map(tell).join('\n')}`,
    );
  }
  if (wrong.length > 0) throw new Error(wrong.slice(0, 3).join('\n\n'));
  count(before.seen.statements, seen, plan, before.result, failed.size);
}

function count(
  alone: number,
  seen: { statements: number; shared: number; refused: number },
  plan: Plan,
  answers: Answer<unknown>[],
  failed: number,
) {
  if (plan.kind === 'none') {
    tally.alone += alone;
    tally.together += seen.statements;
  }
  tally.batches += 1;
  tally.shared += seen.shared;
  tally.refused += seen.refused;
  tally.failed += failed;
  tally.requests += answers.length;
  tally.right += answers.filter(({ errors }) => errors === undefined).length;
}

describe('requests of all kinds of callers at the same moment', { timeout: patienceMs + 60_000 }, () => {
  let place: Place;
  let cursors: Cursors;
  beforeAll(async () => {
    place = await aPlace(gateway());
    cursors = await cursorsIn(gateway(), place);
    // The first use of a key is noted; what follows within the minute is not.
    for (const { headers } of place.askers) await send(gateway().url, '{ me { id } }', {}, headers);
  });

  it('are answered like each of them alone, whatever fails on the way', async () => {
    const { PROPERTY_SEED: seed, PROPERTY_PATH: path } = process.env;
    await fc.assert(
      fc.asyncProperty(requestsOf(place, cursors), anyPlan, (requests, plan) => play(requests, plan)),
      {
        ...{ numRuns: batches, interruptAfterTimeLimit: patienceMs },
        ...(seed && { seed: Number(seed), ...(path && { path, endOnFailure: true }) }),
      },
    );
    if (process.env.PROPERTY_TALLY) process.stdout.write(`${JSON.stringify(tally)}\n`);
    // Too few runs, or a repetition of one, say nothing of how much was tried.
    if (tally.batches < 50 || seed) return;
    expect(tally.together, 'statements of requests that share them').toBeLessThan(tally.alone * 0.75);
    expect(tally.shared, 'statements that several callers share').toBeGreaterThan(tally.batches);
    expect(tally.refused, 'statements that were refused').toBeGreaterThan(tally.batches / 2);
    expect(tally.right, 'answers without an error').toBeGreaterThan(tally.requests / 3);
  });
});
