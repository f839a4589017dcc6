import { describe, expect, it } from 'vitest';
import { createSchema } from '../../src/schema.js';
import { type Answer, type AnsweredError, send } from '../support/client.js';
import { digest, useOwnGateway } from '../support/own-gateway.js';
import type { Call } from './matrix.calls.js';
import { calls } from './matrix.inputs.js';
import { type Caller, callers, verdictsOn } from './matrix.keys.js';
import { fieldsOf, operationsOf } from './matrix.schema.js';
import { coordinateOf, operations } from './matrix.table.js';
import { type Trace, tracesOf } from './matrix.traces.js';
import { aWorldForEach, plans, type World } from './matrix.worlds.js';

const gateway = useOwnGateway({ plans });

describe('the table', () => {
  const schema = createSchema();
  const rows = new Set(operations.map(coordinateOf));

  it('has a row for whatever may be refused', async () => {
    expect((await operationsOf(schema)).filter((coordinate) => !rows.has(coordinate))).toEqual([]);
  });

  it('has rows only for what is in the schema', () => {
    const known = new Set(fieldsOf(schema).map(({ type, field }) => `${type}.${field.name}`));
    expect([...rows].filter((coordinate) => !known.has(coordinate))).toEqual([]);
  });

  it.each(operations)('has a verdict on each caller: %s', (operation) => {
    const verdicts = verdictsOn(operation);
    expect(verdicts).toHaveLength(callers.length);
    for (const verdict of verdicts) {
      expect(verdict).toMatch(
        /^(ok|UNAUTHENTICATED|NOT_FOUND|ROLE_CEILING|FORBIDDEN( without [a-z_]+[.:][a-z]+| for [A-Z_]+)?)$/,
      );
    }
  });
});

describe('everybody may what the table says', () => {
  let forReading: Promise<World[]> | undefined;

  function worldsFor({ scene }: Call): Promise<World[]> {
    if (scene) return aWorldForEach(gateway(), scene);
    forReading ??= aWorldForEach(gateway());
    return forReading;
  }

  it.each(operations)('%s', async (operation) => {
    const call = calls[operation];
    const worlds = await worldsFor(call);
    const ids = worlds.flatMap(({ organizationId, elsewhereId }) => [organizationId, elsewhereId]);
    const before = await tracesOf(gateway(), ids);
    const answers = await Promise.all(worlds.map((world) => ask(world, call, world.credential)));
    const after = await tracesOf(gateway(), ids);

    const expected = verdictsOn(operation);
    const wrong = worlds.flatMap((world, index) => {
      const verdict = verdictOn(answers[index]!);
      const meets = verdict === expected[index] || (expected[index] === 'FORBIDDEN' && verdict.startsWith('FORBIDDEN'));
      return [
        ...(meets ? [] : [`${expected[index]} was expected, but it is ${verdict}`]),
        ...traceFaults(call, world, [expected[index]!, verdict], before, after),
      ].map((fault) => `${world.caller}: ${fault}`);
    });
    expect(wrong).toEqual([]);
  });
});

describe('an API key', () => {
  const worldOf = async (caller: Caller) => (await aWorldForEach(gateway())).find((world) => world.caller === caller)!;

  async function jobsLeft(): Promise<number> {
    const [row] = await gateway().services.db.run<{ count: number }>(
      'SELECT count(*)::int AS count FROM graphile_worker._private_jobs',
      [],
    );
    return row!.count;
  }

  it('that there is not is refused on every operation, alone and together with a token', async () => {
    const world = await worldOf('administrator');
    const wrong: string[] = [];
    const before = await tracesOf(gateway(), [world.organizationId]);
    for (const secret of ['tk_0123456789abcdef0123456789abcdef', `tnt_${'a'.repeat(43)}`]) {
      const key = { 'x-api-key': secret };
      for (const operation of operations) {
        for (const credential of [key, { ...key, ...world.credential }]) {
          const answer = await ask(world, calls[operation], credential);
          if (answer.status !== 401 || verdictOn(answer) !== 'UNAUTHENTICATED') {
            wrong.push(`${operation}: ${answer.status} ${verdictOn(answer)}`);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(await tracesOf(gateway(), [world.organizationId])).toEqual(before);
  });

  it('to read is refused every mutation for want of the other scope, and nothing at all has changed', async () => {
    const world = await worldOf('an administrator’s key to read');
    await expect.poll(jobsLeft, { timeout: 30_000 }).toBe(0);
    const before = await digest(gateway());
    const mutations = operations.filter((operation) => operation.startsWith('Mutation.'));
    const verdicts = await Promise.all(
      mutations.map(async (operation) => verdictOn(await ask(world, calls[operation], world.credential))),
    );
    expect(new Set(verdicts)).toEqual(new Set(['FORBIDDEN without organizations:write']));
    expect(await digest(gateway())).toEqual(before);
  });
});

function ask(world: World, call: Call, credential: Record<string, string>): Promise<Answer<unknown>> {
  const headers = { ...call.headers?.(world), ...credential };
  return send(gateway().url, call.document(world), call.variables?.(world), headers);
}

/** An answer in the words of the table. */
function verdictOn({ data, errors }: Answer<unknown>): string {
  if (!data && !errors) return 'nothing at all';
  const refused = errors ?? rejectedIn(data);
  if (refused.length === 0) return 'ok';
  const verdicts = refused.map(({ extensions: { code, reason, requiredPermission, requiredScope } }) => {
    const missing = requiredPermission ?? requiredScope;
    if (code !== 'FORBIDDEN') return code;
    return missing ? `FORBIDDEN without ${missing}` : reason ? `FORBIDDEN for ${reason}` : code;
  });
  return [...new Set(verdicts)].join(' and ');
}

/** What was refused of a mutation whose entries are judged one by one. */
function rejectedIn(data: unknown): { extensions: AnsweredError['extensions'] }[] {
  const [field] = Object.values(data as Record<string, { rejected?: { code: string }[] } | null>);
  return (field?.rejected ?? []).map(({ code }) => ({ extensions: { code } }));
}

type Traces = Map<string, Trace>;

/** What is done is on record; what is refused has changed nothing, and is on record itself where people of the organization try. */
function traceFaults(call: Call, world: World, verdicts: [string, string], before: Traces, after: Traces): string[] {
  const { organizationId, elsewhereId, memberId, caller } = world;
  const [expected, verdict] = verdicts;
  const events = after.get(organizationId)!.events - before.get(organizationId)!.events;
  const refusals = after.get(organizationId)!.refusals - before.get(organizationId)!.refusals;
  const faults: string[] = [];
  if (verdict === 'ok') {
    if (call.changes && !call.unrecorded && events === 0) faults.push('the change is not on record');
    if (call.unrecorded && events !== 0) faults.push('what is not to be recorded is');
    if (call.changes && sameContent(organizationId, before, after)) faults.push('nothing has changed');
    if (refusals !== 0) faults.push('a refusal is on record of what was done');
    return faults;
  }
  const unchanged = [organizationId, elsewhereId].every((id) => sameContent(id, before, after));
  if (!unchanged) faults.push('it is refused, but an organization has changed');
  if (events !== 0) faults.push('it is refused, but a change is on record');
  const belongs = memberId !== null || caller === 'super admin';
  const most = call.named && belongs && /^(FORBIDDEN|ROLE_CEILING)/.test(expected) ? 1 : 0;
  if (refusals !== most) faults.push(`of the refusal there are ${refusals} events instead of ${most}`);
  return faults;
}

function sameContent(id: string, before: Traces, after: Traces): boolean {
  return before.get(id)!.content === after.get(id)!.content;
}
