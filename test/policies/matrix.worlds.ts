import type { UserRow } from '../../src/auth/standing.js';
import type { Gateway } from '../../src/gateway.js';
import { membershipOf, newMember } from '../../src/modules/member/member.service.js';
import { foundOrganization } from '../../src/modules/organization/organization.founding.js';
import { openSession } from '../../src/modules/user/session.service.js';
import { newUser } from '../../src/modules/user/user.service.js';
import { newId } from '../../src/platform/id.js';
import { hashPassword } from '../../src/platform/password.js';
import { hashSecret, newSecret } from '../../src/platform/secret.js';
import { Writes } from '../../src/platform/writes.js';
import { writeIntegrationKey, writeIntegrationToken, writeRevocation } from '../support/integrations.js';
import { writeApiKey, writeLink } from '../support/secrets.js';
import { scopeOf, write } from '../support/world.js';
import { type Caller, callers, keyOf } from './matrix.keys.js';
import type { Person } from './matrix.table.js';

export const password = 'correct horse battery staple';
const noLimits = { members: null, pendingInvitations: null, teams: null, workspaces: null, apiKeys: null };
/** The plan that organizations begin with, and one to change to. */
const firstPlan = { key: 'small', name: 'Small', maximum: noLimits };
export const otherPlan = { key: 'large', name: 'Large', maximum: noLimits };
export const plans = [firstPlan, otherPlan];

let passwordHash: Promise<string> | undefined;

/** What has to be the case for an operation, beside what is in every world. */
export interface Scene {
  /** What the target is in the team; left out, it is in no team. */
  targetInTeam?: 'MEMBER' | 'MANAGER';
  targetStatus?: 'ACTIVE' | 'SUSPENDED';
  /** The role of the caller in the other organization; left out, only the outsider belongs there. */
  elsewhere?: 'same' | 'member';
  /** Whom the invitation is for; left out, somebody who has no account. */
  invited?: 'caller' | 'another';
  /** Whether the caller has proven the own address. */
  isVerified?: boolean;
  deleted?: boolean;
}

interface Account {
  user: UserRow;
  accessToken: string;
  refreshToken: string;
  /** The secrets of links that were mailed. */
  resetToken: string;
  verificationToken: string;
}

/** One cell's own world: an organization with one of everything, another one, and the caller. */
export interface World {
  caller: Caller;
  self: Account;
  /** The headers that say who calls. */
  credential: Record<string, string>;
  /** The membership of the caller in the organization, if there is one. */
  memberId: string | null;
  organizationId: string;
  slug: string;
  elsewhereId: string;
  /** A viewer, than whom nobody ranks lower. */
  target: { userId: string; memberId: string };
  /** Has an account, and belongs nowhere. */
  stranger: UserRow;
  teamId: string;
  otherTeamId: string;
  /** Not the default one. */
  workspaceId: string;
  /** An API key of the caller, who may have none there, and one of the founder. */
  apiKeyId: string | null;
  otherApiKeyId: string;
  /** A custom role that nobody holds. */
  roleId: string;
  invitationId: string;
  token: string;
  /** A token for a partner that counts. */
  integrationToken: string;
}

const roleOf: Record<Person, string | null> = {
  anonymous: null,
  outsider: null,
  suspended: 'administrator',
  viewer: 'viewer',
  member: 'member',
  developer: 'developer',
  'team manager': 'team_manager',
  'other team manager': 'team_manager',
  'billing manager': 'billing_manager',
  administrator: 'administrator',
  'super admin': null,
};

/** A world for each caller, all written at once. */
export async function aWorldForEach(gateway: Gateway, scene: Scene = {}): Promise<World[]> {
  const writes = new Writes();
  const worlds = await Promise.all(callers.map((caller) => aWorldFor(gateway, writes, caller, scene)));
  await writes.commit(gateway.services.db.write);
  await gateway.services.db.prisma.activityEntry.createMany({ data: worlds.flatMap(activityIn) });
  if (scene.deleted) {
    const gone = worlds.map(({ organizationId: id }) => ({ id, status: 'DELETED' as const, deletedAt: new Date() }));
    await write(gateway, (set) => set.update('organizations', ...gone));
  }
  return worlds;
}

/** What the target and the caller did yesterday: for the team, and for none. */
function activityIn({ organizationId, teamId, target, self, memberId }: World) {
  const active = [
    ...[teamId, null].map((team) => ({ userId: target.userId, teamId: team })),
    ...(memberId ? [{ userId: self.user.id, teamId }] : []),
  ];
  const startedAt = new Date(Date.now() - 86_400_000);
  return active.map((whose) => ({
    ...{ organizationId, id: newId(), ...whose, startedAt, activeSeconds: 600, idempotencyId: newId() },
  }));
}

