import { type MemberRow, type UserRow, userFields } from '../../auth/standing.js';
import { Prisma, type Team, type Workspace } from '../../generated/prisma/client.js';
import { columns, type KeyedStatement, keyed } from '../../platform/sql.js';

/** Reads rows by their id alone, where no organization is named. */
export interface ById<Row> {
  /** In the organizations that a user, the caller, belongs to. The same id may be in several of them. */
  amongOwn: KeyedStatement<Row>;
  /** For super admins. There is no index for it, so it takes as long as the table is large. */
  anywhere: KeyedStatement<Row>;
}

function inTable<Row>(table: string, fields: Readonly<Record<string, string>>): ById<Row> {
  const select = columns('found', fields);
  return {
    amongOwn: keyed({
      key: ['caller_id', 'id'],
      select,
      from: `JOIN members own ON own.user_id = key.caller_id
        JOIN ${table} found ON found.organization_id = own.organization_id AND found.id = key.id
        ORDER BY key.ord, own.joined_at, own.id`,
    }),
    anywhere: keyed({ key: ['id'], select, from: `JOIN ${table} found ON found.id = key.id` }),
  };
}

export const membersById = inTable<MemberRow>('members', Prisma.MemberScalarFieldEnum);
export const teamsById = inTable<Team>('teams', Prisma.TeamScalarFieldEnum);
export const workspacesById = inTable<Workspace>('workspaces', Prisma.WorkspaceScalarFieldEnum);

/** A user, once for each organization that the caller belongs to as well. */
export const fellowById = keyed<UserRow & { organizationId: string }>({
  key: ['caller_id', 'id'],
  select: `${columns('u', userFields)}, own.organization_id AS "organizationId"`,
  from: `JOIN members own ON own.user_id = key.caller_id
    JOIN members theirs ON theirs.organization_id = own.organization_id AND theirs.user_id = key.id
    JOIN users u ON u.id = key.id`,
});
