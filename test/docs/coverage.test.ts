import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { useGateway } from '../support/gateway.js';
import { codesIn, readDocument, root, tableRows } from './documents.js';

const rows = tableRows(readDocument('docs/coverage.md'), 'row').map(([id, , operations, proof, status]) => ({
  id: id!,
  operations: codesIn(operations!),
  proof: codesIn(proof!),
  status: status!,
}));

const schema = buildSchema(readDocument('schema.graphql'));
const gateway = useGateway();

const numbered = (letter: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);

describe('the coverage table', () => {
  it('has every row, once', () => {
    expect(rows.map(({ id }) => id)).toEqual([...numbered('A', 15), ...numbered('B', 8), ...numbered('C', 9)]);
  });

  it.each(rows)('is true of $id', async ({ operations, proof, status }) => {
    expect(status).toMatch(/^(there$|partly: |not yet: )/);
    const missing = codesIn(status);

    expect(await withoutThose(operations, isThere)).toEqual([]);
    expect(await withoutThose(missing, async (name) => !(await isThere(name)))).toEqual([]);
    expect(proof.filter((file) => !/^test\/.*\.test\.ts$/.test(file) || !existsSync(join(root, file)))).toEqual([]);

    if (status.startsWith('not yet')) expect({ operations, proof }).toEqual({ operations: [], proof: [] });
    else expect(Math.min(operations.length, proof.length)).toBeGreaterThan(0);
    if (status.startsWith('not yet')) expect(missing).not.toEqual([]);
  });
});

async function withoutThose(names: string[], wanted: (name: string) => Promise<boolean>): Promise<string[]> {
  const verdicts = await Promise.all(names.map(wanted));
  return names.filter((_, index) => !verdicts[index]);
}

/** Whether the API has it: a path, a type, `Type.field`, a query or mutation, or an argument of one: `field(argument)`. */
async function isThere(name: string): Promise<boolean> {
  const path = /^GET (\/\S+)$/.exec(name)?.[1];
  if (path) return (await fetch(`${gateway().url}${path}`)).status !== 404;
  if (/^[A-Z]\w+$/.test(name)) return isEnumType(schema.getType(name));
  const [, type, field, argument] = /^(?:([A-Z]\w*)\.)?(\w+)(?:\((\w+)\))?$/.exec(name) ?? [];
  const places = type ? [schema.getType(type)] : [schema.getQueryType(), schema.getMutationType()];
  return places.some((place) => {
    if (isInputObjectType(place)) return field! in place.getFields();
    if (!isObjectType(place) && !isInterfaceType(place)) return false;
    const found = place.getFields()[field!];
    return found !== undefined && (!argument || found.args.some((one) => one.name === argument));
  });
}
