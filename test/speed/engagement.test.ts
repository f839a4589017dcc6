import { describe, expect, it } from 'vitest';
import { teamById } from '../../src/modules/team/team.loader.js';
import { aKey } from '../modules/api-key/keys.js';
import { ask, askOfMember, entry, parts, record } from '../modules/engagement/engaging.js';
import type { Answer } from '../support/client.js';
import { useOwnGateway } from '../support/own-gateway.js';
import { countingStatements, isStanding } from '../support/statements.js';
import { aWorld } from '../support/world.js';

const gateway = useOwnGateway();

/** The parts, with nothing that another type has to be read for. */
const alone = {
  kpis: parts.kpis,
  pulse: parts.pulse,
  trend: parts.trend,
  activityDistribution: parts.activityDistribution,
  retention: parts.retention,
  memberActivity: 'memberActivity { nodes { member { id } activeSeconds sessions activeDays lastActiveAt status } }',
  memberDirectory: 'memberDirectory { nodes { joinedAt plan accountStatus status lastActiveAt } }',
  sessions: 'sessions { nodes { id startedAt activeSeconds } }',
};

async function aBusyWorld() {
  const world = await aWorld(gateway());
  const people = [world.admin, await world.join('member'), await world.join('member')];
  const teamId = await world.team('Red', ...people);
  const key = await aKey(gateway(), world, world.admin);
  await record(world, key, ...people.flatMap(({ memberId }) => [entry({ memberId }), entry({ memberId, teamId })]));
  return { world, teamId, key };
}

/** The statements of a request beside the one that says who the caller is. */
async function statementsOf(work: () => Promise<Answer<unknown>>) {
  const { result, statements } = await countingStatements(work);
  expect(result.errors).toBeUndefined();
  const standing = statements.filter(isStanding);
  expect(standing).toHaveLength(1);
  // That the key was used, which has recorded the activity, may be noted only now.
  return statements.filter((text) => !isStanding(text) && !text.includes('last_used_at'));
}

describe('an engagement', () => {
  it('takes no statement for what is not asked for', async () => {
    const { world, teamId } = await aBusyWorld();
    const { memberId } = world.admin;
    expect(await statementsOf(() => ask(world, world.admin, {}, parts.range))).toEqual([]);
    expect(await statementsOf(() => ask(world, world.admin, { teamId }, parts.range))).toEqual([teamById.text]);
    // The member comes with the standing.
    expect(await statementsOf(() => askOfMember(world, world.admin, memberId, {}, parts.range))).toEqual([]);
  });

  for (const [part, fields] of Object.entries(alone)) {
    it(`takes one statement for ${part}, of an organization, a team and a member`, async () => {
      const { world, teamId } = await aBusyWorld();
      const { admin } = world;
      expect(await statementsOf(() => ask(world, admin, {}, fields))).toHaveLength(1);
      expect(await statementsOf(() => ask(world, admin, { teamId }, fields))).toHaveLength(2);
      expect(await statementsOf(() => askOfMember(world, admin, admin.memberId, {}, fields))).toHaveLength(1);
    });
  }

  /** The lists of people and sessions are one statement, if they are asked for together. */
  const allParts = Object.keys(alone).length - 2;

  it('takes one for each part that is asked for, and one for all lists', async () => {
    const { world } = await aBusyWorld();
    const everything = Object.values(alone).join('\n');
    expect(await statementsOf(() => ask(world, world.admin, {}, everything))).toHaveLength(allParts);
  });

  it('takes one more for all people of a page, and one for all their affiliations', async () => {
    const { world } = await aBusyWorld();
    const nodes = 'user { fullName } affiliations { organization { name } team { name } }';
    const fields = `memberDirectory { nodes { ${nodes} } }`;
    expect(await statementsOf(() => ask(world, world.admin, {}, fields))).toHaveLength(3);
  });

  it('takes as many for several members as for one', async () => {
    const { world } = await aBusyWorld();
    const { id } = world.organization;
    const fields = Object.values(alone).join('\n');
    const document = (first: number) =>
      `{ organization(id: "${id}") { members(first: ${first}) { nodes { engagement { ${fields} } } } } }`;
    const one = await statementsOf(() => world.admin.send(document(1)));
    const three = await statementsOf(() => world.admin.send(document(3)));
    expect(one).toHaveLength(allParts);
    expect(three.length).toBe(one.length);
  });
});

describe('recording', () => {
  it('takes as many statements for a thousand entries as for one', async () => {
    const { world, teamId, key } = await aBusyWorld();
    const { memberId } = world.admin;
    const sent = async (count: number) => {
      const entries = Array.from({ length: count }, (_, index) => entry({ memberId, ...(index % 2 && { teamId }) }));
      const { result, statements } = await countingStatements(() => record(world, key, ...entries));
      expect(result.data.recordActivity).toEqual({ accepted: count, duplicates: 0, rejected: [] });
      return statements.filter((text) => !text.startsWith('UPDATE api_keys'));
    };
    // Who the caller is, whose the entries are, and a transaction with a lock and one statement that writes everything.
    expect(await sent(1)).toHaveLength(6);
    expect(await sent(1_000)).toHaveLength(6);
  });
});
