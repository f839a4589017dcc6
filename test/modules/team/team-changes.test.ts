import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, type Colleague, type World, write } from '../../support/world.js';
import { answersAlike, type Caller, itIsRefusedToOthers } from '../adversaries.js';
import { eventsOf, tracesIn } from '../audit.js';
import { accept, anInvited } from '../invitation/inviting.js';
import { pathsIn } from '../lists.js';
import { acting, membersOf, UpdateTeam, UpdateTeamMember } from './managing.js';

const gateway = useGateway();

const DeleteTeam = 'mutation ($input: DeleteTeamInput!) { deleteTeam(input: $input) { team { id name memberCount } } }';
const one = 'query ($id: ID!, $team: ID!) { organization(id: $id) { team(id: $team) { name slug description } } }';

interface Described {
  name: string;
  slug: string;
  description: string | null;
}

const change = ({ organization, admin }: World, teamId: string, changes: object) =>
  admin.send<{ updateTeam: { team: Described } }, object>(UpdateTeam, {
    input: { organizationId: organization.id, teamId, ...changes },
  });

const erase = ({ organization }: World, caller: Caller, teamId: string) =>
  caller.send(DeleteTeam, { input: { organizationId: organization.id, teamId } });

async function teamOf({ organization, admin }: World, team: string): Promise<Described> {
  const { data } = await admin.send<{ organization: { team: Described } }, object>(one, { id: organization.id, team });
  return data.organization.team;
}

describe('changing a team', () => {
  itIsRefusedToOthers(gateway, 'teams.update', async ({ team }) => {
    const teamId = await team('Red');
    return (caller, organizationId) => caller.send(UpdateTeam, { input: { organizationId, teamId, name: 'Blue' } });
  });

  it('keeps what it leaves out, and clears a description that is set to null', async () => {
    const world = await aWorld(gateway());
    const teamId = await world.team('Red');
    await change(world, teamId, { slug: 'Red-1', description: 'The reds' });
    expect(await teamOf(world, teamId)).toEqual({ name: 'Red', slug: 'red-1', description: 'The reds' });
    const { data } = await change(world, teamId, { name: ' Crimson ' });
    expect(data.updateTeam.team).toMatchObject({ name: 'Crimson', slug: 'red-1', description: 'The reds' });
    await change(world, teamId, { description: null });
    expect(await teamOf(world, teamId)).toEqual({ name: 'Crimson', slug: 'red-1', description: null });
  });

  it('cannot clear name and slug', async () => {
    const world = await aWorld(gateway());
    const teamId = await world.team('Red');
    const answer = await change(world, teamId, { name: null, slug: null, description: null });
    expect(pathsIn(answer)).toEqual(['input.name', 'input.slug']);
    expect(await eventsOf(gateway(), world.organization.id)).toEqual([]);
  });

  it('is recorded once with what has changed, and the same once more changes nothing', async () => {
    const world = await aWorld(gateway());
    const teamId = await world.team('Red');
    await change(world, teamId, { name: 'Red', description: 'The reds' });
    const after = await tracesIn(gateway(), world.organization.id);
    expect(after.events).toEqual([
      {
        actorType: 'USER',
        actorUserId: world.admin.user.id,
        action: 'TEAM_UPDATED',
        targetType: 'TEAM',
        targetId: teamId,
        changes: { description: { before: null, after: 'The reds' } },
      },
    ]);
    expect(codeOf(await change(world, teamId, { name: 'Red', description: 'The reds' }))).toBeUndefined();
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(after);
  });

  it('is refused with the slug of another team of the organization, in whatever case', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const [red, blue] = [await world.team('Red'), await world.team('Blue')];
    await change(world, red, { slug: 'taken' });
    const before = { traces: await tracesIn(gateway(), world.organization.id), team: await teamOf(world, blue) };
    for (const slug of ['taken', 'TAKEN']) {
      const answer = await change(world, blue, { name: 'Other', slug });
      expect(codeOf(answer)).toBe('CONFLICT');
      expect(answer.errors![0]!.extensions.reason).toBe('SLUG_TAKEN');
    }
    const after = { traces: await tracesIn(gateway(), world.organization.id), team: await teamOf(world, blue) };
    expect(after).toEqual(before);
    expect(codeOf(await change(world, red, { slug: 'TAKEN' }))).toBeUndefined();
    expect(codeOf(await change(other, await other.team('Red'), { slug: 'taken' }))).toBeUndefined();
  });

  it('is refused for a team of another organization as if there were none', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const theirs = await other.team('Theirs');
    await answersAlike((teamId) => change(world, teamId, { name: 'Ours' }), theirs);
    expect((await teamOf(other, theirs)).name).toBe('Theirs');
  });
});

