import { describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/id.js';
import { ask, askOfMember, entry, parts, record, recorded } from '../modules/engagement/engaging.js';
import { useGateway } from '../support/gateway.js';
import { aWorld } from '../support/world.js';
import { noDays } from './meanings.js';

const gateway = useGateway();

describe('a day that is none', () => {
  it.each(['startDate', 'endDate'])(
    'is refused as %s, in the document and among the variables, of an organization and of a member',
    async (name) => {
      const { organization, admin } = await aWorld(gateway());
      const ways = [
        (field: string) => `organization(id: "${organization.id}") { ${field} }`,
        (field: string) => `organization(id: "${organization.id}") { member(id: "${admin.memberId}") { ${field} } }`,
      ];
      const accepted: string[] = [];
      for (const day of noDays) {
        for (const way of ways) {
          const literal = `{ ${way(`engagement(${name}: ${JSON.stringify(day)}) { ${parts.range} }`)} }`;
          const variable = `query ($day: Date) { ${way(`engagement(${name}: $day) { ${parts.range} }`)} }`;
          // Half a character is not even a document.
          const asked = [admin.send(variable, { day }), ...(day.isWellFormed() ? [admin.send(literal)] : [])];
          for (const { errors } of await Promise.all(asked)) {
            const { code, issues } = errors?.[0]?.extensions ?? {};
            if (code !== 'BAD_USER_INPUT' || issues?.[0]?.path !== name) accepted.push(`${day}: ${code ?? 'accepted'}`);
          }
        }
      }
      expect(accepted).toEqual([]);
    },
  );

  it.each([
    ['reversed', '2026-03-02', '2026-03-01'],
    ['one day too long', '2023-03-01', '2024-03-01'],
    ['ten thousand days', '2000-01-01', '2027-05-18'],
    ['all days that there are', '2000-01-01', '2100-12-31'],
  ])('a range is refused that is %s', async (_, startDate, endDate) => {
    const world = await aWorld(gateway());
    const literal = `{ organization(id: "${world.organization.id}") {
      engagement(startDate: "${startDate}", endDate: "${endDate}") { ${parts.range} } } }`;
    for (const answer of [
      await ask(world, world.admin, { startDate, endDate }),
      await askOfMember(world, world.admin, world.admin.memberId, { startDate, endDate }),
      await world.admin.send(literal),
    ]) {
      expect(answer.errors?.map(({ extensions: { code, issues } }) => [code, issues?.[0]?.path])).toEqual([
        ['BAD_USER_INPUT', 'endDate'],
      ]);
    }
  });
});

describe('entries that are judged one by one', () => {
  it('are refused each by its place, and those between them are recorded', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const person = await world.join('member');
    const notMine = await world.team('Blue');
    const wrong = [
      entry({ activeSeconds: 0 }),
      entry({ activeSeconds: 86_401 }),
      entry({ idempotencyId: 'two words' }),
      entry({ startedAt: '2000-01-01T00:00:00Z' }),
      entry({ startedAt: '2100-01-01T00:00:00Z' }),
      entry({ memberId: 'x' }),
      entry({ teamId: '' }),
      entry({ memberId: person.memberId, userId: person.user.id }),
      entry({ memberId: world.admin.memberId }),
      entry({ userId: other.admin.user.id }),
      entry({ teamId: notMine }),
      entry({ teamId: await other.team('Red') }),
    ];
    const answer = await recorded(world, person, ...wrong.flatMap((one) => [one, entry()]), entry());
    expect(answer).toMatchObject({ accepted: wrong.length + 1, duplicates: 0 });
    expect(answer.rejected.map(({ index, code }) => [index, code])).toEqual([
      ...[0, 2, 4, 6, 8, 10, 12, 14].map((index) => [index, 'BAD_USER_INPUT']),
      ...[16, 18].map((index) => [index, 'FORBIDDEN']),
      ...[20, 22].map((index) => [index, 'NOT_FOUND']),
    ]);
    const named = [
      'activeSeconds',
      'activeSeconds',
      'idempotencyId',
      'startedAt',
      'startedAt',
      'memberId',
      'teamId',
      'userId',
    ];
    for (const [position, field] of named.entries()) {
      expect(answer.rejected[position]!.message).toMatch(new RegExp(`^input\\.entries\\.${2 * position}\\.${field}: `));
    }
  });

  it('may all be wrong, which is no error of the whole', async () => {
    const world = await aWorld(gateway());
    const answer = await recorded(world, world.admin, entry({ activeSeconds: -1 }), entry({ activeSeconds: 0 }));
    expect(answer).toMatchObject({ accepted: 0, duplicates: 0, rejected: [{ index: 0 }, { index: 1 }] });
  });

  it('are nothing to read about in the answer to others', async () => {
    const world = await aWorld(gateway());
    const given = entry({ idempotencyId: `two words ${newId()}` });
    expect(JSON.stringify(await record(world, world.admin, given))).not.toContain(given.idempotencyId);
  });
});
