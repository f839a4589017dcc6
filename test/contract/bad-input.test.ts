import { isInputObjectType } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { digest, useOwnGateway } from '../support/own-gateway.js';
import { errorsOf } from './answers.js';
import { literalOf } from './documents.js';
import { insideOf } from './leaks.js';
import { call, callerOf, operations } from './operations.js';
import {
  fieldsWithArguments,
  type Position,
  positionsOf,
  schema,
  type Values,
  valueAt,
  withValue,
} from './positions.js';
import { bearer, keyed, postAny, type Raw } from './requests.js';
import { aScene, useScene } from './scene.js';
import { type Wrong, wrongFor } from './wrong-values.js';

const gateway = useOwnGateway();

/** One for all wrong values, since none of them changes anything. */
const scene = useScene(gateway);

interface Case extends Wrong {
  position: Position;
  variables: Values;
}

/** Every wrong value of every place, each in a call that is right but for it. */
function casesOf(coordinate: string, variants: readonly Values[]): Case[] {
  const kept = operations[coordinate]?.kept ?? [];
  return positionsOf(coordinate).flatMap((position) => {
    const { path } = position;
    const variant = variants.find((variables) => valueAt(variables, path) !== undefined);
    if (!variant) throw new Error(`No valid call of ${coordinate} gives ${path}. Add it to the operations.`);
    return wrongFor(position, valueAt(variant, path), kept.includes(path)).map((wrong) => ({
      ...wrong,
      position,
      variables: withValue(variant, path, wrong.value),
    }));
  });
}

function nameOf(coordinate: string, { position, what, value }: Case): string {
  const shown = value === undefined || typeof value === 'object' ? '' : ` ${JSON.stringify(value).slice(0, 60)}`;
  return `${coordinate} ${position.path}: ${what}${what.startsWith('type') ? '' : shown}`;
}

/** Whether a wrong value is to be told of the one item that it is in, and does not keep the others from being done. */
function spoilsOneItem(coordinate: string, { position, coerced }: Case): boolean {
  const { oneByOne } = operations[coordinate]!;
  return oneByOne !== undefined && position.path.startsWith(`${oneByOne}.0.`) && !coerced;
}

/** What is wrong with the answer to a wrong value; undefined if nothing is. */
function complaint(answer: Raw, path: string, spoilsOne: boolean): string | undefined {
  if (answer.status >= 500) return `HTTP ${answer.status}`;
  if (spoilsOne && 'errors' in JSON.parse(answer.text)) return 'spoils the whole';
  const errors = errorsOf(answer);
  if (errors.length === 0) return 'was accepted';
  const codes = errors.map(({ extensions }) => extensions.code);
  if (codes.some((code) => code !== 'BAD_USER_INPUT')) return codes.join();
  const paths = errors.flatMap(({ extensions }) => (extensions.issues ?? []).map((issue) => issue.path));
  const named = paths.some((given) => given === path || given.startsWith(`${path}.`));
  if (!named) return `names ${paths.join() || 'nothing'}`;
  const shown = insideOf(answer.text);
  return shown && `shows ${shown}`;
}

const refusedLiterals = new Set(['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_PARSE_FAILED']);

function fault(answer: Raw): string | undefined {
  if (answer.status >= 500) return `HTTP ${answer.status}`;
  const codes = errorsOf(answer).map(({ extensions }) => extensions.code);
  if (codes.length === 0) return 'was accepted';
  return codes.includes('INTERNAL_SERVER_ERROR') ? codes.join() : undefined;
}

function literalComplaint(answer: Raw): string | undefined {
  if (answer.status >= 500) return `HTTP ${answer.status}`;
  const codes = errorsOf(answer).map(({ extensions }) => extensions.code);
  if (codes.length === 0) return 'was accepted';
  return codes.every((code) => refusedLiterals.has(code)) ? undefined : codes.join();
}

