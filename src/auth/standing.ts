import { type Member, type Organization, Prisma, type Role, type User } from '../generated/prisma/client.js';
import {
  type Columns,
  columns,
  columnsOf,
  type KeyedStatement,
  keyed,
  part,
  prefixed,
  selecting,
  without,
} from '../platform/sql.js';
import { covers } from './key-scope.js';
import { type Catalogue, permissionsOf, type RoleAuthority, superAdminRank, teamManager } from './permissions.js';

/** A user without what nobody may read. */
export type UserRow = Omit<User, 'passwordHash' | 'duplicateOfId'>;
export type OrganizationRow = Organization;
export type RoleRow = Role;
export type MemberRow = Member;

export const userFields = without(Prisma.UserScalarFieldEnum, 'passwordHash', 'duplicateOfId');

/** In whose name something is done. */
export interface Actor {
  /** The user. */
  id: string;
  /** Whether the user acts as a super admin, which takes a session. */
  isSuperAdmin: boolean;
  /** The API key that acts for the user. */
  apiKeyId?: string | null;
}

/** Who the caller is, and what it is in one organization, as the database says at this moment. */
export interface Standing extends Authority {
  user: UserRow;
  /** The user as what is recorded of it. */
  actor: Actor;
  /** Whether the user acts as a super admin, which takes a session of ours: no key, and no token of another issuer. */
  isSuperAdmin: boolean;
  /** Null for callers with an API key or with a token of another issuer. */
  sessionId: string | null;
  apiKey: ApiKeyStanding | null;
  /** Null if there is no such organization, or if the caller has nothing to do with it: one cannot tell. */
  organization: OrganizationRow | null;
  /** Null for a super admin who is not a member. */
  member: MemberRow | null;
  role: RoleRow | null;
}

/** What is known of the API key that a caller has sent. */
export interface ApiKeyStanding {
  id: string;
  organizationId: string;
  scopes: string[];
  lastUsedAt: Date | null;
  /** Whether membership and organization are active: with a suspended one the key does nothing. */
  inUse: boolean;
}

/** A standing in an organization that is there for the caller. */
export type OrganizationStanding = Standing & { organization: OrganizationRow };

/** The teams that a member manages: the role for it and the part in the team have to come together. */
const managedTeamIds = `CASE WHEN r.key = '${teamManager}' THEN array(
    SELECT tm.team_id FROM team_memberships tm
    WHERE tm.organization_id = m.organization_id AND tm.member_id = m.id AND tm.role = 'MANAGER'
  ) ELSE '{}' END`;

/** What callers prove who they are with, as far as statements are concerned. */
export interface Credential {
  key: readonly string[];
  types: readonly string[];
  /** What is selected of the credential itself. */
  select: string;
  /** Joins what the key names, as `c` with a `user_id`, if it still stands. */
  join: string;
  /** The id of the organization that is meant. */
  organization: string;
  /** What must hold of an organization `o` to be within reach of the credential. */
  reach: string;
  /** Whether the user may act as a super admin. */
  superAdmin: string;
}

const apiKeyFields = { id: 'id', organizationId: 'organizationId', scopes: 'scopes', lastUsedAt: 'lastUsedAt' };

/** By the kind of whoever calls. */
export const credentials = {
  /** A session and an organization; without one it is the organization that the session has chosen. */
  session: {
    key: ['session_id', 'organization_id'],
    types: ['uuid', 'uuid'],
    select: 'c.id AS "sessionId"',
    join: 'JOIN sessions c ON c.id = key.session_id AND c.revoked_at IS NULL AND c.expires_at > now()',
    organization: 'coalesce(key.organization_id, c.current_organization_id)',
    reach: 'true',
    superAdmin: 'u.is_super_admin',
  },
  /** Who the caller is to another issuer of tokens, when the token was issued, and an organization. */
  external: {
    key: ['issuer', 'subject', 'issued_at', 'organization_id'],
    types: ['text', 'text', 'timestamptz', 'uuid'],
    select: 'NULL AS "sessionId"',
    join: `JOIN external_identities c ON c.issuer = key.issuer AND c.subject = key.subject
      AND (c.valid_after IS NULL OR key.issued_at > c.valid_after)`,
    organization: 'key.organization_id',
    reach: 'true',
    superAdmin: 'false',
  },
  /** The hash of an API key, which is good for one organization and goes with it. */
  apiKey: {
    key: ['secret_hash'],
    types: ['bytea'],
    select: `NULL AS "sessionId", ${columns('c', apiKeyFields, 'apiKey.')}`,
    join: `JOIN api_keys c ON c.secret_hash = key.secret_hash AND (c.expires_at IS NULL OR c.expires_at > now())
    JOIN organizations home ON home.id = c.organization_id AND home.status <> 'DELETED'`,
    organization: 'c.organization_id',
    reach: 'o.id = c.organization_id',
    superAdmin: 'false',
  },
} satisfies Record<string, Credential>;

