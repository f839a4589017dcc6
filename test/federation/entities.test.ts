import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/id.js';
import { type Caller, nobody } from '../modules/adversaries.js';
import { aKey, factsOf, joinAs } from '../modules/api-key/keys.js';
import { customRole, setMemberStatus } from '../modules/states.js';
import { codeOf } from '../support/client.js';
import { useGateway } from '../support/gateway.js';
import { aPerson, write } from '../support/world.js';
import {
  aReferableWorld,
  type Entity,
  entities,
  lookUp,
  type Referable,
  readBy,
  referencesTo,
  seenBy,
} from './entities.js';

const gateway = useGateway({ federation: true });

const everything: Entity[] = [...entities];
const withoutPeople: Entity[] = ['Organization', 'Team', 'Workspace'];

let world: Referable;

beforeAll(async () => {
  world = await aReferableWorld(gateway());
});

const read = { scopes: ['organizations:read'] };

/** Whoever asks, and what of the world may be seen. */
const callers: Record<string, [seen: Entity[], caller: () => Promise<Caller>]> = {
  'an administrator': [everything, async () => world.admin],
  'a billing manager': [everything, () => world.join('billing_manager')],
  'a team manager': [everything, () => world.join('team_manager')],
  'a developer': [everything, () => world.join('developer')],
  'a member': [everything, () => world.join('member')],
  'a viewer, who may not see people': [withoutPeople, () => world.join('viewer')],
  'a super admin': [everything, () => aPerson(gateway(), { isSuperAdmin: true })],
  'somebody who belongs nowhere': [[], () => aPerson(gateway())],
  'an administrator of another organization': [[], async () => (await aReferableWorld(gateway())).admin],
  'a suspended administrator': [
    [],
    async () => {
      const suspended = await world.join('administrator');
      await setMemberStatus(gateway(), world, suspended, 'SUSPENDED');
      return suspended;
    },
  ],
  'a member whose role is for people only': [
    [],
    async () => {
      await customRole(gateway(), world, { key: 'people', rank: 10, permissions: ['users.read', 'teams.read'] });
      return world.join('people');
    },
  ],
  'a member whose role is for the organization only': [
    ['Organization'],
    async () => {
      await customRole(gateway(), world, { key: 'name', rank: 10, permissions: ['organization.read'] });
      return world.join('name');
    },
  ],
  'a key to read of an administrator': [everything, () => aKey(gateway(), world, world.admin, read)],
  'a key to read of a viewer': [withoutPeople, async () => aKey(gateway(), world, await world.join('viewer'), read)],
  'a key of an administrator for another organization': [
    [],
    async () => {
      const other = await aReferableWorld(gateway());
      const memberId = await joinAs(gateway(), other, world.admin, 'administrator');
      return aKey(gateway(), other, { user: world.admin.user, memberId });
    },
  ],
  'a key of a super admin for another organization': [
    [],
    async () => {
      const other = await aReferableWorld(gateway());
      const user = await aPerson(gateway(), { isSuperAdmin: true });
      return aKey(gateway(), other, { ...user, memberId: await joinAs(gateway(), other, user, 'administrator') });
    },
  ],
};

