import { randomUUID } from 'node:crypto';
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isLeafType,
  isListType,
  isObjectType,
} from 'graphql';
import type { UserRow } from '../../src/auth/standing.js';
import type { Gateway } from '../../src/gateway.js';
import { membershipOf, newMember } from '../../src/modules/member/member.service.js';
import { newId } from '../../src/platform/id.js';
import { hashPassword } from '../../src/platform/password.js';
import { hashSecret, newSecret } from '../../src/platform/secret.js';
import { createSchema } from '../../src/schema.js';
import { aPerson, aWorld, type Colleague, type Person, type World, write } from '../support/world.js';

/** The schema that the gateway serves; what these tests check is generated from it. */
export const schema = createSchema();

export const goodPassword = 'correct horse battery staple';
let goodHash: Promise<string> | undefined;

/** An organization with one of everything that an operation may name. */
export interface Scene extends World {
  gateway: Gateway;
  organizationId: string;
  slug: string;
  /** Holds the role `member` and is in no team. */
  member: Colleague;
  /** Holds the role `member` and is in the team. */
  teammate: Colleague;
  teamId: string;
  workspaceId: string;
  /** Waits for an answer of `invited`, who has the secret `token`. */
  invitationId: string;
  invited: Person;
  token: string;
  /** The key and the id of a role that only this organization has. */
  customRole: string;
  customRoleId: string;
  /** Holds the role `team_manager` and manages the team. */
  manager: Colleague;
  superAdmin: Person;
  /** Has an account with `goodPassword`, and belongs nowhere. */
  outsider: Person;
}

