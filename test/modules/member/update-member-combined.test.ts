import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../../src/platform/id.js';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, type Colleague, type Person, type World, write } from '../../support/world.js';
import { eventsOf } from '../audit.js';
import { customRole } from '../states.js';

const gateway = useGateway();

const updateMember = `mutation ($input: UpdateMemberInput!) {
  updateMember(input: $input) {
    member { id user { id username email fullName } role { key } joinedAt teams { id name } }
  }
}`;

type Answered = { updateMember: { member: { id: string; joinedAt: string } } };

/** Two organizations, and people who may do more or less in them. */
interface Stage {
  here: World;
  there: World;
  /** Teams: Red and Blue of the one organization, Green of the other. */
  red: string;
  blue: string;
  green: string;
  /** Who is to be changed: a developer in Red. */
  target: Colleague;
  /** The founder of the first organization, who is an administrator of the second, too. */
  both: Colleague;
  people: Record<Actor, Person>;
}

const actors = {
  both: 'an administrator of both',
  source: 'an administrator who is but a member of the target',
  stranger: 'an administrator who has nothing to do with the target',
  destination: 'an administrator of the target only',
  manager: 'a team manager who is an administrator of the target',
  lead: 'somebody who may change members, but not assign to teams',
  limited: 'somebody who may do both, under a ceiling',
  superAdmin: 'a super admin',
};
type Actor = keyof typeof actors;

interface Parts {
  role?: string;
  targetOrganizationId?: string;
  teamId?: string | null;
}

async function aStage(): Promise<Stage> {
  const [here, there] = [await aWorld(gateway()), await aWorld(gateway())];
  const reads = ['organization.read', 'users.read', 'teams.read', 'roles.read'];
  await customRole(gateway(), here, { key: 'lead', rank: 50, permissions: [...reads, 'users.update'] });
  // A role that may do all of this in both organizations is still not that of an administrator.
  for (const world of [here, there]) {
    const permissions = [...reads, 'users.update', 'teams.assign'];
    await customRole(gateway(), world, { key: 'limited', rank: 50, permissions });
  }
  const target = await here.join('developer');
  const manager = await here.join('team_manager');
  const [red, blue] = [await here.team('Red', target, manager), await here.team('Blue', manager)];
  await gateway().services.db.prisma.teamMembership.updateMany({
    where: { organizationId: here.organization.id, memberId: manager.memberId },
    data: { role: 'MANAGER' },
  });
  const people = {
    both: here.admin,
    source: await here.join('administrator'),
    stranger: await here.join('administrator'),
    destination: await here.join('member'),
    manager,
    lead: await here.join('lead'),
    limited: await here.join('limited'),
    superAdmin: await aPerson(gateway(), { isSuperAdmin: true }),
  };
  await write(gateway(), (set) => {
    const organizationId = there.organization.id;
    const join = ({ user }: Person, role: string) =>
      set.insert('members', { organizationId, id: newId(), userId: user.id, roleId: there.roles[role]! });
    join(people.both, 'administrator');
    join(people.source, 'member');
    join(people.destination, 'administrator');
    join(people.manager, 'administrator');
    join(people.limited, 'limited');
    set.update('users', { id: target.user.id, username: `user-${target.user.id}` });
  });
  const green = await there.team('Green');
  return { here, there, red, blue, green, target, both: here.admin, people };
}

function change(stage: Stage, actor: Person, { memberId }: Colleague, parts: Parts) {
  const organizationId = stage.here.organization.id;
  return actor.send<Answered, object>(updateMember, { input: { organizationId, memberId, ...parts } });
}

/** Everything in both organizations that a change of a member can touch, and how many refusals are on record. */
async function stateOf({ here, there }: Stage) {
  const { prisma } = gateway().services.db;
  const ids = [here.organization.id, there.organization.id];
  const where = { organizationId: { in: ids } };
  return {
    organizations: await prisma.organization.findMany({ where: { id: { in: ids } }, orderBy: { id: 'asc' } }),
    members: await prisma.member.findMany({ where, orderBy: { id: 'asc' } }),
    teamMemberships: await prisma.teamMembership.findMany({ where, orderBy: { id: 'asc' } }),
    roles: await prisma.role.findMany({ where, orderBy: { id: 'asc' } }),
    events: await prisma.auditEvent.findMany({
      where: { ...where, action: { not: 'ACCESS_REFUSED' } },
      orderBy: { id: 'asc' },
    }),
  };
}

const refusals = (organizationId: string) =>
  gateway().services.db.prisma.auditEvent.count({ where: { organizationId, action: 'ACCESS_REFUSED' } });

