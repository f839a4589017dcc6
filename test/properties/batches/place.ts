import { randomUUID } from 'node:crypto';
import type { Gateway } from '../../../src/gateway.js';
import { hashSecret } from '../../../src/platform/secret.js';
import { aKey, joinAs, type Key } from '../../modules/api-key/keys.js';
import { customRole, setMemberStatus } from '../../modules/states.js';
import { aPerson, aWorld, type Colleague, type Person, sessionIdOf, type World, write } from '../../support/world.js';

/** Somebody who asks, with what a request of theirs carries. */
export interface Asker {
  name: string;
  headers: Record<string, string>;
  /** What the database knows the credential by: the id of the session, or the hash of the key. */
  credential: string | null;
  /** Whether it may read something: the others are there to be refused. */
  isWelcome: boolean;
  /** Where it belongs, or once did. */
  homes: readonly number[];
}

/** What documents may name of an organization. */
export interface Spot {
  organization: string;
  slug: string;
  member: string[];
  team: string[];
  workspace: string[];
}

export interface Place {
  askers: Asker[];
  spots: Spot[];
}

type Furnished = World & { members: Colleague[]; spot: Spot };

const past = new Date(Date.now() - 1_000);
const distant = new Date(Date.now() + 1_000_000_000);
const [inAcme, inBolt, inCord, inSleepy, inGone] = [0, 1, 2, 3, 4];

function person(name: string, { accessToken, ...rest }: Person, homes: number[], isWelcome = true): Asker {
  const credential = sessionIdOf({ accessToken, ...rest });
  return { name, headers: { authorization: `Bearer ${accessToken}` }, credential, homes, isWelcome };
}

function key(name: string, { secret }: Key, homes: number[], isWelcome = true): Asker {
  const credential = Buffer.from(hashSecret(secret)).toString('hex');
  return { name, headers: { 'x-api-key': secret }, credential, homes, isWelcome };
}

/**
 * Three organizations, a suspended and a deleted one, and people who are something else in each of them: what is right for one
 * caller of a moment is wrong for the next.
 */
export async function aPlace(gateway: Gateway): Promise<Place> {
  const worlds: Furnished[] = [];
  for (const name of ['Acme', 'Bolt', 'Cord', 'Sleepy', 'Gone']) worlds.push(await furnished(gateway, name));
  const [acme, bolt, cord, sleepy, gone] = worlds as [Furnished, Furnished, Furnished, Furnished, Furnished];
  const [viewer, member, developer, manager, , lead, blind] = acme.members as [
    ...[Colleague, Colleague, Colleague, Colleague],
    ...[Colleague, Colleague, Colleague, Colleague],
  ];
  const join = (world: World, who: Person, role: string) => joinAs(gateway, world, who, role);
  const ofAcmeInBolt = { user: acme.admin.user, memberId: await join(bolt, acme.admin, 'viewer') };
  await join(cord, acme.admin, 'member');
  await join(sleepy, acme.admin, 'administrator');
  await join(acme, bolt.admin, 'team_manager');
  await join(acme, cord.admin, 'lead');
  await join(bolt, cord.admin, 'member');
  await join(cord, viewer, 'developer');
  await join(bolt, manager, 'blind');
  await join(cord, lead, 'administrator');
  await join(acme, gone.admin, 'member');
  await join(bolt, sleepy.admin, 'viewer');
  const suspendedMember = await acme.join('administrator');
  await join(bolt, suspendedMember, 'developer');
  const suspendedUser = await acme.join('member');
  await join(cord, suspendedUser, 'administrator');
  const revoked = await acme.join('member');
  const superAdmin = await aPerson(gateway, { isSuperAdmin: true });

  const reading = { scopes: ['organizations:read'] };
  const askers = [
    person('administrator of Acme', acme.admin, [inAcme, inBolt, inCord, inSleepy]),
    person('administrator of Bolt', bolt.admin, [inBolt, inAcme]),
    person('administrator of Cord', cord.admin, [inCord, inAcme, inBolt]),
    person('viewer', viewer, [inAcme, inCord]),
    person('member', member, [inAcme]),
    person('developer', developer, [inAcme]),
    person('team manager', manager, [inAcme, inBolt]),
    person('lead', lead, [inAcme, inCord]),
    person('blind', blind, [inAcme]),
    person('member of Bolt', bolt.members[1]!, [inBolt]),
    person('member of Cord', cord.members[7]!, [inCord]),
    person('super admin', superAdmin, [inAcme, inBolt, inCord, inSleepy]),
    person('founder of Sleepy', sleepy.admin, [inSleepy, inBolt]),
    person('founder of Gone', gone.admin, [inGone, inAcme]),
    person('suspended member', suspendedMember, [inAcme, inBolt]),
    key('key of an administrator', await aKey(gateway, acme, acme.admin), [inAcme]),
    key('key for reading', await aKey(gateway, acme, acme.admin, reading), [inAcme]),
    key('key of the same user elsewhere', await aKey(gateway, bolt, ofAcmeInBolt, reading), [inBolt]),
    key('key of another organization', await aKey(gateway, bolt, bolt.admin), [inBolt]),
    key('key for writing', await aKey(gateway, cord, cord.members[2]!), [inCord]),
    person('member of Gone', gone.members[1]!, [inGone], false),
    person('suspended user', suspendedUser, [inAcme, inCord], false),
    person('revoked session', revoked, [inAcme], false),
    person('outsider', await aPerson(gateway), [inAcme], false),
    key('expired key', await aKey(gateway, acme, acme.admin, { expiresAt: past }), [inAcme], false),
    key('key of a suspended member', await aKey(gateway, acme, suspendedMember), [inAcme], false),
    key('key of a suspended organization', await aKey(gateway, sleepy, sleepy.admin), [inSleepy], false),
    key('key of a deleted organization', await aKey(gateway, gone, gone.admin), [inGone], false),
    { name: 'nobody', headers: {}, credential: null, homes: [inAcme], isWelcome: false },
  ];

  await setMemberStatus(gateway, acme, suspendedMember, 'SUSPENDED');
  await write(gateway, (set) => {
    set.update('users', { id: suspendedUser.user.id, status: 'SUSPENDED' });
    set.update('sessions', { id: sessionIdOf(revoked), revokedAt: past });
    set.update('organizations', { id: sleepy.organization.id, status: 'SUSPENDED' });
    set.update('organizations', { id: gone.organization.id, status: 'DELETED', deletedAt: past });
  });
  const spots = worlds.map(({ spot }) => spot);
  return { askers, spots };
}

