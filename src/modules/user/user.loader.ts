import type { Scope } from '../../auth/scope.js';
import { type UserRow, userFields } from '../../auth/standing.js';
import { Prisma, type User } from '../../generated/prisma/client.js';
import { columns, keyed } from '../../platform/sql.js';

export const userById = keyed<UserRow>({
  key: ['id'],
  select: columns('u', userFields),
  from: 'JOIN users u ON u.id = key.id',
});

export const userByEmail = keyed<UserRow>({
  key: ['email'],
  types: ['text'],
  select: columns('u', userFields),
  from: 'JOIN users u ON lower(u.email) = lower(key.email)',
});

/** The only statement that reads password hashes. */
export const credentialsByEmail = keyed<User>({
  key: ['email'],
  types: ['text'],
  select: columns('u', Prisma.UserScalarFieldEnum),
  from: `JOIN users u ON lower(u.email) = lower(key.email) AND u.status = 'ACTIVE'`,
});

export function loadUser(scope: Scope, id: string): Promise<UserRow | null> {
  return scope.reads.row(userById, [id]);
}
