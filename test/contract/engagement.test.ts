import { describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/id.js';
import { blocksOf } from '../docs/documents.js';
import { type Caller, nobody } from '../modules/adversaries.js';
import { aKey, joinAs } from '../modules/api-key/keys.js';
import { ask, askOfMember, entry, parts, recorded } from '../modules/engagement/engaging.js';
import { customRole, setMemberStatus } from '../modules/states.js';
import type { Answer } from '../support/client.js';
import { useGateway } from '../support/gateway.js';
import { aPerson, aWorld, type Colleague, type World, write } from '../support/world.js';

const gateway = useGateway();

/** What a caller sees of an answer, but for the id of the request. */
const seen = (answer: Answer<unknown>) => JSON.stringify(answer).replace(/"requestId":"[^"]+"/g, '');

const rejectedOf = async (place: World, caller: Caller, ...entries: object[]) =>
  (await recorded(place, caller, ...entries)).rejected.map(({ index, code, message }) => [index, code, message]);

describe('what belongs to another organization', () => {
  it('is answered in a report word for word like what there is not', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const [person, stranger] = [await world.join('member'), await aPerson(gateway())];
    const theirTeam = await other.team('Red', other.admin);
    const key = await aKey(gateway(), world, world.admin);
    for (const caller of [person, world.admin, key]) {
      const told = (given: object) => rejectedOf(world, caller, entry(given));
      for (const memberId of [other.admin.memberId, other.admin.memberId.toUpperCase()]) {
        expect(await told({ memberId })).toEqual(await told({ memberId: newId() }));
      }
      for (const userId of [other.admin.user.id, stranger.user.id]) {
        expect(await told({ userId })).toEqual(await told({ userId: newId() }));
      }
      expect(await told({ teamId: theirTeam })).toEqual(await told({ teamId: newId() }));
      expect(await told({ teamId: theirTeam })).toEqual([[0, 'NOT_FOUND', expect.any(String)]]);
    }
    const everyone = await other.admin.send(
      `{ organization(id: "${other.organization.id}") { engagement { ${parts.sessions} } } }`,
    );
    expect(everyone.data).toEqual({ organization: { engagement: { sessions: { nodes: [] } } } });
  });

  it('is answered in an engagement word for word like what there is not', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const theirTeam = await other.team('Red', other.admin);
    await recorded(other, other.admin, entry({ teamId: theirTeam }));
    const manager = await world.join('team_manager');
    const callers = [
      world.admin,
      manager,
      await aKey(gateway(), world, world.admin, { scopes: ['organizations:read'] }),
    ];
    for (const caller of callers) {
      const team = async (teamId: string) => seen(await ask(world, caller, { teamId }, parts.kpis));
      expect(await team(theirTeam)).toBe(await team(newId()));
      const whole = async (id: string) =>
        seen(await ask({ organization: { id } as World['organization'] }, caller, {}, parts.kpis));
      expect(await whole(other.organization.id)).toBe(await whole(newId()));
      const member = async (id: string) => seen(await askOfMember(world, caller, id, {}, parts.kpis));
      expect(await member(other.admin.memberId)).toBe(await member(newId()));
      const filtered = async (teamId: string) =>
        seen(
          await caller.send(
            `query ($id: ID!, $teamId: ID!) { organization(id: $id) { engagement {
              memberDirectory(filter: { teamId: $teamId }) { totalCount nodes { user { id } } } } } }`,
            { id: world.organization.id, teamId },
          ),
        );
      expect(await filtered(theirTeam)).toBe(await filtered(newId()));
    }
  });

  it('does not collide with an id of one’s own, nor tell that it was used', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const given = entry();
    for (const place of [world, other]) {
      expect(await recorded(place, place.admin, given)).toMatchObject({ accepted: 1, duplicates: 0 });
    }
  });

  it('is not in the figures of somebody who belongs to both', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const person = await world.join('member');
    await joinAs(gateway(), other, person, 'member');
    await recorded(other, person, entry({ activeSeconds: 4_321 }));
    const fields = [parts.kpis, parts.pulse, parts.trend, parts.memberActivity, parts.sessions].join(' ');
    for (const answer of [
      await ask(world, world.admin, {}, fields),
      await askOfMember(world, world.admin, person.memberId, {}, fields),
      await askOfMember(world, person, person.memberId, {}, fields),
    ]) {
      expect(answer.errors).toBeUndefined();
      expect(seen(answer)).not.toContain('4321');
      expect(seen(answer)).not.toMatch(/"(sessions|activeDays|totalSessions)":[1-9]/);
    }
    expect(seen(await ask(world, world.admin, {}, parts.memberDirectory))).not.toMatch(/"lastActiveAt":"/);
  });
});

