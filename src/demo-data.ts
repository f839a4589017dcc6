import type { Scope, Services } from './auth/scope.js';
import { demoActivity } from './demo-activity.js';
import { type DemoOrganization, type DemoPerson, demoOrganizations, demoPeople } from './demo-content.js';
import { writeEntries } from './modules/engagement/roll-ups.js';
import { membershipOf, newMember } from './modules/member/member.service.js';
import { type Founded, foundOrganization, personalSlug } from './modules/organization/organization.founding.js';
import { userByEmail } from './modules/user/user.loader.js';
import { newUser } from './modules/user/user.service.js';
import type { Database } from './platform/database.js';
import { newId } from './platform/id.js';
import { hashPassword } from './platform/password.js';
import { hashSecret, newSecret } from './platform/secret.js';
import type { Tables } from './platform/tables.js';
import { Writes } from './platform/writes.js';

/** The log-in that the start prints. Everybody in the demo has this password. */
export const demoAccount = { email: emailOf('ada'), password: 'demo-password' };

const dayMs = 86_400_000;

/**
 * Fills an empty database with people and organizations to look around in.
 *
 * Where there is any user it does nothing: from then on the data is somebody's own.
 */
export async function seedDemoData({ db, plans }: Pick<Services, 'db' | 'plans'>): Promise<void> {
  const seeding = { request: seedingRequest, plans };
  if (await db.prisma.user.findFirst({ select: { id: true } })) return;
  const writes = new EarlierWrites();
  const userIds = signUpEverybody(seeding, writes, await hashPassword(demoAccount.password));
  const founded = demoOrganizations.map((organization) => ({
    organization,
    ...found(seeding, writes, organization, userIds),
  }));
  await db.transaction(async (run) => {
    await writes.commit(run);
    for (const { organization, id, teamIds } of founded) {
      const entries = demoActivity(organization, new Date()).map(({ person, team, ...entry }, index) => ({
        ...entry,
        id: newId(),
        userId: userIds[person],
        teamId: team === null ? null : teamIds.get(team)!,
        idempotencyId: `demo-${index}`,
      }));
      if (entries.length > 0) await writeEntries(run, id, entries);
    }
  });
}

/** Whether somebody can sign in with the demo account's address. */
export async function hasDemoAccount({ batcher }: Database): Promise<boolean> {
  return (await batcher.load(userByEmail, [demoAccount.email])).length > 0;
}

/** Writes as if it were some days earlier, so that not everything in the demo has happened at the same moment. */
class EarlierWrites extends Writes {
  daysAgo = 0;

