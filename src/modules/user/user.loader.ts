import type { Scope } from '../../auth/scope.js';
import { type UserRow, userFields } from '../../auth/standing.js';
import { userById } from '../../auth/whole-rows.js';
import { Prisma, type User } from '../../generated/prisma/client.js';
import type { Include } from '../../platform/list.js';
import { columns, columnsOf, keyed } from '../../platform/sql.js';

/** The users of a page's rows. */
export const userOf = (id: string): Include => ({
  columns: { id: 'u.id', ...columnsOf('u', userFields) },
  from: 'users u WHERE u.id',
  ids: id,
});

/** The account of an address; there is at most one. */
export const userByEmail = keyed<UserRow>({
  key: ['email'],
  types: ['text'],
  select: columns('u', userFields),
  from: `JOIN users u ON lower(u.email) = lower(key.email) AND u.status <> 'DELETED' AND u.duplicate_of_id IS NULL`,
});

/** A user with what only accounts are concerned with. */
export type UserAccount = UserRow & Pick<User, 'duplicateOfId'>;

export const accountById = keyed<UserAccount>({
  key: ['id'],
  select: columns('u', { ...userFields, duplicateOfId: 'duplicateOfId' }),
  from: 'JOIN users u ON u.id = key.id',
});

const credentials = columns('u', Prisma.UserScalarFieldEnum);

/** Whoever may sign in with an address: its account, and the duplicates of it. */
export const credentialsByEmail = keyed<User>({
  key: ['email'],
  types: ['text'],
  select: 'account.*',
  from: `CROSS JOIN LATERAL (
      SELECT ${credentials} FROM users u WHERE lower(u.email) = lower(key.email) AND u.status = 'ACTIVE'
      ORDER BY u.duplicate_of_id IS NOT NULL, u.created_at DESC LIMIT 100
    ) account`,
});

export const credentialsById = keyed<User>({
  key: ['id'],
  select: credentials,
  from: `JOIN users u ON u.id = key.id AND u.status = 'ACTIVE'`,
});

/** An organization that a user belongs to, and what would be left of it without this user. */
export interface Belonging {
  organizationId: string;
  version: number;
  memberId: string;
  /** Whether the user is its only active administrator. */
  isLastAdministrator: boolean;
  /** Whether there is any other member. */
  hasOthers: boolean;
}

export const belongingsOfUser = keyed<Belonging>({
  key: ['user_id'],
  select: `o.id AS "organizationId", o.version, m.id AS "memberId",
    r.key = 'administrator' AND m.status = 'ACTIVE' AND NOT EXISTS (
      SELECT 1 FROM members other JOIN users u ON u.id = other.user_id AND u.status = 'ACTIVE'
      WHERE other.organization_id = m.organization_id AND other.role_id = m.role_id
        AND other.status = 'ACTIVE' AND other.id <> m.id
    ) AS "isLastAdministrator",
    EXISTS (
      SELECT 1 FROM members other WHERE other.organization_id = m.organization_id AND other.id <> m.id
    ) AS "hasOthers"`,
  from: `JOIN members m ON m.user_id = key.user_id
    JOIN organizations o ON o.id = m.organization_id AND o.status <> 'DELETED'
    JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
    ORDER BY key.ord, o.id`,
});

/** Two of the super admins who may act. It takes a second one to let the first go. */
export const activeSuperAdmins = keyed<{ id: string }>({
  key: ['nobody'],
  select: 'admin.id',
  from: `CROSS JOIN LATERAL (SELECT u.id FROM users u WHERE u.is_super_admin AND u.status = 'ACTIVE' LIMIT 2) admin`,
});

/** An account as others may see it. */
export function withoutHash({ passwordHash: _, duplicateOfId: __, ...user }: User): UserRow {
  return user;
}

export function loadUser(scope: Scope, id: string): Promise<UserRow | null> {
  return scope.reads.row(userById, [id]);
}
