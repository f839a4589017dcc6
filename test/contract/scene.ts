import { randomUUID } from 'node:crypto';
import { beforeAll } from 'vitest';
import type { UserRow } from '../../src/auth/standing.js';
import type { Gateway } from '../../src/gateway.js';
import { beginRecording, writeEntries } from '../../src/modules/engagement/roll-ups.js';
import { membershipOf } from '../../src/modules/member/member.service.js';
import { newId } from '../../src/platform/id.js';
import { hashPassword } from '../../src/platform/password.js';
import { hashSecret, newSecret } from '../../src/platform/secret.js';
import { Writes } from '../../src/platform/writes.js';
import { writeIntegrationKey, writeIntegrationToken, writeRevocation } from '../support/integrations.js';
import { writeApiKey, writeLink } from '../support/secrets.js';
import { aPerson, aWorld, type Colleague, type Person, scopeOf, type World, write } from '../support/world.js';

export const goodPassword = 'correct horse battery staple';
let goodHash: Promise<string> | undefined;

/** An organization with one of everything that an operation may name. */
export interface Scene extends World {
  gateway: Gateway;
  organizationId: string;
  slug: string;
  /** Holds the role `member` and is in no team. */
  member: Colleague;
  /** Holds the role `member` and is in the team, for which this person was active yesterday. */
  teammate: Colleague;
  teamId: string;
  /** Not the default one. */
  workspaceId: string;
  /** Waits for an answer of `invited`, whose address is verified and who has the secret `token`. */
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
  /** The id of an API key of `admin`, which may write. */
  apiKeyId: string;
  /** The secrets of that key, and of another one that may only read. */
  writeKey: string;
  readKey: string;
  /** The secrets of links that were mailed to `outsider`. */
  resetToken: string;
  verificationToken: string;
  /** A token for a partner that counts, its id, and that of another one, which was revoked. */
  integrationToken: string;
  integrationJti: string;
  revokedJti: string;
}

export async function aScene(gateway: Gateway): Promise<Scene> {
  goodHash ??= hashPassword(goodPassword);
  const world = await aWorld(gateway);
  const organizationId = world.organization.id;
  const [member, teammate, manager, invited, superAdmin, outsider] = await Promise.all([
    world.join('member'),
    world.join('member'),
    world.join('team_manager'),
    aPerson(gateway, { emailVerifiedAt: new Date() }),
    aPerson(gateway, { isSuperAdmin: true }),
    aPerson(gateway, { passwordHash: await goodHash } as Partial<UserRow>),
  ]);
  const teamId = await world.team('Red', teammate);
  const [invitationId, workspaceId] = [newId(), newId()];
  const token = newSecret();
  const customRoleId = newId();
  const customRole = `custom_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  const administrator = { organizationId, id: world.admin.memberId, userId: world.admin.user.id };
  const writes = new Writes();
  const writing = writeApiKey(writes, administrator, ['organizations:write']);
  const reading = writeApiKey(writes, administrator, ['organizations:read']);
  const resetToken = writeLink(writes, outsider.user, 'RESET_PASSWORD');
  const verificationToken = writeLink(writes, outsider.user, 'VERIFY_EMAIL');
  writes.insert('invitations', invitation(world, invitationId, invited.user.email, token));
  writes.insert('workspaces', { organizationId, id: workspaceId, name: 'Shop', slug: 'shop' });
  const role = { key: customRole, name: 'Custom', rank: 5, permissions: ['organization.read'] };
  writes.insert('roles', { organizationId, id: customRoleId, ...role });
  const managed = { ...membershipOf({ organizationId, id: manager.memberId }, teamId), role: 'MANAGER' as const };
  writes.insert('team_memberships', managed);
  const scope = scopeOf(gateway);
  const { id: keyId } = await writeIntegrationKey(writes, scope, organizationId);
  const issued = { organizationId, keyId, issuedById: world.admin.user.id };
  const integration = await writeIntegrationToken(writes, scope, issued);
  const revokedJti = newId();
  writeRevocation(writes, { organizationId, jti: revokedJti, revokedById: world.admin.user.id });
  await writes.commit(gateway.services.db.write);
  await writeActivity(gateway, organizationId, [teammate.user.id, teamId], [world.admin.user.id, null]);
  return {
    ...world,
    gateway,
    organizationId,
    slug: world.organization.slug,
    member,
    teammate,
    teamId,
    workspaceId,
    invitationId,
    invited,
    token,
    customRole,
    customRoleId,
    manager,
    superAdmin,
    outsider,
    apiKeyId: writing.id,
    writeKey: writing.secret,
    readKey: reading.secret,
    resetToken,
    verificationToken,
    integrationToken: integration.token,
    integrationJti: integration.jti,
    revokedJti,
  };
}

/** Writes ten minutes of yesterday for each of these people and teams, and what is counted of them. */
async function writeActivity(
  { services }: Gateway,
  organizationId: string,
  ...active: [userId: string, teamId: string | null][]
): Promise<void> {
  const [startedAt, activeSeconds] = [new Date(Date.now() - 86_400_000), 600];
  const entries = active.map(([userId, teamId]) => {
    const [id, idempotencyId] = [newId(), newId()];
    return { id, userId, teamId, startedAt, activeSeconds, idempotencyId };
  });
  await services.db.transaction(async (run) => {
    await beginRecording(run, organizationId);
    await writeEntries(run, organizationId, entries);
  });
}

/** An invitation that was mailed long enough ago to be mailed again. */
function invitation({ organization, roles, admin }: World, id: string, email: string, token: string) {
  return {
    ...{ organizationId: organization.id, id, email, roleId: roles.member!, invitedById: admin.user.id },
    ...{ tokenHash: hashSecret(token), sentAt: new Date(Date.now() - 120_000) },
    expiresAt: new Date(Date.now() + 86_400_000),
  };
}

/** Invites somebody who has no account. */
export async function anInvitation(scene: Scene): Promise<{ email: string; token: string }> {
  const [email, token] = [`${randomUUID()}@example.com`, newSecret()];
  await write(scene.gateway, (writes) => writes.insert('invitations', invitation(scene, newId(), email, token)));
  return { email, token };
}

/** One scene for all tests of a file that leave it as it is. */
export function useScene(gateway: () => Gateway): () => Scene {
  let scene: Scene;
  beforeAll(async () => {
    scene = await aScene(gateway());
  });
  return () => scene;
}
