import fc from 'fast-check';
import { newId } from '../../src/platform/id.js';
import { hashSecret, newSecret } from '../../src/platform/secret.js';
import type { Run } from '../../src/platform/sql.js';
import { Writes } from '../../src/platform/writes.js';
import { catalogue, people as seesPeople, systemRoles } from './authority.js';
import type { Caller } from './engine.js';

/** Ann founded A, Ben founded B, and Gil is a super admin; the others are whatever the world says. */
export const names = ['ann', 'ben', 'cat', 'dan', 'eva', 'fay', 'gil'] as const;
export type Name = (typeof names)[number];

export const places = ['A', 'B'] as const;
export type Place = (typeof places)[number];

export const teamNames = ['red', 'blue', 'green'] as const;
export type TeamName = (typeof teamNames)[number];

const customKeys = ['lead', 'aide'] as const;
export const roleKeys = [...Object.keys(systemRoles), ...customKeys, 'extra'];

interface CustomRole {
  rank: number;
  permissions: string[];
}

interface Standing {
  role: string | null;
  suspended: boolean;
  red: 'MEMBER' | 'MANAGER' | null;
  blue: 'MEMBER' | 'MANAGER' | null;
}

export interface OrganizationPlan {
  lead: CustomRole;
  aide: CustomRole;
  shadow: ({ key: string } & CustomRole) | null;
  people: Record<Name, Standing>;
  invitation: { by: Name; to: Name; role: string } | null;
}

export type Plan = Record<Place, OrganizationPlan>;

/** A world that stands in the database, and how its people are reached. */
export interface World {
  people: Record<Name, Caller & { email: string }>;
  organizations: Record<Place, string>;
  /** Of every invitation so far, to whom it went and by which secret it is accepted. */
  invitations: { to: Name; secret: string }[];
}

export const anyName = fc.constantFrom(...names);
export const anyRank = fc.constantFrom(50, 40, 99, 30, 20, 10, 1);

/** With users.*, roles.* and teams.* in every mixture, since it is by these that something can be granted. */
const granting = catalogue.filter((code) => /^(users|roles|teams)\./.test(code) && !seesPeople.includes(code));
export const anyPermissions: fc.Arbitrary<string[]> = fc.oneof<fc.Arbitrary<string[]>[]>(
  fc.constant<string[]>([...seesPeople]),
  fc.subarray<string>([...seesPeople]),
  fc.subarray<string>(granting).map((more) => [...seesPeople, ...more]),
  fc.constant([...seesPeople, ...granting]),
  fc.subarray<string>([...catalogue]),
);

const customRole = fc.record({ rank: anyRank, permissions: anyPermissions });
/** Somebody who is no administrator, and yet has much to give. */
const leadRole = fc.record({
  rank: fc.constantFrom(50, 40, 99),
  permissions: fc.subarray<string>(granting, { minLength: 8 }).map((more) => [...seesPeople, ...more]),
});
const shadow = fc.record({
  key: fc.constantFrom('viewer', 'member', 'developer', 'team_manager', 'billing_manager'),
  ...{ rank: fc.constantFrom(10, 1), permissions: anyPermissions },
});

const part = fc.constantFrom(null, null, 'MEMBER' as const, 'MANAGER' as const, 'MANAGER' as const);
const anyStanding = fc.record({
  role: fc.constantFrom(
    null,
    null,
    null,
    'viewer',
    'member',
    'developer',
    'billing_manager',
    'team_manager',
    ...customKeys,
  ),
  ...{ suspended: fc.constantFrom(false, false, false, false, true), red: part, blue: part },
});
const ofStaff = fc.record({
  role: fc.constantFrom(
    'lead',
    'aide',
    'lead',
    'administrator',
    'team_manager',
    'lead',
    'administrator',
    'team_manager',
    null,
  ),
  ...{ suspended: fc.constant(false), red: part, blue: part },
});
const founder = fc.record({ role: fc.constant('administrator'), suspended: fc.constant(false), red: part, blue: part });

const without = { suspended: fc.constant(false), red: fc.constant(null), blue: fc.constant(null) };
const absent: fc.Arbitrary<Standing> = fc.record({ role: fc.constant(null), ...without });
const superAdmin = fc.record({ role: fc.constantFrom(null, null, 'administrator', 'viewer'), ...without });