/** The users whose credentials stand, as `u`. */
export const callers = ({ join }: Credential) => `${join} JOIN users u ON u.id = c.user_id AND u.status = 'ACTIVE'`;

const roleOfMember = 'roles r ON r.organization_id = m.organization_id AND r.id = m.role_id';

/** What a membership `m` with its role `r` gives. Lists with these columns tell the caller's standing in each organization. */
export const membershipColumns: Columns = {
  ...prefixed('member.', columnsOf('m', Prisma.MemberScalarFieldEnum)),
  ...prefixed('role.', columnsOf('r', Prisma.RoleScalarFieldEnum)),
  managedTeamIds,
};

/**
 * Credential, user, membership, role and organization in one statement.
 *
 * Rows of an organization come only together with a membership of it (or for a super admin), so nothing of a tenant is read
 * for others.
 */
function standingBy(credential: Credential): KeyedStatement<Record<string, unknown>> {
  const { key, types, select, organization, superAdmin } = credential;
  return keyed({
    key,
    types,
    joinable: true,
    select: [
      select,
      columns('u', userFields, 'user.'),
      columns('o', Prisma.OrganizationScalarFieldEnum, 'organization.'),
      selecting(membershipColumns),
    ].join(', '),
    from: `
    ${callers(credential)}
    LEFT JOIN members m ON m.organization_id = ${organization} AND m.user_id = c.user_id
    LEFT JOIN ${roleOfMember}
    LEFT JOIN organizations o ON o.id = ${organization}
      AND o.status <> 'DELETED' AND (m.id IS NOT NULL OR ${superAdmin})`,
  });
}

export const standingOfSession = standingBy(credentials.session);
export const standingOfIdentity = standingBy(credentials.external);
export const standingOfApiKey = standingBy(credentials.apiKey);

/** Joins the role of a membership. */
export const joinRole = `JOIN ${roleOfMember}`;

/** The row of a caller's standing in one of the organizations of such a list. */
export function standingRow(
  caller: Record<string, unknown>,
  row: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const organization = Object.values(Prisma.OrganizationScalarFieldEnum).map((field) => [
    `organization.${field}`,
    row[field],
  ]);
  const membership = Object.keys(membershipColumns).map((field) => [field, row[field]]);
  return { ...caller, ...Object.fromEntries([...organization, ...membership]) };
}

const userOf = part<UserRow>('user.', userFields);
const organizationOf = part<OrganizationRow>('organization.', Prisma.OrganizationScalarFieldEnum);
const memberOf = part<MemberRow>('member.', Prisma.MemberScalarFieldEnum);
const roleOf = part<RoleRow>('role.', Prisma.RoleScalarFieldEnum);
const apiKeyOf = part<Omit<ApiKeyStanding, 'inUse'>>('apiKey.', apiKeyFields);

/** What rows were found to mean: all fields of a request ask, and a row is never read again. */
const standings = new WeakMap<object, Standing>();

/** The standing that a row of one of the statements means. */
export function standingOf(row: Record<string, unknown>, catalogue: Catalogue): Standing {
  let standing = standings.get(row);
  if (!standing) {
    standing = understood(row, catalogue);
    standings.set(row, standing);
  }
  return standing;
}