describe('affiliations', () => {
  interface Directory {
    organization: {
      engagement: {
        memberDirectory: {
          nodes: {
            user: { id: string };
            affiliations: { organization: { id: string }; team: { id: string } | null }[];
          }[];
        };
      };
    };
  }

  /** Where somebody belongs, as a caller is told in an organization: organizations and teams. */
  async function affiliationsOf({ organization }: World, caller: Caller, userId: string) {
    const { data, errors } = await caller.send<Directory, object>(
      `query ($id: ID!) { organization(id: $id) { engagement { ${parts.memberDirectory} } } }`,
      { id: organization.id },
    );
    expect(errors).toBeUndefined();
    const { nodes } = data.organization.engagement.memberDirectory;
    return nodes
      .find(({ user }) => user.id === userId)!
      .affiliations.map(({ organization: { id }, team }) => [id, team?.id ?? null]);
  }

  /** Somebody in two organizations, in a team of each; the administrator of the first one asks. */
  async function shared() {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const person = await world.join('member');
    const teamId = await world.team('Red', person);
    const elsewhere: Colleague = { ...person, memberId: await joinAs(gateway(), other, person, 'member') };
    const theirTeam = await other.team('Blue', elsewhere);
    const [here, there] = [
      [world.organization.id, teamId],
      [other.organization.id, theirTeam],
    ];
    const told = (caller: Caller = world.admin) => affiliationsOf(world, caller, person.user.id);
    const joined = async (role: string) => ({
      ...world.admin,
      memberId: await joinAs(gateway(), other, world.admin, role),
    });
    return { world, other, person, here, there, told, joined };
  }

  it('leave out organizations that the caller has nothing to do with', async () => {
    const { here, told } = await shared();
    expect(await told()).toEqual([here]);
  });

  it('leave out organizations in which the caller may not see people', async () => {
    const { other, here, told, joined } = await shared();
    await joined('viewer');
    expect(await told()).toEqual([here]);
    for (const permissions of [[], ['users.read'], ['organization.read', 'teams.read', 'stats.read']]) {
      await customRole(gateway(), other, { key: 'viewer', rank: 10, permissions });
      expect(await told(), permissions.join()).toEqual([here]);
    }
  });

  it('show those in which the caller may, and teams if that is permitted, too', async () => {
    const { other, here, there, told, joined } = await shared();
    await joined('member');
    expect(new Set(await told())).toEqual(new Set([here, there]));
    await customRole(gateway(), other, { key: 'member', rank: 20, permissions: ['organization.read', 'users.read'] });
    expect(new Set(await told())).toEqual(new Set([here, [there[0], null]]));
  });

  it('leave out those in which the caller is suspended, or which are suspended or deleted', async () => {
    const { other, here, told, joined } = await shared();
    const member = await joined('administrator');
    expect(await told()).toHaveLength(2);
    await setMemberStatus(gateway(), other, member, 'SUSPENDED');
    expect(await told()).toEqual([here]);
    await setMemberStatus(gateway(), other, member, 'ACTIVE');
    const { id } = other.organization;
    for (const change of [{ status: 'SUSPENDED' as const }, { status: 'DELETED' as const, deletedAt: new Date() }]) {
      await write(gateway(), (writes) => writes.update('organizations', { id, ...change }));
      expect(await told()).toEqual([here]);
    }
  });

  it('leave out those of which the caller was removed', async () => {
    const { other, here, told, joined } = await shared();
    const { memberId } = await joined('administrator');
    await gateway().services.db.prisma.member.deleteMany({
      where: { organizationId: other.organization.id, id: memberId },
    });
    expect(await told()).toEqual([here]);
  });

  it('show an API key its own organization and no other, whoever made it', async () => {
    const { world, here, told, joined } = await shared();
    await joined('administrator');
    for (const scopes of [['organizations:read'], ['organizations:write']]) {
      expect(await told(await aKey(gateway(), world, world.admin, { scopes }))).toEqual([here]);
    }
    const boss = await aPerson(gateway(), { isSuperAdmin: true });
    const memberId = await joinAs(gateway(), world, boss, 'administrator');
    expect(await told(await aKey(gateway(), world, { ...boss, memberId }))).toEqual([here]);
  });

  it('show a super admin all but what is deleted', async () => {
    const { other, here, there, told } = await shared();
    const boss = await aPerson(gateway(), { isSuperAdmin: true });
    expect(new Set(await told(boss))).toEqual(new Set([here, there]));
    const { id } = other.organization;
    await write(gateway(), (writes) =>
      writes.update('organizations', { id, status: 'DELETED', deletedAt: new Date() }),
    );
    expect(await told(boss)).toEqual([here]);
  });

  it('show each caller of one moment its own part', async () => {
    const { world, here, there, told, joined } = await shared();
    await joined('member');
    const others = await Promise.all([world.join('administrator'), world.join('administrator')]);
    const answers = await Promise.all([world.admin, ...others, world.admin, ...others].map((caller) => told(caller)));
    expect(answers.map((places) => places.length)).toEqual([2, 1, 1, 2, 1, 1]);
    expect(answers[0]).toContainEqual(there);
    expect(answers[1]).toEqual([here]);
  });
});