/** An organization as its founder has made it: mostly with people of all kinds, now and then with nobody else. */
const organizationPlan = (first: Name): fc.Arbitrary<OrganizationPlan> => {
  type People = fc.Arbitrary<OrganizationPlan['people']>;
  const other = first === 'ann' ? 'ben' : 'ann';
  const many = { [other]: fc.oneof(ofStaff, anyStanding), cat: ofStaff, dan: ofStaff, eva: anyStanding };
  const peopled = fc.record({ [first]: founder, ...many, fay: anyStanding, gil: superAdmin }) as People;
  const alone = fc.record(Object.fromEntries(names.map((name) => [name, name === first ? founder : absent]))) as People;
  return fc.record({
    lead: leadRole,
    aide: customRole,
    shadow: fc.option(shadow, { freq: 2 }),
    people: fc.oneof({ weight: 19, arbitrary: peopled }, { weight: 1, arbitrary: alone }),
    invitation: fc.option(fc.record({ by: anyName, to: anyName, role: fc.constantFrom(...roleKeys.slice(0, -1)) })),
  });
};

export const anyPlan: fc.Arbitrary<Plan> = fc.record({ A: organizationPlan('ann'), B: organizationPlan('ben') });

/** Puts a world into the database, past all rules. */
export async function createWorld(run: Run, plan: Plan): Promise<World> {
  const writes = new Writes();
  const people = Object.fromEntries(
    names.map((name) => {
      const userId = newId();
      return [name, { userId, sessionId: newId(), email: `${name}-${userId}@example.com` }];
    }),
  ) as World['people'];
  writes.insert(
    'users',
    ...names.map((name) => {
      const { userId: id, email } = people[name];
      return { id, email, fullName: name, isSuperAdmin: name === 'gil' };
    }),
  );
  const expiresAt = new Date(Date.now() + 86_400_000);
  writes.insert(
    'sessions',
    ...names.map((name) => ({ id: people[name].sessionId, userId: people[name].userId, expiresAt })),
  );
  const world: World = { people, organizations: { A: newId(), B: newId() }, invitations: [] };
  for (const place of places) plant(writes, world, place, plan[place]);
  await writes.commit(run);
  return world;
}

function plant(writes: Writes, world: World, place: Place, plan: OrganizationPlan): void {
  const { people } = world;
  const organizationId = world.organizations[place];
  writes.insert('organizations', { id: organizationId, name: place, slug: `${place.toLowerCase()}-${organizationId}` });
  const system = Object.entries(systemRoles).map(([key, { rank }]) => ({ key, rank, permissions: [], isSystem: true }));
  const custom = customKeys.map((key) => ({ key, ...plan[key], isSystem: false }));
  const roles = [...system, ...custom].map((role) => ({
    ...{ organizationId, id: newId(), name: role.key, ...role },
    ...(plan.shadow?.key === role.key && { ...plan.shadow, isSystem: false }),
  }));
  writes.insert('roles', ...roles);
  const roleId = (key: string) => roles.find((role) => role.key === key)!.id;

  const teams = (['red', 'blue'] as const).map((name) => ({ organizationId, id: newId(), name, slug: name }));
  writes.insert('teams', ...teams);
  const standings = Object.entries(plan.people) as [Name, Standing][];
  const belonging = standings.filter(([, { role }]) => role !== null);
  const members = belonging.map(([name, { role, suspended }]) => ({
    ...{ organizationId, id: newId(), userId: people[name].userId, roleId: roleId(role!) },
    status: suspended ? ('SUSPENDED' as const) : ('ACTIVE' as const),
  }));
  writes.insert('members', ...members);
  const memberships = belonging.flatMap(([, standing], index) =>
    teams.flatMap(({ id: teamId, name }) => {
      const role = standing[name];
      return role ? [{ organizationId, id: newId(), teamId, memberId: members[index]!.id, role }] : [];
    }),
  );
  writes.insert('team_memberships', ...memberships);
  if (!plan.invitation) return;
  const { by, to, role } = plan.invitation;
  const secret = newSecret();
  world.invitations.push({ to, secret });
  writes.insert('invitations', {
    ...{ organizationId, id: newId(), email: people[to].email, roleId: roleId(role), tokenHash: hashSecret(secret) },
    ...{ invitedById: people[by].userId, expiresAt: new Date(Date.now() + 86_400_000) },
  });
}
