import { documentOf } from './documents.js';
import { admin, type Operations, superAdmin } from './operation.js';
import type { Values } from './positions.js';
import { bearer, post, postAny } from './requests.js';
import type { Scene } from './scene.js';

/** A list, forwards and backwards, with cursors that it has given out itself. Without a field it knows but one order. */
export function list(coordinate: string, orderField: string | null, extra: (scene: Scene) => Values = () => ({})) {
  return async (scene: Scene): Promise<Values[]> => {
    const ordered = orderField && { orderBy: { field: orderField, direction: 'DESC' } };
    const query = documentOf(scene, coordinate, '{ pageInfo { endCursor } }');
    const reader = coordinate === 'Query.allOrganizations' ? scene.superAdmin : scene.admin;
    const body = JSON.stringify({ query, variables: { first: 1, ...ordered } });
    const answer = await post(scene.gateway.url, body, bearer(reader));
    const cursor = /"endCursor":"([^"]+)"/.exec(answer.text)?.[1];
    if (!cursor) throw new Error(`${coordinate} gives no cursor: ${answer.text}`);
    return [
      { first: 10, after: cursor, ...ordered, ...extra(scene) },
      { last: 10, before: cursor, ...ordered },
    ];
  };
}

/** Every field with arguments that is read. */
export const queries: Operations = {
  'Query.organization': { as: admin, valid: ({ organizationId }) => [{ id: organizationId }] },
  'Query.organizationBySlug': { as: admin, valid: ({ slug }) => [{ slug }] },
  'Query.organizations': {
    as: admin,
    valid: list('Query.organizations', 'NAME', () => ({ withPermission: 'teams.create' })),
  },
  'Query.allOrganizations': {
    as: superAdmin,
    aboveAll: true,
    valid: list('Query.allOrganizations', 'CREATED_AT', () => ({
      filter: { search: 'acme', status: 'ACTIVE', isPersonal: false },
    })),
  },
  'Query.myPermissions': { as: admin, valid: ({ organizationId }) => [{ organizationId }] },
  'Query.checkPermission': {
    as: admin,
    valid: ({ organizationId, member, teamId }) => [
      { organizationId, userId: member.user.id, permission: 'teams.update', teamId },
    ],
  },
  'Query.invitationByToken': { personal: true, valid: ({ token }) => [{ token }] },
  'Organization.members': {
    as: admin,
    valid: list('Organization.members', 'NAME', ({ teamId }) => ({
      filter: { search: 'person', role: 'member', teamId, status: 'ACTIVE' },
    })),
  },
  'Organization.member': { as: admin, valid: ({ member }) => [{ id: member.memberId }] },
  'Organization.teams': {
    as: admin,
    valid: list('Organization.teams', 'CREATED_AT', () => ({ filter: { search: 'red' } })),
  },
  'Subscription.organizationEvents': {
    as: admin,
    selection: '{ cursor }',
    async valid({ gateway, organizationId, admin: { accessToken } }) {
      const query = `subscription { organizationEvents(organizationId: "${organizationId}") { cursor } }`;
      const { text } = await postAny(gateway.url, { query }, bearer({ accessToken }));
      return [{ organizationId, types: ['TEAM_CREATED'], after: /"cursor":"([^"]+)"/.exec(text)![1] }];
    },
  },
  'Organization.auditEvents': {
    as: admin,
    valid: list('Organization.auditEvents', 'AT', ({ organizationId, admin }) => ({
      filter: {
        actions: ['ORGANIZATION_CREATED'],
        actorUserId: admin.user.id,
        targetId: organizationId,
        since: '2026-01-01T00:00:00Z',
        until: '2126-01-01T00:00:00Z',
      },
    })),
  },
  'Organization.team': { as: admin, valid: ({ teamId }) => [{ id: teamId }] },
  'Organization.invitations': {
    as: admin,
    valid: list('Organization.invitations', 'EMAIL', () => ({ filter: { status: 'PENDING' } })),
  },
  'Organization.workspaces': { as: admin, valid: list('Organization.workspaces', 'NAME') },
  'Organization.workspace': { as: admin, valid: ({ workspaceId }) => [{ id: workspaceId }] },
  'Organization.apiKeys': { as: admin, valid: list('Organization.apiKeys', 'NAME') },
  'Team.members': {
    as: admin,
    valid: list('Team.members', 'JOINED_AT', () => ({ filter: { search: 'person', role: 'MEMBER' } })),
  },
  'User.memberships': {
    as: admin,
    valid: list('User.memberships', 'JOINED_AT'),
  },
};