describe('a reference to an entity', () => {
  it.each(Object.entries(callers))('gives %s what the organization itself would show', async (_, [seen, caller]) => {
    const somebody = await caller();
    expect(await seenBy(somebody, world)).toEqual(seen);
    expect(await readBy(somebody, world)).toEqual(seen);
  });

  it('gives everybody the own user, also with a key of an organization that shows no people', async () => {
    const viewer = await world.join('viewer');
    const key = await aKey(gateway(), world, viewer, read);
    for (const caller of [viewer, key]) {
      const { data, errors } = await lookUp(caller, [{ __typename: 'User', id: viewer.user.id }]);
      expect([data._entities, errors]).toEqual([[{ __typename: 'User', id: viewer.user.id }], undefined]);
    }
  });

  it('shows a user in whichever shared organization the caller may see people', async () => {
    const other = await aReferableWorld(gateway());
    const viewer = await world.join('viewer');
    await joinAs(gateway(), other, viewer, 'viewer');
    await joinAs(gateway(), other, world.colleague, 'member');
    expect(await seenBy(viewer, world)).toEqual(withoutPeople);
    const third = await aReferableWorld(gateway());
    await joinAs(gateway(), third, viewer, 'member');
    await joinAs(gateway(), third, world.colleague, 'viewer');
    expect(await seenBy(viewer, world)).toEqual(['User', ...withoutPeople]);
  });

  it('is NOT_FOUND in the same words whether there is such a thing or not', async () => {
    const stranger = await aPerson(gateway());
    const unknown = { ids: Object.fromEntries(entities.map((name) => [name, newId()])) as Referable['ids'] };
    const answers = await Promise.all([world, unknown].map((ids) => lookUp(stranger, referencesTo(ids))));
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]!.errors?.map(({ path }) => path)).toEqual(entities.map((_name, index) => ['_entities', index]));
    expect(answers[0]!.data._entities).toEqual(entities.map(() => null));
  });

  it('is NOT_FOUND under the name of another type', async () => {
    const { User, Organization, Member, Team, Workspace } = world.ids;
    const shifted = { User: Organization, Organization: Member, Member: Team, Team: Workspace, Workspace: User };
    expect(await seenBy(world.admin, { ids: shifted })).toEqual([]);
    const admin = await aPerson(gateway(), { isSuperAdmin: true });
    expect(await seenBy(admin, { ids: shifted })).toEqual([]);
  });

  it('leads to nothing of a deleted organization, not for super admins either', async () => {
    const gone = await aReferableWorld(gateway());
    const { id } = gone.organization;
    await write(gateway(), (set) => set.update('organizations', { id, status: 'DELETED', deletedAt: new Date() }));
    expect(await seenBy(gone.admin, gone)).toEqual([]);
    const admin = await aPerson(gateway(), { isSuperAdmin: true });
    // Users outlive organizations.
    expect(await seenBy(admin, gone)).toEqual(['User']);
  });

  it('leads to nothing of a suspended organization, but for super admins', async () => {
    const closed = await aReferableWorld(gateway());
    const { id } = closed.organization;
    await write(gateway(), (set) => set.update('organizations', { id, status: 'SUSPENDED' }));
    expect(await seenBy(closed.admin, closed)).toEqual([]);
    expect(await seenBy(await aPerson(gateway(), { isSuperAdmin: true }), closed)).toEqual(everything);
  });

  it('leads nowhere from the moment on at which somebody is removed', async () => {
    const member = await world.join('member');
    expect(await seenBy(member, world)).toEqual(everything);
    const { organization, admin } = world;
    await admin.send('mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { removedMemberId } }', {
      input: { organizationId: organization.id, memberId: member.memberId },
    });
    expect(await seenBy(member, world)).toEqual([]);
  });

  it('does not depend on the current organization', async () => {
    const other = await aReferableWorld(gateway());
    const headers = { 'x-organization-id': other.organization.id };
    const elsewhere: Caller = { send: (document, variables) => world.admin.send(document, variables, headers) };
    expect(await seenBy(elsewhere, world)).toEqual(everything);
  });

  it('is read with nothing but its id, in any case, and in its place', async () => {
    const { User, Team } = world.ids;
    const references = [
      { __typename: 'Team', id: Team.toUpperCase() },
      { __typename: 'Team', id: newId() },
      { __typename: 'User', id: User },
      { __typename: 'Team', id: Team },
    ];
    const { data } = await lookUp(world.admin, references);
    const team = { __typename: 'Team', id: Team };
    expect(data._entities).toEqual([team, null, { __typename: 'User', id: User }, team]);
  });

  it('has the fields behind it, each with its own rule', async () => {
    const viewer = await world.join('viewer');
    const document = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on Team { name organization { name } memberCount members { nodes { id } } }
    } }`;
    const variables = { representations: [{ __typename: 'Team', id: world.ids.Team }] };
    const whole = await world.admin.send(document, variables);
    expect(whole.errors).toBeUndefined();
    expect(whole.data).toEqual({
      _entities: [
        { name: 'Red', organization: { name: 'Acme' }, memberCount: 1, members: { nodes: [{ id: world.ids.Member }] } },
      ],
    });
    const refused = await viewer.send(document, variables);
    expect(refused.data).toEqual({ _entities: [null] });
    expect(factsOf(refused)).toEqual({ code: 'FORBIDDEN', requiredPermission: 'users.read' });
  });
});

describe('references to entities are refused as a whole', () => {
  it('to whoever is not signed in', async () => {
    const answer = await lookUp(nobody(gateway()), referencesTo(world));
    expect([answer.data, codeOf(answer)]).toEqual([null, 'UNAUTHENTICATED']);
  });

  it('to whoever has logged out', async () => {
    const member = await world.join('member');
    await member.send('mutation { logout(input: {}) { ok } }');
    expect(codeOf(await lookUp(member, referencesTo(world)))).toBe('UNAUTHENTICATED');
  });

  it('to a key whose scopes do not cover queries', async () => {
    const key = await aKey(gateway(), world, world.admin, { scopes: [] });
    expect(factsOf(await lookUp(key, referencesTo(world)))).toEqual({
      code: 'FORBIDDEN',
      requiredScope: 'organizations:read',
    });
  });

  it('to a key whose membership is suspended', async () => {
    const member = await world.join('member');
    const key = await aKey(gateway(), world, member);
    await setMemberStatus(gateway(), world, member, 'SUSPENDED');
    expect(factsOf(await lookUp(key, referencesTo(world)))).toEqual({
      code: 'FORBIDDEN',
      reason: 'MEMBERSHIP_SUSPENDED',
    });
  });
});
