import type { Run } from '../../src/platform/sql.js';
import type { Place, World } from './world.js';

export interface MemberState {
  id: string;
  userId: string;
  roleId: string;
  status: 'ACTIVE' | 'SUSPENDED';
}

export interface RoleState {
  id: string;
  key: string;
  rank: number;
  permissions: string[];
  isSystem: boolean;
  isDeleted: boolean;
}

export interface InvitationState {
  id: string;
  email: string;
  roleId: string;
  status: string;
  invitedById: string;
}

export interface EventState {
  action: string;
  actorType: string;
  actorUserId: string;
  requestId: string;
  targetId: string;
}

/** All of an organization that the operations can change. */
export interface OrganizationState {
  id: string;
  status: string;
  version: number;
  members: MemberState[];
  roles: RoleState[];
  teams: { id: string; name: string; slug: string }[];
  memberships: { id: string; teamId: string; memberId: string; role: 'MEMBER' | 'MANAGER' }[];
  invitations: InvitationState[];
  invitationTeams: { id: string; invitationId: string; teamId: string }[];
  events: EventState[];
  /** What it was read from. */
  texts: { content: string; events: string };
}

interface UserState {
  id: string;
  status: string;
  isSuperAdmin: boolean;
}

export interface Snapshot {
  organizations: Record<Place, OrganizationState>;
  users: ReadonlyMap<string, UserState>;
  texts: { users: string };
}

const rowsOf = (table: string, fields: Record<string, string>): string => {
  const pairs = Object.entries(fields).map(([field, column]) => `'${field}', t.${column}`);
  return `(SELECT coalesce(json_agg(json_build_object(${pairs.join(', ')}) ORDER BY t.id), '[]')
    FROM ${table} t WHERE t.organization_id = o.id)`;
};

const role = { id: 'id', key: 'key', rank: 'rank', permissions: 'permissions', isSystem: 'is_system' };
const invitation = { id: 'id', email: 'email', roleId: 'role_id', status: 'status', invitedById: 'invited_by_id' };
const actor = { actorType: 'actor_type', actorUserId: 'actor_user_id' };
const tables = [
  ['members', rowsOf('members', { id: 'id', userId: 'user_id', roleId: 'role_id', status: 'status' })],
  ['roles', rowsOf('roles', { ...role, isDeleted: 'deleted_at IS NOT NULL' })],
  ['teams', rowsOf('teams', { id: 'id', name: 'name', slug: 'slug' })],
  ['memberships', rowsOf('team_memberships', { id: 'id', teamId: 'team_id', memberId: 'member_id', role: 'role' })],
  ['invitations', rowsOf('invitations', invitation)],
  ['invitationTeams', rowsOf('invitation_teams', { id: 'id', invitationId: 'invitation_id', teamId: 'team_id' })],
];

// As texts, so that what has stayed the same need not be parsed again.
const statement = `SELECT o.id, o.version,
  json_build_object('id', o.id, 'status', o.status,
    ${tables.map(([name, rows]) => `'${name}', ${rows}`).join(', ')})::text AS content,
  ${rowsOf('audit_events', { action: 'action', ...actor, requestId: 'request_id', targetId: 'target_id' })}::text AS events,
  (SELECT json_agg(json_build_object('id', u.id, 'status', u.status, 'isSuperAdmin', u.is_super_admin) ORDER BY u.id)
    FROM users u WHERE u.id = ANY($2::uuid[]))::text AS users
  FROM organizations o WHERE o.id = ANY($1::uuid[])`;

interface Row {
  id: string;
  version: number;
  content: string;
  events: string;
  users: string;
}

/** Both organizations and all people of a world, as of one moment. */
export async function takeSnapshot(run: Run, world: World, previous?: Snapshot): Promise<Snapshot> {
  const { A, B } = world.organizations;
  const rows = await run<Row>(statement, [[A, B], Object.values(world.people).map(({ userId }) => userId)]);
  const users = rows[0]!.users;
  const of = (place: Place): OrganizationState => {
    const { version, content, events } = rows.find(({ id }) => id === world.organizations[place])!;
    const was = previous?.organizations[place];
    return {
      ...(was?.texts.content === content ? was : JSON.parse(content)),
      ...{ version, events: was?.texts.events === events ? was.events : JSON.parse(events) },
      texts: { content, events },
    };
  };
  return {
    organizations: { A: of('A'), B: of('B') },
    users: previous?.texts.users === users ? previous.users : usersIn(users),
    texts: { users },
  };
}

function usersIn(text: string): Snapshot['users'] {
  return new Map((JSON.parse(text) as UserState[]).map((user) => [user.id, user]));
}

/** Whether anything of an organization has changed, apart from its version and trail; the standing of its people counts. */
export function differ(before: Snapshot, after: Snapshot, place: Place): boolean {
  const [old, now] = [before.organizations[place], after.organizations[place]];
  if (old.texts.content !== now.texts.content) return true;
  if (before.users === after.users) return false;
  return now.members.some(({ userId }) => before.users.get(userId)?.status !== after.users.get(userId)?.status);
}

// Ids name a row in the whole database, so a row that points across a border is found by id alone.
const strays: Record<string, string> = {
  'role of a member': 'members m JOIN roles r ON r.id = m.role_id WHERE r.organization_id <> m.organization_id',
  'team of a membership': `team_memberships m JOIN teams t ON t.id = m.team_id
    WHERE t.organization_id <> m.organization_id`,
  'member of a membership': `team_memberships m JOIN members o ON o.id = m.member_id
    WHERE o.organization_id <> m.organization_id`,
  'role of an invitation':
    'invitations i JOIN roles r ON r.id = i.role_id WHERE r.organization_id <> i.organization_id',
  'invitation with a team': `invitation_teams x JOIN invitations i ON i.id = x.invitation_id
    WHERE i.organization_id <> x.organization_id`,
  'team of an invitation': `invitation_teams x JOIN teams t ON t.id = x.team_id
    WHERE t.organization_id <> x.organization_id`,
  'event about a member': `audit_events e JOIN members m ON m.id = e.target_id
    WHERE m.organization_id <> e.organization_id AND e.action NOT LIKE 'MEMBER_TRANSFERRED%'`,
  'event about a role': `audit_events e JOIN roles r ON r.id = e.target_id
    WHERE r.organization_id <> e.organization_id`,
  'event about a team': `audit_events e JOIN teams t ON t.id = e.target_id
    WHERE t.organization_id <> e.organization_id`,
  'row without its other half': `members m LEFT JOIN roles r ON r.id = m.role_id WHERE r.id IS NULL`,
};

/** What in the whole database belongs to one organization and points into another. */
export async function straysIn(run: Run): Promise<string[]> {
  const counts = Object.entries(strays).map(([what, from]) => `SELECT '${what}' AS what, count(*)::int FROM ${from}`);
  const rows = await run<{ what: string; count: number }>(counts.join(' UNION ALL '), []);
  return rows.filter(({ count }) => count > 0).map(({ what, count }) => `${what}: ${count}`);
}