describe('deleting a team', () => {
  itIsRefusedToOthers(gateway, 'teams.delete', async ({ team }) => {
    const teamId = await team('Red');
    return (caller, organizationId) => caller.send(DeleteTeam, { input: { organizationId, teamId } });
  });

  it('leaves its members in the organization and in their other teams', async () => {
    const world = await aWorld(gateway());
    const member = await world.join('member');
    const [red, blue] = [await world.team('Red', member, world.admin), await world.team('Blue', member)];
    const { data, errors } = await erase(world, world.admin, red);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ deleteTeam: { team: { id: red, name: 'Red' } } });
    const answer = await world.admin.send(
      'query ($id: ID!, $member: ID!) { organization(id: $id) { memberCount member(id: $member) { status teams { id } } } }',
      { id: world.organization.id, member: member.memberId },
    );
    expect(answer.data).toEqual({
      organization: { memberCount: 2, member: { status: 'ACTIVE', teams: [{ id: blue }] } },
    });
    expect(await membersOf(gateway(), world, red)).toEqual({});
  });

  it('is recorded once, and cannot be repeated', async () => {
    const world = await aWorld(gateway());
    const red = await world.team('Red', world.admin);
    const { slug } = await teamOf(world, red);
    await erase(world, world.admin, red);
    const after = await tracesIn(gateway(), world.organization.id);
    expect(after.events).toEqual([
      {
        actorType: 'USER',
        actorUserId: world.admin.user.id,
        action: 'TEAM_DELETED',
        targetType: 'TEAM',
        targetId: red,
        changes: { name: { before: 'Red', after: null }, slug: { before: slug, after: null } },
      },
    ]);
    await answersAlike((teamId) => erase(world, world.admin, teamId), red);
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(after);
  });

  it('frees its slug, and takes the team out of invitations without revoking them', async () => {
    const world = await aWorld(gateway());
    const [red, blue] = [await world.team('Red'), await world.team('Blue')];
    const { slug } = await teamOf(world, red);
    const invited = await anInvited(gateway(), world, { teamIds: [red, blue] });
    await erase(world, world.admin, red);
    expect(codeOf(await change(world, blue, { slug }))).toBeUndefined();
    const { data } = await accept(invited, invited.secret);
    expect(data.acceptInvitation.member.teams).toEqual([{ id: blue }]);
  });

  it('is refused for a team of another organization as if there were none', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const theirs = await other.team('Theirs', other.admin);
    await answersAlike((teamId) => erase(world, world.admin, teamId), theirs);
    expect(await membersOf(gateway(), other, theirs)).toEqual({ [other.admin.memberId]: 'MEMBER' });
  });
});

describe('making a member of a team its manager', () => {
  itIsRefusedToOthers(gateway, 'teams.assign', async ({ team, join }) => {
    const member = await join('viewer');
    const teamId = await team('Red', member);
    const { memberId } = member;
    return (caller, organizationId) =>
      caller.send(UpdateTeamMember, { input: { organizationId, teamId, memberId, role: 'MANAGER' } });
  });

  it('and a plain member again is recorded, each once', async () => {
    const world = await aWorld(gateway());
    const manager = await world.join('team_manager');
    const [red, blue] = [await world.team('Red', manager), await world.team('Blue', manager)];
    const team = acting(world, world.admin, red);
    const { data } = await team.make(manager, 'MANAGER');
    const teamMembership = { role: 'MANAGER', team: { id: red }, member: { id: manager.memberId } };
    expect(data).toMatchObject({ updateTeamMember: { teamMembership } });
    const after = await tracesIn(gateway(), world.organization.id);
    expect(codeOf(await team.make(manager, 'MANAGER'))).toBeUndefined();
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(after);
    await team.make(manager, 'MEMBER');
    expect(await membersOf(gateway(), world, red)).toEqual({ [manager.memberId]: 'MEMBER' });
    expect(await membersOf(gateway(), world, blue)).toEqual({ [manager.memberId]: 'MEMBER' });
    const { memberId } = manager;
    const events = await eventsOf(gateway(), world.organization.id);
    const member = { before: memberId, after: memberId };
    expect(events.map(({ action, targetId, changes }) => ({ action, targetId, changes }))).toEqual(
      [
        { before: 'MEMBER', after: 'MANAGER' },
        { before: 'MANAGER', after: 'MEMBER' },
      ].map((role) => ({ action: 'TEAM_MEMBER_UPDATED', targetId: red, changes: { memberId: member, role } })),
    );
  });

  it('is refused for whoever is not in the team, as for a member or team of another organization', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const outside = await world.join('member');
    const [red, theirs] = [await world.team('Red', world.admin), await other.team('Theirs', other.admin)];
    const make = (teamId: string, member: Colleague) => acting(world, world.admin, teamId).make(member, 'MANAGER');
    expect(codeOf(await make(red, outside))).toBe('NOT_FOUND');
    await answersAlike((memberId) => make(red, { ...outside, memberId }), other.admin.memberId);
    await answersAlike((teamId) => make(teamId, outside), theirs);
    expect(await membersOf(gateway(), other, theirs)).toEqual({ [other.admin.memberId]: 'MEMBER' });
  });
});

