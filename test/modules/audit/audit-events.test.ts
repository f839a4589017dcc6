import { describe, expect, it } from 'vitest';
import { auditEvent } from '../../../src/auth/audit.js';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, scopeOf, type World, write } from '../../support/world.js';
import { answersAlike, nobody } from '../adversaries.js';
import { itIsRead, type PageAnswer, page, pathsIn } from '../lists.js';
import { customRole } from '../states.js';
import { fields, readEvents, trailOf } from './reading.js';

const gateway = useGateway();

const UpdateRole = 'mutation ($input: UpdateMemberRoleInput!) { updateMemberRole(input: $input) { member { id } } }';
const CreateTeam = 'mutation ($input: CreateTeamInput!) { createTeam(input: $input) { team { id } } }';
const Update =
  'mutation ($input: UpdateOrganizationInput!) { updateOrganization(input: $input) { organization { id } } }';

/** Makes the founder do something in the organization. */
async function act({ organization, admin }: World, document: string, input: object) {
  const answer = await admin.send(document, { input: { organizationId: organization.id, ...input } });
  expect(codeOf(answer)).toBeUndefined();
}

describe('the audit trail', () => {
  itIsRead(['AT'], async (size) => {
    const world = await aWorld(gateway());
    const { id: organizationId } = world.organization;
    const at = Date.now();
    const events = Array.from({ length: size }, (_, index) => ({
      ...auditEvent(scopeOf(gateway()), world.admin.user, {
        organizationId,
        action: 'TEAM_UPDATED',
        target: { type: 'TEAM', id: organizationId },
      }),
      at: new Date(at - (index % 3) * 1000),
    }));
    await write(gateway(), (set) => set.insert('audit_events', ...events));
    const document = `query ($id: ID!, ${page.variables('AuditEventOrder')}) {
      organization(id: $id) { auditEvents(filter: { actions: [TEAM_UPDATED] }, ${page.arguments}) { ${page.fields} } }
    }`;
    return {
      ids: events.map(({ id }) => id),
      read: (request) => world.admin.send(document, { id: organizationId, ...request }),
      pageIn: (data) => (data as { organization: { auditEvents: PageAnswer } }).organization.auditEvents,
    };
  });

  it('begins with the founding, and shows the latest first', async () => {
    const world = await aWorld(gateway());
    await act(world, CreateTeam, { name: 'Red' });
    await act(world, Update, { name: 'Beta' });
    const actions = (await trailOf(world)).map(({ action }) => action);
    expect(actions).toEqual(['ORGANIZATION_UPDATED', 'TEAM_CREATED', 'ORGANIZATION_CREATED']);
    const orderBy = { field: 'AT', direction: 'ASC' };
    const { data } = await readEvents(world, world.admin, { orderBy });
    expect(data.organization.auditEvents.nodes.map(({ action }) => action)).toEqual(actions.reverse());
  });

  it('says who did what to what, from where, with the values before and after', async () => {
    const world = await aWorld(gateway());
    const { memberId } = await world.join('viewer');
    const started = Date.now();
    const input = { organizationId: world.organization.id, memberId, role: 'developer' };
    await world.admin.send(UpdateRole, { input }, { 'x-forwarded-for': '192.0.2.7' });
    const [event] = await trailOf(world);
    expect(event).toMatchObject({
      action: 'MEMBER_ROLE_CHANGED',
      actor: { type: 'USER', userId: world.admin.user.id, apiKeyId: null },
      target: { type: 'MEMBER', id: memberId },
      changes: { role: { before: 'viewer', after: 'developer' } },
      ip: '192.0.2.7',
    });
    expect(Date.parse(event!.at)).toBeGreaterThanOrEqual(started - 1000);
    expect(Date.parse(event!.at)).toBeLessThanOrEqual(Date.now() + 1000);
  });

  it('carries the id of the request, which its answer carries as well', async () => {
    const world = await aWorld(gateway());
    const response = await fetch(`${gateway().url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${world.admin.accessToken}` },
      body: JSON.stringify({
        query: CreateTeam,
        variables: { input: { organizationId: world.organization.id, name: 'Red' } },
      }),
    });
    expect(await response.json()).not.toHaveProperty('errors');
    const [event] = await trailOf(world);
    expect(event!.requestId).toBe(response.headers.get('x-request-id'));
    expect(event!.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('carries the same request id through all changes of one request', async () => {
    const world = await aWorld(gateway());
    const { id: organizationId } = world.organization;
    await world.admin.send(
      `mutation ($red: CreateTeamInput!, $blue: CreateTeamInput!) {
        red: createTeam(input: $red) { team { id } } blue: createTeam(input: $blue) { team { id } }
      }`,
      { red: { organizationId, name: 'Red' }, blue: { organizationId, name: 'Blue' } },
    );
    const [blue, red, founding] = await trailOf(world);
    expect(blue!.requestId).toBe(red!.requestId);
    expect(blue!.requestId).not.toBe(founding!.requestId);
  });
});

describe('the trail is narrowed', () => {
  async function aTrail() {
    const world = await aWorld(gateway());
    const [second, member] = [await world.join('administrator'), await world.join('viewer')];
    await act(world, CreateTeam, { name: 'Red' });
    await act({ ...world, admin: second }, CreateTeam, { name: 'Blue' });
    await act(world, UpdateRole, { memberId: member.memberId, role: 'member' });
    await act({ ...world, admin: second }, UpdateRole, { memberId: member.memberId, role: 'viewer' });
    const actions = async (filter: object) => {
      const { data } = await readEvents(world, world.admin, { filter });
      const { totalCount, nodes } = data.organization.auditEvents;
      expect(totalCount).toBe(nodes.length);
      return nodes.map(({ action }) => action);
    };
    return { world, second, member, actions };
  }

  it('to actions, any of them', async () => {
    const { actions } = await aTrail();
    expect(await actions({ actions: ['TEAM_CREATED'] })).toEqual(['TEAM_CREATED', 'TEAM_CREATED']);
    const either = ['ORGANIZATION_CREATED', 'MEMBER_ROLE_CHANGED'];
    const found = ['MEMBER_ROLE_CHANGED', 'MEMBER_ROLE_CHANGED', 'ORGANIZATION_CREATED'];
    expect(await actions({ actions: either })).toEqual(found);
    expect(await actions({ actions: ['TEAM_DELETED'] })).toEqual([]);
    expect(await actions({ actions: null })).toHaveLength(5);
  });

  it('to an actor, or to a target, or to both and an action', async () => {
    const { world, second, member, actions } = await aTrail();
    const actorUserId = second.user.id;
    expect(await actions({ actorUserId })).toEqual(['MEMBER_ROLE_CHANGED', 'TEAM_CREATED']);
    expect(await actions({ targetId: member.memberId })).toEqual(['MEMBER_ROLE_CHANGED', 'MEMBER_ROLE_CHANGED']);
    expect(await actions({ targetId: world.organization.id })).toEqual(['ORGANIZATION_CREATED']);
    expect(await actions({ actorUserId, targetId: member.memberId })).toEqual(['MEMBER_ROLE_CHANGED']);
    expect(await actions({ actorUserId, targetId: member.memberId, actions: ['TEAM_CREATED'] })).toEqual([]);
    expect(await actions({ actorUserId: member.user.id })).toEqual([]);
  });

  it('to a time, from one moment on and before another', async () => {
    const { world, actions } = await aTrail();
    const { id: organizationId } = world.organization;
    const moments = ['2001-01-01T00:00:00.000Z', '2001-01-02T00:00:00.000Z', '2001-01-03T00:00:00.000Z'];
    const named = ['ROLE_CREATED', 'ROLE_UPDATED', 'ROLE_DELETED'] as const;
    await write(gateway(), (set) => {
      const target = { type: 'ROLE', id: organizationId } as const;
      const events = named.map((action, index) => ({
        ...auditEvent(scopeOf(gateway()), world.admin.user, { organizationId, action, target }),
        at: new Date(moments[index]!),
      }));
      set.insert('audit_events', ...events);
    });
    const [first, second, third] = moments;
    expect(await actions({ until: second })).toEqual(['ROLE_CREATED']);
    expect(await actions({ since: second, until: third })).toEqual(['ROLE_UPDATED']);
    expect(await actions({ since: first, until: '2001-01-03T01:00:00+00:30' })).toEqual([...named].reverse());
    expect(await actions({ since: second })).toHaveLength(7);
    expect(await actions({ since: third, until: first })).toEqual([]);
  });

  it('and says what is wrong with a filter', async () => {
    const { world } = await aTrail();
    const ask = (filter: object) => readEvents(world, world.admin, { filter });
    expect(pathsIn(await ask({ actorUserId: 'x' }))).toEqual(['filter.actorUserId']);
    expect(pathsIn(await ask({ targetId: 'x' }))).toEqual(['filter.targetId']);
    expect(pathsIn(await ask({ since: 'yesterday' }))).toEqual(['filter.since']);
    expect(pathsIn(await ask({ actions: ['NOTHING'] }))).toEqual(['filter.actions.0']);
  });
});

describe('who may read the trail', () => {
  it('is whoever holds audit.read, and super admins', async () => {
    const world = await aWorld(gateway());
    await customRole(gateway(), world, { key: 'auditor', rank: 5, permissions: ['organization.read', 'audit.read'] });
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    const callers = [world.admin, await world.join('administrator'), await world.join('auditor'), superAdmin];
    for (const caller of callers) {
      const { data, errors } = await readEvents(world, caller);
      expect(errors).toBeUndefined();
      expect(data.organization.auditEvents.nodes).toHaveLength(1);
    }
  });

  it('is nobody else', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    for (const role of ['billing_manager', 'team_manager', 'developer', 'member', 'viewer']) {
      const answer = await readEvents(world, await world.join(role));
      expect(codeOf(answer)).toBe('FORBIDDEN');
      expect(answer.errors![0]!.extensions.requiredPermission).toBe('audit.read');
    }
    expect(codeOf(await readEvents(world, nobody(gateway())))).toBe('UNAUTHENTICATED');
    const ask = (id: string) => readEvents({ organization: { ...world.organization, id } }, other.admin);
    await answersAlike(ask, world.organization.id);
  });

  it('finds nothing of other organizations in it', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    await act(other, CreateTeam, { name: 'Theirs' });
    for (const filter of [{}, { actorUserId: other.admin.user.id }, { targetId: other.organization.id }]) {
      const events = await trailOf(world, filter);
      expect(events.filter(({ actor }) => actor.userId !== world.admin.user.id)).toEqual([]);
    }
    const document = `query ($one: ID!) { organization(id: $one) { auditEvents { nodes { ${fields} } } } }`;
    const { data } = await world.admin.send(document, { one: world.organization.id });
    expect(JSON.stringify(data)).not.toContain(other.organization.id);
  });
});