  override insert<T extends keyof Tables>(table: T, ...rows: Partial<Tables[T]>[]): void {
    super.insert(table, ...rows.map((row) => this.#earlier(row)));
  }

  #earlier<Row extends object>(row: Row): Row {
    const moved = (value: unknown) =>
      value instanceof Date ? new Date(value.getTime() - this.daysAgo * dayMs) : value;
    return Object.fromEntries(Object.entries(row).map(([field, value]) => [field, moved(value)])) as Row;
  }
}

type Seeding = Pick<Scope, 'request' | 'plans'>;

type UserIds = Record<DemoPerson, string>;

/** An account and a personal organization for each, as after `register`. */
function signUpEverybody(seeding: Seeding, writes: EarlierWrites, passwordHash: string): UserIds {
  const ids = Object.entries(demoPeople).map(([person, { fullName, daysAgo }]) => {
    writes.daysAgo = daysAgo;
    const user = newUser({ email: emailOf(person), fullName, username: person, passwordHash });
    writes.insert('users', { ...user, emailVerifiedAt: user.createdAt });
    const personal = { name: fullName, slug: personalSlug(user.id, person), isPersonal: true };
    foundOrganization(seeding, writes, user, personal);
    return [person, user.id];
  });
  return Object.fromEntries(ids) as UserIds;
}

function found(seeding: Seeding, writes: EarlierWrites, given: DemoOrganization, userIds: UserIds) {
  writes.daysAgo = given.daysAgo;
  const founded = foundOrganization(seeding, writes, { id: userIds[given.founder], isSuperAdmin: false }, given);
  addWorkspaces(writes, given, founded);
  const members = addMembers(writes, given, founded, userIds);
  const teamIds = addTeams(writes, given, founded, members);
  addFormer(writes, given, founded, userIds, teamIds);
  addInvitations(writes, given, founded, teamIds);
  return { id: founded.organization.id, teamIds };
}

function addWorkspaces(writes: EarlierWrites, { workspaces }: DemoOrganization, { organization }: Founded): void {
  for (const { daysAgo, ...workspace } of workspaces) {
    writes.daysAgo = daysAgo;
    writes.insert('workspaces', { organizationId: organization.id, id: newId(), ...workspace, ...madeNow() });
  }
}

interface Joined {
  row: Founded['member'];
  daysAgo: number;
}

type Members = Partial<Record<DemoPerson, Joined>>;

function addMembers(writes: EarlierWrites, given: DemoOrganization, founded: Founded, userIds: UserIds): Members {
  const { organization, member: founder } = founded;
  const members: Members = { [given.founder]: { row: founder, daysAgo: given.daysAgo } };
  for (const { person, role, daysAgo = demoPeople[person].daysAgo } of given.members) {
    writes.daysAgo = daysAgo;
    const row = newMember(organization.id, userIds[person], roleIdOf(founded, role), founder.userId);
    writes.insert('members', row);
    members[person] = { row, daysAgo };
  }
  return members;
}

function addTeams(
  writes: EarlierWrites,
  given: DemoOrganization,
  { organization }: Founded,
  members: Members,
): Map<string, string> {
  const ids = new Map<string, string>();
  for (const { daysAgo, members: roles, ...team } of given.teams) {
    const id = newId();
    ids.set(team.slug, id);
    writes.daysAgo = daysAgo;
    writes.insert('teams', { organizationId: organization.id, id, ...team, ...madeNow() });
    for (const [person, role] of Object.entries(roles)) {
      const member = members[person as DemoPerson]!;
      // Nobody is in a team before both the team and the member are there.
      writes.daysAgo = Math.min(daysAgo, member.daysAgo);
      writes.insert('team_memberships', { ...membershipOf(member.row, id), role });
    }
  }
  return ids;
}

/** Whoever has left has no row of its own any more, but it is known when that was. */
function addFormer(
  writes: EarlierWrites,
  given: DemoOrganization,
  { organization }: Founded,
  userIds: UserIds,
  teamIds: Map<string, string>,
): void {
  writes.daysAgo = 0;
  const before = (days: number) => new Date(Date.now() - days * dayMs);
  for (const { person, leftDaysAgo, team } of given.former) {
    const { daysAgo } = demoPeople[person];
    const period = { organizationId: organization.id, userId: userIds[person], leftAt: before(leftDaysAgo) };
    const inTeam = Math.min(daysAgo, given.teams.find(({ slug }) => slug === team)!.daysAgo);
    writes.insert(
      'membership_periods',
      { ...period, id: newId(), teamId: null, joinedAt: before(daysAgo) },
      { ...period, id: newId(), teamId: teamIds.get(team)!, joinedAt: before(inTeam) },
    );
  }
}

/** Nobody gets these mails, so nobody needs the secrets: only their hashes outlive this function. */
function addInvitations(
  writes: EarlierWrites,
  given: DemoOrganization,
  founded: Founded,
  teamIds: Map<string, string>,
): void {
  const organizationId = founded.organization.id;
  for (const { email, role, teams, daysAgo } of given.invitations) {
    writes.daysAgo = daysAgo;
    const id = newId();
    const { createdAt, updatedAt } = madeNow();
    writes.insert('invitations', {
      organizationId,
      id,
      email,
      roleId: roleIdOf(founded, role),
      status: 'PENDING',
      tokenHash: hashSecret(newSecret()),
      invitedById: founded.member.userId,
      expiresAt: new Date(createdAt.getTime() + 7 * dayMs),
      sentAt: createdAt,
      createdAt,
      updatedAt,
    });
    for (const slug of teams) {
      writes.insert('invitation_teams', { organizationId, id: newId(), invitationId: id, teamId: teamIds.get(slug)! });
    }
  }
}

/** No request seeds the demo, so its audit events carry an id of their own and the address of this machine. */
const seedingRequest = { id: newId(), ip: '127.0.0.1', userAgent: null };

function emailOf(person: string): string {
  return `${person}@example.com`;
}

function roleIdOf({ roles }: Founded, key: string): string {
  return roles.find((role) => role.key === key)!.id;
}

function madeNow(): { createdAt: Date; updatedAt: Date } {
  const now = new Date();
  return { createdAt: now, updatedAt: now };
}