export async function aScene(gateway: Gateway): Promise<Scene> {
  goodHash ??= hashPassword(goodPassword);
  const world = await aWorld(gateway);
  const organizationId = world.organization.id;
  const [member, teammate, manager, invited, superAdmin, outsider] = await Promise.all([
    world.join('member'),
    world.join('member'),
    world.join('team_manager'),
    aPerson(gateway),
    aPerson(gateway, { isSuperAdmin: true }),
    aPerson(gateway, { passwordHash: await goodHash } as Partial<UserRow>),
  ]);
  const teamId = await world.team('Red', teammate);
  const invitationId = newId();
  const token = newSecret();
  const customRoleId = newId();
  const customRole = `custom_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  await write(gateway, (writes) => {
    writes.insert('invitations', {
      organizationId,
      id: invitationId,
      email: invited.user.email,
      roleId: world.roles.member!,
      tokenHash: hashSecret(token),
      invitedById: world.admin.user.id,
      expiresAt: new Date(Date.now() + 86_400_000),
    });
    const role = { key: customRole, name: 'Custom', rank: 5, permissions: ['organization.read'] };
    writes.insert('roles', { organizationId, id: customRoleId, ...role });
    const managed = { ...membershipOf({ organizationId, id: manager.memberId }, teamId), role: 'MANAGER' as const };
    writes.insert('team_memberships', managed);
  });
  const [workspace] = await gateway.services.db.run<{ id: string }>(
    'SELECT id FROM workspaces WHERE organization_id = $1',
    [organizationId],
  );
  return {
    ...world,
    gateway,
    organizationId,
    slug: world.organization.slug,
    member,
    teammate,
    teamId,
    workspaceId: workspace!.id,
    invitationId,
    invited,
    token,
    customRole,
    customRoleId,
    manager,
    superAdmin,
    outsider,
  };
}

export type Values = Record<string, unknown>;

/** One operation of the API, with what it takes to call it properly. */
export interface Operation {
  /** Who may call it. Left out, nobody has to be signed in. */
  as?: (scene: Scene) => Person;
  /** Around a field that is not one of the query: everything down to it. */
  within?: (scene: Scene, field: string) => string;
  /** Arguments that are accepted. Several sets where some exclude each other. */
  valid(scene: Scene): Values[] | Promise<Values[]>;
  /** Fields that may be left out, but not be null, in dot notation. */
  kept?: readonly string[];
}

const admin = (scene: Scene) => scene.admin;
const superAdmin = (scene: Scene) => scene.superAdmin;

/** Whether an operation is for super admins alone, to whom no organization is foreign. */
export const isAboveAll = (coordinate: string) => operations[coordinate]?.as === superAdmin;

/** Another organization that has the same administrator, with a team. */
async function aSecondOrganization({ gateway, admin }: Scene): Promise<{ id: string; teamId: string }> {
  const world = await aWorld(gateway);
  await write(gateway, (writes) => {
    const { id } = world.organization;
    writes.insert('members', newMember(id, admin.user.id, world.roles.administrator!, world.admin.user.id));
  });
  return { id: world.organization.id, teamId: await world.team('Blue') };
}

async function aDeletedOrganization({ gateway }: Scene): Promise<string> {
  const { organization } = await aWorld(gateway);
  await write(gateway, (writes) =>
    writes.update('organizations', { id: organization.id, status: 'DELETED', deletedAt: new Date() }),
  );
  return organization.id;
}
const ofOrganization = ({ organizationId }: Scene, field: string) =>
  `organization(id: ${JSON.stringify(organizationId)}) { ${field} }`;
const unique = () => randomUUID();

/** A list, forwards and backwards, with cursors that it has given out itself. */
function list(coordinate: string, orderField: string, extra: (scene: Scene) => Values = () => ({})) {
  return async (scene: Scene): Promise<Values[]> => {
    const orderBy = { field: orderField, direction: 'DESC' };
    const answer = await call(scene, coordinate, { first: 1, orderBy }, '{ pageInfo { endCursor } }');
    const cursor = /"endCursor":"([^"]+)"/.exec(answer.text)?.[1];
    if (!cursor) throw new Error(`${coordinate} gives no cursor: ${answer.text}`);
    return [
      { first: 10, after: cursor, orderBy, ...extra(scene) },
      { last: 10, before: cursor, orderBy },
    ];
  };
}

/** By schema coordinate, a valid call of every field that takes arguments. */
export const operations: Record<string, Operation> = {
  'Query.organization': { as: admin, valid: ({ organizationId }) => [{ id: organizationId }] },
  'Query.organizationBySlug': { as: admin, valid: ({ slug }) => [{ slug }] },
  'Query.organizations': {
    as: admin,
    valid: list('Query.organizations', 'NAME', () => ({ withPermission: 'teams.create' })),
  },
  'Query.allOrganizations': {
    as: superAdmin,
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
  'Query.invitationByToken': { valid: ({ token }) => [{ token }] },
  'Organization.members': {
    as: admin,
    within: ofOrganization,
    valid: list('Organization.members', 'NAME', ({ teamId }) => ({
      filter: { search: 'person', role: 'member', teamId, status: 'ACTIVE' },
    })),
  },
  'Organization.member': { as: admin, within: ofOrganization, valid: ({ member }) => [{ id: member.memberId }] },
  'Organization.teams': {
    as: admin,
    within: ofOrganization,
    valid: list('Organization.teams', 'CREATED_AT', () => ({ filter: { search: 'red' } })),
  },
  'Organization.auditEvents': {
    as: admin,
    within: ofOrganization,
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
  'Organization.team': { as: admin, within: ofOrganization, valid: ({ teamId }) => [{ id: teamId }] },
  'Organization.invitations': {
    as: admin,
    within: ofOrganization,
    valid: list('Organization.invitations', 'EMAIL', () => ({ filter: { status: 'PENDING' } })),
  },
  'Organization.workspaces': { as: admin, within: ofOrganization, valid: list('Organization.workspaces', 'NAME') },
  'Organization.workspace': { as: admin, within: ofOrganization, valid: ({ workspaceId }) => [{ id: workspaceId }] },
  'Team.members': {
    as: admin,
    within: (scene, field) => ofOrganization(scene, `team(id: ${JSON.stringify(scene.teamId)}) { ${field} }`),
    valid: list('Team.members', 'JOINED_AT', () => ({ filter: { search: 'person', role: 'MEMBER' } })),
  },
  'User.memberships': {
    as: admin,
    within: (_, field) => `me { ${field} }`,
    valid: list('User.memberships', 'JOINED_AT'),
  },

  'Mutation.register': {
    valid: () => [
      {
        input: {
          email: `${unique()}@example.com`,
          password: goodPassword,
          fullName: 'Ada Lovelace',
          username: `ada-${unique().slice(0, 8)}`,
        },
      },
    ],
  },
  'Mutation.login': { valid: ({ outsider }) => [{ input: { email: outsider.user.email, password: goodPassword } }] },
  'Mutation.refreshSession': { valid: ({ admin }) => [{ input: { refreshToken: admin.refreshToken } }] },
  'Mutation.logout': { as: admin, valid: () => [{ input: { everywhere: false } }] },
  'Mutation.updateMe': {
    as: admin,
    kept: ['input.fullName', 'input.timezone'],
    valid: () => [
      {
        input: {
          username: `ada-${unique().slice(0, 8)}`,
          fullName: 'Ada King',
          avatarUrl: 'https://example.com/ada.png',
          timezone: 'Europe/London',
        },
      },
    ],
  },
  'Mutation.createOrganization': {
    as: admin,
    valid: () => [
      {
        input: {
          name: 'Analytical Engines',
          slug: `engines-${unique()}`,
          description: 'Builds engines.\nSince 1837.',
          logoUrl: 'https://example.com/logo.png',
          timezone: 'Europe/London',
        },
      },
    ],
  },
  'Mutation.updateOrganization': {
    as: admin,
    kept: ['input.name', 'input.slug', 'input.timezone'],
    valid: ({ organizationId }) => [
      {
        input: {
          organizationId,
          name: 'Analytical Engines',
          slug: `engines-${unique()}`,
          description: 'Builds engines.',
          logoUrl: 'https://example.com/logo.png',
          timezone: 'Europe/London',
        },
      },
    ],
  },
  'Mutation.deleteOrganization': {
    as: admin,
    valid: ({ organizationId, slug }) => [{ input: { organizationId, confirmSlug: slug } }],
  },
  'Mutation.restoreOrganization': {
    as: superAdmin,
    valid: async (scene) => [{ input: { organizationId: await aDeletedOrganization(scene) } }],
  },
  'Mutation.setUserStatus': {
    as: superAdmin,
    valid: ({ outsider }) => [{ input: { userId: outsider.user.id, status: 'SUSPENDED' } }],
  },
  'Mutation.setSuperAdmin': {
    as: superAdmin,
    valid: ({ outsider }) => [{ input: { userId: outsider.user.id, isSuperAdmin: true } }],
  },
  'Mutation.createRole': {
    as: admin,
    valid: ({ organizationId }) => [
      {
        input: {
          organizationId,
          key: `editor_${unique().slice(0, 8)}`,
          name: 'Editor',
          description: 'Edits.',
          rank: 25,
          permissions: ['organization.read', 'teams.read'],
        },
      },
    ],
  },
  'Mutation.updateRole': {
    as: admin,
    kept: ['input.name', 'input.rank', 'input.permissions'],
    valid: ({ organizationId, customRoleId }) => [
      {
        input: {
          organizationId,
          roleId: customRoleId,
          name: 'Editor',
          description: 'Edits.',
          rank: 25,
          permissions: ['teams.read'],
        },
      },
    ],
  },
  'Mutation.deleteRole': {
    as: admin,
    valid: ({ organizationId, customRoleId }) => [
      { input: { organizationId, roleId: customRoleId, reassignTo: 'member' } },
    ],
  },
  'Mutation.addMember': {
    as: admin,
    valid: ({ organizationId, outsider, teamId }) => [
      { input: { organizationId, userId: outsider.user.id, role: 'member', teamIds: [teamId] } },
      { input: { organizationId, email: outsider.user.email, role: 'member' } },
    ],
  },
  'Mutation.updateMemberRole': {
    as: admin,
    valid: ({ organizationId, member }) => [{ input: { organizationId, memberId: member.memberId, role: 'viewer' } }],
  },
  'Mutation.updateMember': {
    as: admin,
    kept: ['input.role', 'input.targetOrganizationId'],
    valid: async (scene) => {
      const { id: targetOrganizationId, teamId } = await aSecondOrganization(scene);
      const { organizationId, member } = scene;
      return [{ input: { organizationId, memberId: member.memberId, role: 'viewer', targetOrganizationId, teamId } }];
    },
  },
  'Mutation.suspendMember': {
    as: admin,
    valid: ({ organizationId, member }) => [{ input: { organizationId, memberId: member.memberId } }],
  },
  'Mutation.reinstateMember': {
    as: admin,
    valid: ({ organizationId, member }) => [{ input: { organizationId, memberId: member.memberId } }],
  },
  'Mutation.removeMember': {
    as: admin,
    valid: ({ organizationId, member }) => [{ input: { organizationId, memberId: member.memberId } }],
  },
  'Mutation.createTeam': {
    as: admin,
    valid: ({ organizationId }) => [
      { input: { organizationId, name: 'Blue', slug: `blue-${unique()}`, description: 'The blue team.' } },
    ],
  },
  'Mutation.updateTeam': {
    as: admin,
    kept: ['input.name', 'input.slug'],
    valid: ({ organizationId, teamId }) => [
      { input: { organizationId, teamId, name: 'Blue', slug: `blue-${unique()}`, description: 'The blue team.' } },
    ],
  },
  'Mutation.deleteTeam': {
    as: admin,
    valid: ({ organizationId, teamId }) => [{ input: { organizationId, teamId } }],
  },
  'Mutation.updateTeamMember': {
    as: admin,
    valid: ({ organizationId, teamId, teammate }) => [
      { input: { organizationId, teamId, memberId: teammate.memberId, role: 'MANAGER' } },
    ],
  },
  'Mutation.addTeamMember': {
    as: admin,
    valid: ({ organizationId, teamId, member }) => [
      { input: { organizationId, teamId, memberId: member.memberId, role: 'MANAGER' } },
    ],
  },
  'Mutation.removeTeamMember': {
    as: admin,
    valid: ({ organizationId, teamId, teammate }) => [
      { input: { organizationId, teamId, memberId: teammate.memberId } },
    ],
  },
  'Mutation.inviteMember': {
    as: admin,
    valid: ({ organizationId, teamId }) => [
      { input: { organizationId, email: `${unique()}@example.com`, role: 'member', teamIds: [teamId] } },
    ],
  },
  'Mutation.revokeInvitation': {
    as: admin,
    valid: ({ organizationId, invitationId }) => [{ input: { organizationId, invitationId } }],
  },
  'Mutation.acceptInvitation': { as: ({ invited }) => invited, valid: ({ token }) => [{ input: { token } }] },
};

/** By coordinate, every field of the schema that takes arguments. */
export function fieldsWithArguments(): Map<string, GraphQLField<unknown, unknown>> {
  const fields = new Map<string, GraphQLField<unknown, unknown>>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.args.length > 0) fields.set(`${type.name}.${field.name}`, field);
    }
  }
  return fields;
}

/** One place where a caller puts a value. */
export interface Position {
  /** From the variables down, such as `input.teamIds.0`. */
  path: string;
  /** Where the schema declares it, such as `InviteMemberInput.teamIds` or `Query.organization(id)`. */
  coordinate: string;
  name: string;
  type: GraphQLInputType;
  /** Whether it may be left out. */
  optional: boolean;
}

/** All places of a field's arguments, down into inputs and lists. */
export function positionsOf(coordinate: string): Position[] {
  const field = fieldsWithArguments().get(coordinate);
  if (!field) throw new Error(`${coordinate} is not in the schema or takes nothing.`);
  return field.args.flatMap((argument) => below(argument, argument.name, `${coordinate}(${argument.name})`));
}

function below(given: GraphQLArgument | GraphQLInputField, path: string, coordinate: string): Position[] {
  const { name, type, defaultValue } = given;
  const nullable = getNullableType(type);
  const own = { path, coordinate, name, type, optional: nullable === type || defaultValue !== undefined };
  const named = getNamedType(type);
  const down = isListType(nullable) ? `${path}.0` : path;
  const item = isListType(nullable)
    ? [{ path: down, coordinate, name, type: nullable.ofType as GraphQLInputType, optional: true }]
    : [];
  const nested = isInputObjectType(named)
    ? Object.values(named.getFields()).flatMap((inner) =>
        below(inner, `${down}.${inner.name}`, `${named.name}.${inner.name}`),
      )
    : [];
  return [own, ...item, ...nested];
}

/** What is at a path, or undefined. */
export function valueAt(values: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Values | null | undefined)?.[key], values);
}

/** A copy of the values with another one at the path; undefined takes it out. */
export function withValue(values: Values, path: string, value: unknown): Values {
  const copy = structuredClone(values);
  const keys = path.split('.');
  const last = keys.pop()!;
  const parent = keys.reduce<Values>((inner, key) => inner[key] as Values, copy);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

interface Call {
  query: string;
  variables: Values;
}

/** The document that calls a field with these arguments as variables, each under the argument's own name. */
export function documentOf(scene: Scene, coordinate: string, selection?: string): string {
  const field = fieldsWithArguments().get(coordinate)!;
  const declared = field.args.map((argument) => `$${argument.name}: ${argument.type}`).join(', ');
  const passed = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
  return wrapped(scene, coordinate, declared, passed, selection);
}

/** The same with the arguments written into the document. */
export function literalOf(scene: Scene, coordinate: string, values: Values, selection?: string): string {
  const passed = Object.entries(values).map(([name, value]) => `${name}: ${literal(value)}`);
  return wrapped(scene, coordinate, '', passed.join(', '), selection);
}

function wrapped(scene: Scene, coordinate: string, declared: string, passed: string, selection?: string): string {
  const [type, name] = coordinate.split('.');
  const field = fieldsWithArguments().get(coordinate)!;
  const inner = isLeafType(getNamedType(field.type)) ? '' : (selection ?? '{ __typename }');
  const body = `${name}${passed && `(${passed})`} ${inner}`;
  const operation = type === 'Mutation' ? 'mutation' : 'query';
  const within = operations[coordinate]?.within;
  return `${operation}${declared && `(${declared})`} { ${within ? within(scene, body) : body} }`;
}

/** A value in GraphQL's notation. Texts in capitals are taken for enum values. */
export function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([key, inner]) => `${key}: ${literal(inner)}`)
      .join(', ')} }`;
  }
  return typeof value === 'string' && /^[A-Z][A-Z_]+$/.test(value) ? value : JSON.stringify(value);
}

export interface Raw {
  status: number;
  headers: Headers;
  text: string;
}

/** Sends any body, and gives back the answer as it is. */
export async function post(url: string, body: string, headers: Record<string, string> = {}): Promise<Raw> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** Calls an operation as whoever may. */
export function call(scene: Scene, coordinate: string, variables: Values, selection?: string): Promise<Raw> {
  const query = documentOf(scene, coordinate, selection);
  return post(scene.gateway.url, JSON.stringify({ query, variables } satisfies Call), callerOf(scene, coordinate));
}

/** The headers of whoever may call an operation. */
export function callerOf(scene: Scene, coordinate: string): Record<string, string> {
  const person = operations[coordinate]?.as?.(scene);
  return person ? bearer(person) : {};
}

export function bearer({ accessToken }: Pick<Person, 'accessToken'>): Record<string, string> {
  return { authorization: `Bearer ${accessToken}` };
}