/** Lets everything that can be read say in what state it is, so that whatever is older shows. */
export async function bringInto({ services }: Gateway, state: string): Promise<void> {
  for (const table of ['organizations', 'teams', 'roles', 'workspaces']) {
    await services.db.run(`UPDATE ${table} SET description = $1`, [state]);
  }
  await services.db.run('UPDATE users SET avatar_url = $1', [state]);
}

/** An organization with a founder and eight members, two roles of its own, three teams, three invitations and two workspaces. */
async function furnished(gateway: Gateway, name: string): Promise<Furnished> {
  const world = await aWorld(gateway);
  const { organization, admin } = world;
  const ofLead = ['organization.read', 'users.read', 'roles.read', 'teams.read'];
  await customRole(gateway, world, { key: 'lead', rank: 50, permissions: ofLead });
  await customRole(gateway, world, { key: 'blind', rank: 20, permissions: ['organization.read', 'workspaces.read'] });
  const members: Colleague[] = [];
  for (const role of ['viewer', 'member', 'developer', 'team_manager', 'billing_manager', 'lead', 'blind', 'member']) {
    members.push(await world.join(role));
  }
  const team = [
    await world.team(`${name} red`, ...members.slice(1, 6)),
    await world.team(`${name} blue`, admin, members[3]!, members[5]!),
    await world.team(`${name} green`),
  ];
  const { db } = gateway.services;
  await db.run('UPDATE organizations SET name = $2 WHERE id = $1', [organization.id, name]);
  await db.run(
    `UPDATE team_memberships SET role = 'MANAGER' WHERE organization_id = $1 AND team_id = $2 AND member_id = $3`,
    [organization.id, team[0], members[3]!.memberId],
  );
  const workspace = [randomUUID()];
  await write(gateway, (set) => {
    const organizationId = organization.id;
    set.insert('workspaces', {
      organizationId,
      id: workspace[0]!,
      name: `${name} space`,
      slug: `space-${workspace[0]}`,
    });
    for (const [index, status] of (['PENDING', 'ACCEPTED', 'PENDING'] as const).entries()) {
      const id = randomUUID();
      set.insert('invitations', {
        ...{ organizationId, id, status, roleId: world.roles.member!, invitedById: admin.user.id },
        ...{ email: `guest-${index}-${id}@example.com`, tokenHash: hashSecret(id), expiresAt: distant },
      });
      set.insert('invitation_teams', { organizationId, id: randomUUID(), invitationId: id, teamId: team[index]! });
    }
  });
  const member = [admin, ...members].map(({ memberId }) => memberId);
  return {
    ...world,
    members,
    spot: { organization: organization.id, slug: organization.slug, member, team, workspace },
  };
}
