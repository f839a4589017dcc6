import { Prisma } from '../generated/prisma/client.js';
import {
  type Columns,
  columns,
  columnsOf,
  type KeyedStatement,
  keyed,
  lookingUp,
  prefixed,
  selecting,
} from '../platform/sql.js';
import { teamManager } from './permissions.js';
import {
  apiKeyFields,
  briefMember,
  briefOrganization,
  briefRole,
  briefUser,
  type UserStanding,
  userFields,
  type WholeRow,
} from './standing.js';

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

/** By the kind of whoever calls. */
export const credentials = {
  /** A session and an organization; without one it is the organization that the session has chosen. */
  session: {
    key: ['session_id', 'organization_id'],
    types: ['uuid', 'uuid'],
    select: 'c.id AS "sessionId"',
    join: lookingUp('sessions c', 'c.id = key.session_id AND c.revoked_at IS NULL AND c.expires_at > now()'),
    organization: 'coalesce(key.organization_id, c.current_organization_id)',
    reach: 'true',
    superAdmin: 'u.is_super_admin',
  },
  /** Who the caller is to another issuer of tokens, when the token was issued, and an organization. */
  external: {
    key: ['issuer', 'subject', 'issued_at', 'organization_id'],
    types: ['text', 'text', 'timestamptz', 'uuid'],
    select: 'NULL AS "sessionId"',
    join: lookingUp(
      'external_identities c',
      'c.issuer = key.issuer AND c.subject = key.subject AND (c.valid_after IS NULL OR key.issued_at > c.valid_after)',
    ),
    organization: 'key.organization_id',
    reach: 'true',
    superAdmin: 'false',
  },
  /** The hash of an API key, which is good for one organization and goes with it. */
  apiKey: {
    key: ['secret_hash'],
    types: ['bytea'],
    select: `NULL AS "sessionId", ${columns('c', apiKeyFields, 'apiKey.')}`,
    join: [
      lookingUp('api_keys c', 'c.secret_hash = key.secret_hash AND (c.expires_at IS NULL OR c.expires_at > now())'),
      lookingUp('organizations home', `home.id = c.organization_id AND home.status <> 'DELETED'`),
    ].join(' '),
    organization: 'c.organization_id',
    reach: 'o.id = c.organization_id',
    superAdmin: 'false',
  },
} satisfies Record<string, Credential>;

/** The users whose credentials stand, as `u`. */
export const callers = ({ join }: Credential) =>
  `${join} ${lookingUp('users u', `u.id = c.user_id AND u.status = 'ACTIVE'`)}`;

/** Joins the role of a membership `m`. */
export const joinRole = lookingUp('roles r', 'r.organization_id = m.organization_id AND r.id = m.role_id');

/** Joins the membership `m` of a user in an organization, and its role `r`, if there is one. */
const joinMember = (organization: string, user: string) => `
    ${lookingUp('members m', `m.organization_id = ${organization} AND m.user_id = ${user}`, 'LEFT JOIN')}
    LEFT ${joinRole}`;

/** What a membership `m` with its role `r` gives. Lists with these columns tell the caller's standing in each organization. */
export const membershipColumns: Columns = membershipWith(Prisma.RoleScalarFieldEnum);

function membershipWith(roleFields: Readonly<Record<string, string>>): Columns {
  return {
    ...prefixed('member.', columnsOf('m', briefMember)),
    ...prefixed('role.', columnsOf('r', roleFields)),
    managedTeamIds,
  };
}

type StandingStatement = KeyedStatement<Record<string, unknown>>;

/** The statements that say who callers are, by the kind of their credential. */
export interface StandingStatements {
  session: StandingStatement;
  external: StandingStatement;
  apiKey: StandingStatement;
}

const made = new Map<string, StandingStatements>();

/** Statements that bring some rows whole, which others bring as far as decisions look at them. */
export function standingsWith(...whole: readonly WholeRow[]): StandingStatements {
  const name = whole.toSorted().join();
  const known = made.get(name);
  if (known) return known;
  const statements = {
    session: standingBy(credentials.session, whole),
    external: standingBy(credentials.external, whole),
    apiKey: standingBy(credentials.apiKey, whole),
  };
  made.set(name, statements);
  return statements;
}

/**
 * Credential, user, membership, role and organization in one statement.
 *
 * Rows of an organization come only together with a membership of it (or for a super admin), so nothing of a tenant is read
 * for others.
 */
function standingBy(credential: Credential, whole: readonly WholeRow[]): StandingStatement {
  const { key, types, select, organization, superAdmin } = credential;
  const user = whole.includes('user') ? userFields : briefUser;
  const place = whole.includes('organization') ? Prisma.OrganizationScalarFieldEnum : briefOrganization;
  const role = whole.includes('role') ? Prisma.RoleScalarFieldEnum : briefRole;
  return keyed({
    key,
    types,
    joinable: true,
    select: [
      select,
      columns('u', user, 'user.'),
      columns('o', place, 'organization.'),
      selecting(membershipWith(role)),
    ].join(', '),
    from: `
    ${callers(credential)}
    ${joinMember(organization, 'c.user_id')}
    ${lookingUp(
      'organizations o',
      `o.id = ${organization} AND o.status <> 'DELETED' AND (m.id IS NOT NULL OR ${superAdmin})`,
      'LEFT JOIN',
    )}`,
  });
}

const organizationFields = Object.keys(Prisma.OrganizationScalarFieldEnum);
/** By what they are called in a row of standing, what they are called in a row of such a list. */
const listed = [
  ...organizationFields.map((field) => [`organization.${field}`, field] as const),
  ...Object.keys(membershipColumns).map((field) => [field, field] as const),
];

/** The row of a caller's standing in one of the organizations of a list with `membershipColumns`. */
export function standingRow(
  caller: Readonly<Record<string, unknown>>,
  row: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const standing = { ...caller };
  for (const [field, name] of listed) standing[field] = row[name];
  return standing;
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
    ${joinMember('o.id', 'u.id')}`,
});