function understood(row: Record<string, unknown>, catalogue: Catalogue): Standing {
  const user = userOf(row);
  const organization = row['organization.id'] ? organizationOf(row) : null;
  const member = organization && row['member.id'] ? memberOf(row) : null;
  const key = row['apiKey.id'] ? apiKeyOf(row) : null;
  const apiKey = key && { ...key, inUse: counts(organization, member) };
  const isSuperAdmin = user.isSuperAdmin && row.sessionId !== null;
  const role = member ? roleOf(row) : null;
  const managedTeamIds = row.managedTeamIds as string[];
  const actor = { id: user.id, isSuperAdmin, apiKeyId: apiKey?.id ?? null };
  const authority = authorityOf(catalogue, {
    user: { ...user, isSuperAdmin },
    organization,
    member,
    role,
    managedTeamIds,
  });
  return {
    user,
    actor,
    isSuperAdmin,
    sessionId: row.sessionId as string | null,
    apiKey,
    organization,
    member,
    role,
    ...(apiKey ? within(apiKey.scopes, authority) : authority),
  };
}

/** The same caller where it has no business: it finds nothing there. */
export function outside(standing: Standing): Standing {
  return { ...standing, ...none, organization: null, member: null, role: null };
}

/** What is left of somebody's authority in the hands of a key. */
function within(scopes: readonly string[], authority: Authority): Authority {
  return { ...authority, permissions: new Set([...authority.permissions].filter((code) => covers(scopes, code))) };
}

/** What somebody else is in an organization: enough to say what that person may do there. */
export interface UserStanding {
  user: Pick<UserRow, 'id' | 'status' | 'isSuperAdmin'>;
  organization: Pick<OrganizationRow, 'id' | 'status'>;
  member: Pick<MemberRow, 'id' | 'status'> | null;
  role: RoleAuthority | null;
  managedTeamIds: string[];
}

/** The standing of any user in any organization, for decisions about others. */
export const userStanding = keyed<UserStanding>({
  key: ['organization_id', 'user_id'],
  select: `jsonb_build_object('id', u.id, 'status', u.status, 'isSuperAdmin', u.is_super_admin) AS "user",
    jsonb_build_object('id', o.id, 'status', o.status) AS organization,
    CASE WHEN m.id IS NOT NULL THEN jsonb_build_object('id', m.id, 'status', m.status) END AS member,
    CASE WHEN r.id IS NOT NULL THEN jsonb_build_object(
      'key', r.key, 'rank', r.rank, 'permissions', r.permissions, 'isSystem', r.is_system) END AS role,
    ${managedTeamIds} AS "managedTeamIds"`,
  from: `JOIN users u ON u.id = key.user_id
    JOIN organizations o ON o.id = key.organization_id AND o.status <> 'DELETED'
    LEFT JOIN members m ON m.organization_id = o.id AND m.user_id = u.id
    LEFT JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id`,
});

/** How far somebody's word goes in an organization. */
export interface Authority {
  /** Empty while the user, the membership or the organization is suspended. */
  permissions: ReadonlySet<string>;
  rank: number;
  /** The teams that this person manages, which takes the role for it beside the part in the team. */
  managedTeamIds: readonly string[];
}

const none: Authority = { permissions: new Set(), rank: 0, managedTeamIds: [] };

/** What a user may do in an organization: all as a super admin, else what the role permits while the membership counts. */
export function authorityOf(
  catalogue: Catalogue,
  {
    user,
    organization,
    member,
    role,
    managedTeamIds,
  }: Omit<UserStanding, 'organization'> & {
    organization: Pick<OrganizationRow, 'status'> | null;
  },
): Authority {
  if (!organization || user.status !== 'ACTIVE') return none;
  if (user.isSuperAdmin) return { permissions: catalogue.all, rank: superAdminRank, managedTeamIds: [] };
  if (!counts(organization, member) || !role) return none;
  return { permissions: permissionsOf(role, catalogue), rank: role.rank, managedTeamIds };
}

/** Whether a membership counts: neither it nor the organization is suspended. */
export function counts(
  organization: Pick<OrganizationRow, 'status'> | null,
  member: Pick<MemberRow, 'status'> | null,
): boolean {
  return organization?.status === 'ACTIVE' && member?.status === 'ACTIVE';
}