/** What may be asked for, part by part. */
const asked = {
  role: {
    allowed: () => ({ role: 'viewer' }),
    unknown: () => ({ role: 'nobody' }),
    higher: () => ({ role: 'administrator' }),
  },
  team: {
    blue: ({ blue }: Stage) => ({ teamId: blue }),
    none: () => ({ teamId: null }),
    green: ({ green }: Stage) => ({ teamId: green }),
    red: ({ red }: Stage) => ({ teamId: red }),
  },
  transfer: ({ there }: Stage) => ({ targetOrganizationId: there.organization.id }),
};
const { role, team, transfer } = asked;

type Part = (stage: Stage) => Parts;
type Case = [what: string, actor: Actor, code: string, parts: Part[], target?: (stage: Stage) => Colleague];

const partsOf = (stage: Stage, parts: Part[]): Parts => Object.assign({}, ...parts.map((part) => part(stage)));
const peer = ({ people }: Stage) => people.source as Colleague;
const aMemberOfBoth = ({ people }: Stage) => people.destination as Colleague;

const refused: Case[] = [
  // A team manager changes teams, and nothing besides.
  ['a role with a team', 'manager', 'FORBIDDEN', [role.allowed, team.blue]],
  ['a role with no team', 'manager', 'FORBIDDEN', [role.allowed, team.none]],
  ['a move with a team', 'manager', 'FORBIDDEN', [transfer, team.green]],
  ['a move with a team of the source', 'manager', 'FORBIDDEN', [transfer, team.blue]],
  ['a role with a move', 'manager', 'FORBIDDEN', [role.allowed, transfer]],
  ['all three', 'manager', 'FORBIDDEN', [role.allowed, transfer, team.green]],
  // Who may give roles need not be allowed to assign.
  ['a role with a team', 'lead', 'FORBIDDEN', [role.allowed, team.blue]],
  ['a role with no team', 'lead', 'FORBIDDEN', [role.allowed, team.none]],
  // The ceiling.
  ['a role above the ceiling with a team', 'limited', 'ROLE_CEILING', [role.higher, team.blue]],
  ['a role with a move', 'limited', 'FORBIDDEN', [role.allowed, transfer]],
  ['a move with a team', 'limited', 'FORBIDDEN', [transfer, team.green]],
  ['all three', 'limited', 'FORBIDDEN', [role.allowed, transfer, team.green]],
  // One end is not enough.
  ['a role with a move', 'source', 'FORBIDDEN', [role.allowed, transfer]],
  ['a move with a team', 'source', 'FORBIDDEN', [transfer, team.green]],
  ['all three', 'source', 'FORBIDDEN', [role.allowed, transfer, team.green]],
  ['a role with a move', 'stranger', 'NOT_FOUND', [role.allowed, transfer]],
  ['a move with a team', 'stranger', 'NOT_FOUND', [transfer, team.green]],
  ['all three', 'stranger', 'NOT_FOUND', [role.allowed, transfer, team.green]],
  ['a role with a move', 'destination', 'FORBIDDEN', [role.allowed, transfer]],
  ['a move with a team', 'destination', 'FORBIDDEN', [transfer, team.green]],
  ['all three', 'destination', 'FORBIDDEN', [role.allowed, transfer, team.green]],
  // Another administrator's role, and where that administrator is.
  ['the role of another administrator with a team', 'both', 'FORBIDDEN', [role.allowed, team.blue], peer],
  ['a move of another administrator with a team', 'both', 'FORBIDDEN', [transfer, team.green], peer],
  ['a move of another administrator with a role', 'both', 'FORBIDDEN', [transfer, role.allowed], peer],
  // What is not there.
  ...(['both', 'superAdmin'] as const).flatMap((actor): Case[] => [
    ['a role that is not there with a team', actor, 'NOT_FOUND', [role.unknown, team.blue]],
    ['a role with a team of another organization', actor, 'NOT_FOUND', [role.allowed, team.green]],
    ['a role that is not there with a move', actor, 'NOT_FOUND', [role.unknown, transfer]],
    ['a move with a team of the source', actor, 'NOT_FOUND', [transfer, team.blue]],
    ['a role, a move and a team of the source', actor, 'NOT_FOUND', [role.allowed, transfer, team.red]],
    ['all three, of a member of both', actor, 'CONFLICT', [role.allowed, transfer, team.green], aMemberOfBoth],
  ]),
];

