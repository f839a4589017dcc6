import { type Member, type Organization, Prisma, type Role, type User } from '../generated/prisma/client.js';
import { fields, part, without } from '../platform/sql.js';
import { covers } from './key-scope.js';
import { type Catalogue, permissionsOf, type RoleAuthority, superAdminRank } from './permissions.js';

/** A user without what nobody may read. */
export type UserRow = Omit<User, 'passwordHash' | 'duplicateOfId'>;
export type OrganizationRow = Organization;
export type RoleRow = Role;
export type MemberRow = Member;

export const userFields = without(Prisma.UserScalarFieldEnum, 'passwordHash', 'duplicateOfId');

// What decisions look at. It is read for every request, so it is no more than that.
export const briefUser = fields('id', 'email', 'fullName', 'status', 'isSuperAdmin', 'emailVerifiedAt');
export const briefOrganization = fields('id', 'name', 'activityTimezone', 'plan', 'status', 'version');
export const briefMember = fields('id', 'organizationId', 'status');
export const briefRole = fields('id', 'key', 'rank', 'permissions', 'isSystem');

export const apiKeyFields = fields('id', 'organizationId', 'scopes', 'lastUsedAt');

/** Whether a row has come with more than decisions look at. */
export function isWhole<Row>(row: object): row is Row & object {
  return 'createdAt' in row;
}

export type BriefUser = Pick<UserRow, keyof typeof briefUser>;
export type BriefOrganization = Pick<OrganizationRow, keyof typeof briefOrganization>;
export type BriefMember = Pick<MemberRow, keyof typeof briefMember>;
export type BriefRole = Pick<RoleRow, keyof typeof briefRole>;

/** What may be read whole together with a standing, for whoever answers with it. */
export type WholeRow = 'user' | 'organization' | 'role';

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
  user: BriefUser;
  /** The user as what is recorded of it. */
  actor: Actor;
  /** Whether the user acts as a super admin, which takes a session of ours: no key, and no token of another issuer. */
  isSuperAdmin: boolean;
  /** Null for callers with an API key or with a token of another issuer. */
  sessionId: string | null;
  apiKey: ApiKeyStanding | null;
  /** Null if there is no such organization, or if the caller has nothing to do with it: one cannot tell. */
  organization: BriefOrganization | null;
  /** Null for a super admin who is not a member. */
  member: BriefMember | null;
  role: BriefRole | null;
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
export type OrganizationStanding = Standing & { organization: BriefOrganization };

const userOf = sometimesWhole<BriefUser>('user.', briefUser, userFields);
const organizationOf = sometimesWhole<BriefOrganization>(
  'organization.',
  briefOrganization,
  Prisma.OrganizationScalarFieldEnum,
);
const memberOf = part<BriefMember>('member.', briefMember);
const roleOf = sometimesWhole<BriefRole>('role.', briefRole, Prisma.RoleScalarFieldEnum);
const apiKeyOf = part<Omit<ApiKeyStanding, 'inUse'>>('apiKey.', apiKeyFields);

/** Takes out of a row of standing all that it has of another row. */
function sometimesWhole<Row>(
  prefix: string,
  brief: Readonly<Record<string, string>>,
  whole: Readonly<Record<string, string>>,
): (row: Record<string, unknown>) => Row {
  const [briefOf, wholeOf] = [part<Row>(prefix, brief), part<Row>(prefix, whole)];
  const onlyWhole = `${prefix}createdAt`;
  return (row) => (onlyWhole in row ? wholeOf : briefOf)(row);
}

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
    user: { id: user.id, status: user.status, isSuperAdmin },
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