/** Sends every wrong value, and gathers what is wrong with the answers, or with the database after them. */
async function complaints(
  coordinate: string,
  cases: readonly Case[],
  ask: (wrong: Case) => Promise<string | undefined>,
): Promise<string[]> {
  const before = await digest(scene().gateway);
  const answers = await Promise.all(cases.map(async (wrong) => ({ wrong, complained: await ask(wrong) })));
  const found = answers.flatMap(({ wrong, complained }) =>
    complained ? [`${nameOf(coordinate, wrong)} → ${complained}`] : [],
  );
  const after = await digest(scene().gateway);
  const changed = Object.keys(before).filter((table) => before[table] !== after[table]);
  return changed.length === 0 ? found : [...found, `${coordinate} has changed ${changed.join(', ')}`];
}

function isDescribedAsKept(coordinate: string): boolean {
  const [type, field] = coordinate.split('.');
  const declared = schema.getType(type!);
  return isInputObjectType(declared) && /cannot be cleared/i.test(declared.getFields()[field!]?.description ?? '');
}

describe.each(Object.keys(operations))('%s', (coordinate) => {
  let cases: Case[];
  beforeAll(async () => {
    cases = casesOf(coordinate, await operations[coordinate]!.valid(scene()));
  });

  it('refuses every wrong value by the path of its field, and changes nothing', async () => {
    const found = await complaints(coordinate, cases, async (wrong) => {
      const answer = await call(scene(), coordinate, wrong.variables);
      return complaint(answer, wrong.position.path, spoilsOneItem(coordinate, wrong));
    });
    expect(found).toEqual([]);
  });

  it('refuses wrong values that are written into the document, and changes nothing', async () => {
    const sample = cases.filter(({ what }, index) => what !== 'too long' && index % 4 === 0);
    const found = await complaints(coordinate, sample, async ({ variables }) => {
      const query = literalOf(scene(), coordinate, variables, operations[coordinate]!.selection);
      return literalComplaint(await postAny(scene().gateway.url, { query }, callerOf(scene(), coordinate)));
    });
    expect(found).toEqual([]);
  });

  it('is no fault with wrong values of people who may not ask either, and changes nothing', async () => {
    const sample = cases.filter(({ what }, index) => what !== 'too long' && index % 8 === 0);
    const { outsider, member, readKey } = scene();
    const found: string[] = [];
    for (const headers of [bearer(outsider), bearer(member), keyed(readKey), {}]) {
      const complained = await complaints(coordinate, sample, async ({ variables }) =>
        fault(await call(scene(), coordinate, variables, headers)),
      );
      found.push(...complained);
    }
    // That somebody tried what it may not is written down, and that alone.
    expect(found.filter((line) => line !== `${coordinate} has changed audit_events`)).toEqual([]);
  });
});

describe('the table of operations', () => {
  it('has a row for every field that takes arguments, and no other', () => {
    expect(Object.keys(operations).sort()).toEqual([...fieldsWithArguments().keys()].sort());
  });

  it.each(Object.keys(operations))('holds calls of %s that are accepted', async (coordinate) => {
    const { length } = await operations[coordinate]!.valid(await aScene(gateway()));
    for (let variant = 0; variant < length; variant += 1) {
      const scene = await aScene(gateway());
      const variables = (await operations[coordinate]!.valid(scene))[variant]!;
      const answer = await call(scene, coordinate, variables);
      expect(errorsOf(answer)).toEqual([]);
    }
  });

  it('knows which fields may be left out, but not cleared, as their descriptions say', () => {
    for (const [coordinate, { kept = [] }] of Object.entries(operations)) {
      const fields = positionsOf(coordinate).filter(({ path }) => !path.endsWith('.0'));
      const described = fields.filter((field) => isDescribedAsKept(field.coordinate));
      expect(described.map(({ path }) => path).sort()).toEqual([...kept].sort());
    }
  });
});