it('is reported as its page says', async () => {
  const [shown, ...more] = blocksOf('docs/engagement.md').filter(({ text }) => text.startsWith('mutation'));
  expect(more).toEqual([]);
  const { organization, admin } = await aWorld(gateway());
  const report = () =>
    admin.send(shown!.text, { startedAt: new Date().toISOString() }, { 'x-organization-id': organization.id });
  expect((await report()).data).toEqual({ recordActivity: { accepted: 1, duplicates: 0, rejected: [] } });
  expect((await report()).data).toEqual({ recordActivity: { accepted: 0, duplicates: 1, rejected: [] } });
});

describe('a member without stats.read', () => {
  it('learns no figure of others on any way, and nobody else learns any at all', async () => {
    const world = await aWorld(gateway());
    const [member, colleague] = [await world.join('member'), await world.join('member')];
    const teamId = await world.team('Red', member, colleague);
    await recorded(world, colleague, entry({ teamId, activeSeconds: 4_321 }));
    const engagement = `engagement { ${Object.values(parts).join(' ')} }`.replaceAll('first: 100', 'first: 5');
    const ways = [
      engagement,
      engagement.replace('engagement', `engagement(teamId: "${teamId}")`),
      `members(first: 3) { nodes { ${engagement} } }`,
      `member(id: "${colleague.memberId}") { ${engagement} }`,
      `team(id: "${teamId}") { members(first: 2) { nodes { ${engagement} } } }`,
      `team(id: "${teamId}") { organization { ${engagement} } }`,
      `member(id: "${member.memberId}") { engagement { memberDirectory(first: 1) { nodes { affiliations { organization { ${engagement} } } } } } }`,
      `member(id: "${member.memberId}") { engagement { organization { ${engagement} } } }`,
    ];
    const callers = [member, await world.join('viewer'), await aPerson(gateway()), nobody(gateway())];
    const refusals = ['FORBIDDEN', 'NOT_FOUND', 'UNAUTHENTICATED'];
    for (const caller of callers) {
      for (const way of ways) {
        for (const field of [
          way,
          way.replace(engagement, 'engagement { kpis { value } sessions { nodes { activeSeconds } } }'),
        ]) {
          const answer = await caller.send(`{ organization(id: "${world.organization.id}") { ${field} } }`);
          // Refused for what it asks about, not for how much it asks.
          const codes = new Set(answer.errors!.map(({ extensions }) => extensions.code));
          expect(
            [...codes].filter((code) => !refusals.includes(code)),
            field,
          ).toEqual([]);
          expect(seen(answer), field).not.toContain('4321');
        }
      }
    }
  });
});
