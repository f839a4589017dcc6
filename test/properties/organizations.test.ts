import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from './engine.js';
import { holds } from './holds.js';
import { type Step, verdictOf, violationsOf } from './invariants.js';
import { anyDuel, anyOperation, type Operation, operationNames } from './operations.js';
import { carryOut, settle } from './requests.js';
import { type Snapshot, straysIn, takeSnapshot } from './snapshot.js';
import { anyPlan, createWorld, type Plan, type World } from './world.js';

const engine = useEngine();

/** How many sequences of single operations, and a quarter as many of pairs. */
const sequences = Number(process.env.PROPERTY_RUNS ?? 1_000);
/** How often each operation came out how. */
const tally = new Map<string, number>();

/** Six to twelve operations; a counterexample may shrink to one. */
class Sequences<T> extends fc.Arbitrary<T[]> {
  readonly #whole: fc.Arbitrary<T[]>;
  readonly #shrunk: fc.Arbitrary<T[]>;

  constructor(items: fc.Arbitrary<T>, minLength: number, maxLength: number) {
    super();
    this.#whole = fc.array(items, { minLength, maxLength, size: 'max' });
    this.#shrunk = fc.array(items, { minLength: 1, maxLength, size: 'max' });
  }

  generate(random: fc.Random, bias: number | undefined): fc.Value<T[]> {
    return this.#whole.generate(random, bias);
  }

  canShrinkWithoutContext(value: unknown): value is T[] {
    return this.#shrunk.canShrinkWithoutContext(value);
  }

  shrink(value: T[], context: unknown): fc.Stream<fc.Value<T[]>> {
    return this.#shrunk.shrink(value, context);
  }
}

async function carryOutTogether(world: World, before: Snapshot, group: Operation[]): Promise<Step> {
  const operations = group.map((operation) => settle(operation, world, before));
  const outcomes = await Promise.all(operations.map((each) => carryOut(engine(), world, before, each)));
  const after = await takeSnapshot(engine().services.db.run, world, before);
  const done = operations.map((operation, index) => ({ operation, outcome: outcomes[index]! }));
  return { world, before, after, done };
}

/** Carries out one group of operations after the other, and judges each. */
async function play(plan: Plan, groups: Operation[][]): Promise<void> {
  const { db } = engine().services;
  const world = await createWorld(db.write, plan);
  let before = await takeSnapshot(db.run, world);
  const story: string[] = [];
  for (const operations of groups) {
    const step = await carryOutTogether(world, before, operations);
    story.push(step.done.map(({ operation, outcome }) => tell(operation, outcome.code)).join('  ∥  '));
    const violations = violationsOf(step);
    if (violations.length > 0) throw new Error([...story, ...violations].join('\n'));
    if (operations.length === 1) count(`${operations[0]!.op} ${verdictOf(step)}`);
    before = step.after;
  }
}

function tell({ op, by, ...rest }: Operation, code: string | null): string {
  const facts = Object.entries(rest).map(([field, value]) => `${field}=${value}`);
  return `${by}: ${op} ${facts.join(' ')} → ${code ?? 'done'}`;
}

function count(what: string): void {
  tally.set(what, (tally.get(what) ?? 0) + 1);
}

describe('whoever does whatever to two organizations', { timeout: 120_000 + sequences * 100 }, () => {
  const { stackTraceLimit } = Error;
  beforeAll(() => {
    // Many operations are refused, and it takes longer to say where than to refuse; a repetition says it.
    if (!process.env.PROPERTY_SEED) Error.stackTraceLimit = 0;
  });
  afterAll(() => {
    Error.stackTraceLimit = stackTraceLimit;
    const lines = [...tally].sort().map(([what, times]) => `${what} ${times}\n`);
    if (process.env.PROPERTY_TALLY) process.stdout.write(lines.join(''));
  });

  it('leaves administrators, ceilings, borders and records intact', async () => {
    const oneByOne = new Sequences(
      anyOperation.map((operation) => [operation]),
      6,
      12,
    );
    await holds(fc.tuple(anyPlan, oneByOne), sequences, ([plan, operations]) => play(plan, operations));
    expect(await straysIn(engine().services.db.run)).toEqual([]);
    // Too few runs, or a repetition of one, say nothing of how much was tried.
    if (sequences < 1_000 || process.env.PROPERTY_SEED) return;
    for (const op of operationNames) expect(tally.get(`${op} done`) ?? 0, `${op} succeeded`).toBeGreaterThan(0);
  });

  it('leaves them intact also when two do it at the same moment', async () => {
    const pair = fc.oneof(fc.tuple(anyOperation, anyOperation), anyDuel);
    const pairwise = new Sequences<Operation[]>(pair, 3, 6);
    await holds(fc.tuple(anyPlan, pairwise), sequences / 4, ([plan, pairs]) => play(plan, pairs));
    expect(await straysIn(engine().services.db.run)).toEqual([]);
  });
});