describe('looking for teams', () => {
  const list = `query ($id: ID!, $filter: TeamFilter) {
    organization(id: $id) { teams(filter: $filter) { totalCount nodes { name } } }
  }`;

  async function found({ organization, admin }: World, search: string | null): Promise<string[]> {
    type Teams = { organization: { teams: { totalCount: number; nodes: { name: string }[] } } };
    const { data } = await admin.send<Teams, object>(list, { id: organization.id, filter: { search } });
    const { totalCount, nodes } = data.organization.teams;
    expect(totalCount).toBe(nodes.length);
    return nodes.map(({ name }) => name);
  }

  it('finds a part of the name or slug, in any case, and takes wildcards for themselves', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    for (const name of ['Platform', 'Design 100%', 'Sales_EU', 'Röte']) await world.team(name);
    await other.team('Platform of others');
    await change(world, await world.team('Nameless'), { slug: 'form-and-function' });
    expect(await found(world, 'FORM')).toEqual(['Nameless', 'Platform']);
    expect(await found(world, '%')).toEqual(['Design 100%']);
    expect(await found(world, '_')).toEqual(['Sales_EU']);
    expect(await found(world, 'RÖT')).toEqual(['Röte']);
    expect(await found(world, '\\')).toEqual([]);
    expect(await found(world, null)).toHaveLength(5);
  });
});

describe('looking for members of a team', () => {
  const list = `query ($id: ID!, $team: ID!, $filter: TeamMemberFilter) {
    organization(id: $id) { team(id: $team) { members(filter: $filter) { totalCount nodes { id } } } }
  }`;

  it('finds by name, e-mail address and part in the team, all conditions together', async () => {
    const world = await aWorld(gateway());
    const [ada, adam, eve] = [await world.join('member'), await world.join('team_manager'), await world.join('member')];
    await write(gateway(), (set) =>
      set.update('users', { id: ada.user.id, fullName: 'Ada Lovelace' }, { id: adam.user.id, fullName: 'Adam Riese' }),
    );
    const outside = await aPerson(gateway(), { fullName: 'Ada Outside' });
    const team = await world.team('Red', ada, adam, eve);
    await acting(world, world.admin, team).make(adam, 'MANAGER');
    const found = async (filter: object) => {
      type Members = { organization: { team: { members: { totalCount: number; nodes: { id: string }[] } } } };
      const { data } = await world.admin.send<Members, object>(list, { id: world.organization.id, team, filter });
      const { totalCount, nodes } = data.organization.team.members;
      expect(totalCount).toBe(nodes.length);
      return nodes.map(({ id }) => id).sort();
    };
    expect(await found({ search: 'ADA' })).toEqual([ada.memberId, adam.memberId].sort());
    expect(await found({ search: eve.user.email.toUpperCase() })).toEqual([eve.memberId]);
    expect(await found({ role: 'MANAGER' })).toEqual([adam.memberId]);
    expect(await found({ role: 'MEMBER', search: 'ada' })).toEqual([ada.memberId]);
    expect(await found({ search: outside.user.email })).toEqual([]);
    expect(await found({ search: null, role: null })).toHaveLength(3);
  });
});