describe('a combined request with one part that is refused changes nothing at all', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await aStage();
  });

  async function changesNothing(actor: Person, target: Colleague, code: string, parts: Parts): Promise<void> {
    const { id } = stage.here.organization;
    const [before, count] = [await stateOf(stage), await refusals(id)];
    expect(codeOf(await change(stage, actor, target, parts))).toBe(code);
    expect(await stateOf(stage)).toEqual(before);
    const recorded = code === 'FORBIDDEN' || code === 'ROLE_CEILING' ? 1 : 0;
    expect((await refusals(id)) - count).toBe(recorded);
    expect(await refusals(stage.there.organization.id)).toBe(0);
  }

  it.each(refused.map(([what, actor, ...rest]) => [what, actors[actor], actor, ...rest] as const))(
    '%s, by %s',
    (_what, _who, actor, code, parts, target) =>
      changesNothing(stage.people[actor], target?.(stage) ?? stage.target, code, partsOf(stage, parts)),
  );

  it.each([
    ['that administrator', 'both'],
    ['a super admin', 'superAdmin'],
  ] as const)('any two parts, of the last administrator, by %s', async (_, actor) => {
    stage = await aStage();
    const { organization, roles } = stage.here;
    await gateway().services.db.prisma.member.updateMany({
      where: { organizationId: organization.id, roleId: roles.administrator!, id: { not: stage.both.memberId } },
      data: { status: 'SUSPENDED' },
    });
    if (actor === 'superAdmin') {
      // The administrator that is asked about need not be one of the target, too.
      const member = { organizationId: stage.there.organization.id, userId: stage.both.user.id };
      await gateway().services.db.prisma.member.deleteMany({ where: member });
    }
    for (const parts of [
      [role.allowed, team.blue],
      [role.allowed, transfer],
      [transfer, team.green],
      [role.allowed, transfer, team.green],
    ]) {
      await changesNothing(stage.people[actor], stage.both, 'LAST_ADMINISTRATOR', partsOf(stage, parts));
    }
  });
});

describe('a combined request of which every part is allowed does all of it', () => {
  /** Asks for it, and expects the whole answer, and just these records in each organization. */
  async function does(actor: Actor, parts: Part[], key: string, teams: string[], here: string[], there: string[]) {
    const stage = await aStage();
    const { target } = stage;
    const beforehand = Date.now();
    const answer = await change(stage, stage.people[actor], target, partsOf(stage, parts));
    expect(answer.errors).toBeUndefined();
    const { member } = answer.data.updateMember;
    const { id, email, fullName } = target.user;
    const ids: Record<string, string> = { Red: stage.red, Blue: stage.blue, Green: stage.green };
    expect(member).toEqual({
      id: there.length > 0 ? member.id : target.memberId,
      user: { id, username: `user-${id}`, email, fullName },
      role: { key },
      joinedAt: expect.any(String),
      teams: teams.map((name) => ({ id: ids[name], name })),
    });
    const { prisma } = gateway().services.db;
    const rows = await prisma.member.findMany({ where: { userId: id }, include: { role: true } });
    const end = there.length > 0 ? stage.there : stage.here;
    expect(rows.map(({ organizationId, id, role }) => [organizationId, id, role.key])).toEqual([
      [end.organization.id, member.id, key],
    ]);
    expect(new Date(member.joinedAt)).toEqual(rows[0]!.joinedAt);
    if (there.length > 0) {
      expect(rows[0]!.joinedAt.getTime()).toBeGreaterThanOrEqual(beforehand);
      expect(await prisma.teamMembership.count({ where: { memberId: target.memberId } })).toBe(0);
    }
    const actions = async ({ organization }: World) =>
      (await eventsOf(gateway(), organization.id)).map(({ action }) => action);
    expect(await actions(stage.here)).toEqual(here);
    expect(await actions(stage.there)).toEqual(there);
    const versions = { here: here.length > 0 ? 1 : 0, there: there.length > 0 ? 1 : 0 };
    const versionOf = async ({ organization: { id, version } }: World) =>
      (await prisma.organization.findUniqueOrThrow({ where: { id } })).version - version;
    expect({ here: await versionOf(stage.here), there: await versionOf(stage.there) }).toEqual(versions);
  }

  it('the team alone, by a team manager', () =>
    does('manager', [team.blue], 'developer', ['Blue'], ['MEMBER_TEAMS_CHANGED'], []));

  it('no team any more, by a team manager', () =>
    does('manager', [team.none], 'developer', [], ['MEMBER_TEAMS_CHANGED'], []));

  const [out, into] = [['MEMBER_TRANSFERRED_OUT'], ['MEMBER_TRANSFERRED_IN']];
  const inPlace = ['MEMBER_ROLE_CHANGED', 'MEMBER_TEAMS_CHANGED'];

  describe.each([
    ['an administrator', 'both'],
    ['a super admin', 'superAdmin'],
  ] as const)('by %s', (_, actor) => {
    it('role and team', () => does(actor, [role.allowed, team.blue], 'viewer', ['Blue'], inPlace, []));
    it('role and no team', () => does(actor, [role.allowed, team.none], 'viewer', [], inPlace, []));
    it('role and move', () => does(actor, [role.allowed, transfer], 'viewer', [], out, into));
    it('move and team', () => does(actor, [transfer, team.green], 'developer', ['Green'], out, into));
    it('move and no team', () => does(actor, [transfer, team.none], 'developer', [], out, into));
    it('all three', () => does(actor, [role.allowed, transfer, team.green], 'viewer', ['Green'], out, into));
  });
});