async function aWorldFor(gateway: Gateway, writes: Writes, caller: Caller, scene: Scene): Promise<World> {
  passwordHash ??= hashPassword(password);
  const scope = scopeOf(gateway);
  const anAccount = async (isSuperAdmin = false, emailVerifiedAt: Date | null = null) => {
    const id = newId();
    const user = newUser({ email: `${id}@example.com`, fullName: 'Ada Lovelace', passwordHash: await passwordHash! });
    writes.insert('users', { ...user, isSuperAdmin, emailVerifiedAt });
    return user;
  };
  const found = (founder: UserRow) =>
    foundOrganization(scope, writes, founder, { name: 'Acme', slug: `acme-${newId()}` });

  const key = keyOf(caller);
  const person = key ? key.of : (caller as Person);
  const self = await anAccount(person === 'super admin' || key?.isSuperAdmins, scene.isVerified ? new Date() : null);
  const [founder, targetUser, stranger, elsewhereFounder] = [
    await anAccount(),
    await anAccount(),
    await anAccount(),
    person === 'outsider' ? self : await anAccount(),
  ];
  const home = found(founder);
  const elsewhere = found(elsewhereFounder);
  const { id: organizationId, slug } = home.organization;

  const join = ({ organization, roles }: typeof home, user: UserRow, role: string, status = scene.targetStatus) => {
    const roleId = roles.find(({ key }) => key === role)!.id;
    const member = { ...newMember(organization.id, user.id, roleId, founder.id), status: status ?? 'ACTIVE' };
    writes.insert('members', member);
    return member;
  };
  const role = roleOf[person];
  const own = role && join(home, self, role, person === 'suspended' ? 'SUSPENDED' : 'ACTIVE');
  if (role && scene.elsewhere) join(elsewhere, self, scene.elsewhere === 'same' ? role : 'member', 'ACTIVE');
  const target = join(home, targetUser, 'viewer');

  const [teamId, otherTeamId, roleId, invitationId, workspaceId] = [newId(), newId(), newId(), newId(), newId()];
  writes.insert('teams', { organizationId, id: teamId, name: 'Red', slug: 'red' });
  writes.insert('teams', { organizationId, id: otherTeamId, name: 'Blue', slug: 'blue' });
  if (own && role === 'team_manager') {
    const managed = person === 'team manager' ? teamId : otherTeamId;
    writes.insert('team_memberships', { ...membershipOf(own, managed), role: 'MANAGER' });
  }
  if (scene.targetInTeam) {
    writes.insert('team_memberships', { ...membershipOf(target, teamId), role: scene.targetInTeam });
  }
  writes.insert('roles', {
    ...{ organizationId, id: roleId, key: 'guide', name: 'Guide', rank: 5, permissions: ['organization.read'] },
  });

  writes.insert('workspaces', { organizationId, id: workspaceId, name: 'Shop', slug: 'shop' });

  // One is invited to where one does not belong yet.
  const inviting = scene.invited && person !== 'outsider' ? elsewhere : home;
  const invitee = scene.invited === 'caller' ? self : stranger;
  const token = newSecret();
  writes.insert('invitations', {
    organizationId: inviting.organization.id,
    id: invitationId,
    email: scene.invited ? invitee.email : `${invitationId}@example.com`,
    roleId: inviting.roles.find(({ key }) => key === 'viewer')!.id,
    tokenHash: hashSecret(token),
    invitedById: inviting === home ? founder.id : elsewhereFounder.id,
    expiresAt: new Date(Date.now() + 86_400_000),
    // Long enough ago to be mailed again.
    sentAt: new Date(Date.now() - 120_000),
  });
  const offered = { organizationId: inviting.organization.id, teamId: newId() };
  writes.insert('teams', { organizationId: offered.organizationId, id: offered.teamId, name: 'Gold', slug: 'gold' });
  writes.insert('invitation_teams', { ...offered, id: newId(), invitationId });

  const { id: keyId } = await writeIntegrationKey(writes, scope, organizationId);
  const issued = { organizationId, keyId, issuedById: founder.id };
  const { token: integrationToken } = await writeIntegrationToken(writes, scope, issued);
  const revoked = (await writeIntegrationToken(writes, scope, issued)).jti;
  writeRevocation(writes, { organizationId, jti: revoked, revokedById: founder.id });

  const { accessToken, refreshToken } = await openSession(scope, writes, self.id);
  const membership = own || (person === 'outsider' ? elsewhere.member : null);
  const apiKey = membership && writeApiKey(writes, membership, [key?.scope ?? 'organizations:read']);
  const bearer = { authorization: `Bearer ${accessToken}` };
  return {
    caller,
    self: {
      ...{ user: self, accessToken, refreshToken },
      resetToken: writeLink(writes, self, 'RESET_PASSWORD'),
      verificationToken: writeLink(writes, self, 'VERIFY_EMAIL'),
    },
    credential: key ? { 'x-api-key': apiKey!.secret } : person === 'anonymous' ? {} : bearer,
    memberId: own ? own.id : null,
    organizationId,
    slug,
    elsewhereId: elsewhere.organization.id,
    target: { userId: targetUser.id, memberId: target.id },
    stranger,
    teamId,
    otherTeamId,
    workspaceId,
    apiKeyId: own ? apiKey!.id : null,
    otherApiKeyId: writeApiKey(writes, home.member, ['organizations:read']).id,
    roleId,
    invitationId,
    token,
    integrationToken,
  };
}
