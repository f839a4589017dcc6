import { randomUUID } from 'node:crypto';
import type { Gateway } from '../../../src/gateway.js';
import { write } from '../../support/world.js';
import type { Elsewhere } from './facts.js';
import type { History, PersonPlan } from './history.js';

/** What a role in the other organization lets the one who asks see of its people. */
const visibleAs = { viewer: 'NO', people: 'PEOPLE', member: 'TEAMS', SUSPENDED: 'NO', NOTHING: 'NO' } as const;

const roles = {
  member: { rank: 20, permissions: [], isSystem: true },
  viewer: { rank: 10, permissions: [], isSystem: true },
  people: { rank: 15, permissions: ['organization.read', 'users.read'], isSystem: false },
};

/** Makes an organization in which some of the people are, too. */
export async function plantOtherOrganization(
  gateway: Gateway,
  { askerElsewhere }: History,
  people: { userId: string; plan: PersonPlan }[],
  isAskedByFirst: boolean,
): Promise<Elsewhere[][]> {
  const organizationId = randomUUID();
  const teamId = randomUUID();
  const placeOf = (plan: PersonPlan, index: number): PersonPlan['elsewhere'] => {
    if (index > 0 || !isAskedByFirst) return plan.elsewhere;
    if (askerElsewhere === 'NOTHING') return 'NO';
    return plan.elsewhere === 'NO' ? 'ORGANIZATION' : plan.elsewhere;
  };
  const members = people.flatMap(({ userId, plan }, index) => {
    const place = placeOf(plan, index);
    return place === 'NO' ? [] : [{ id: randomUUID(), userId, index, isInTeam: place === 'TEAM' }];
  });
  if (members.length === 0) return people.map(() => []);

  const rows = Object.entries(roles).map(([key, role]) => ({
    organizationId,
    id: randomUUID(),
    key,
    name: key,
    ...role,
  }));
  const roleOfAsker = askerElsewhere in roles ? askerElsewhere : 'member';
  const roleOf = (index: number) => (index === 0 && isAskedByFirst ? roleOfAsker : 'member');
  await write(gateway, (writes) => {
    writes.insert('organizations', { id: organizationId, name: 'Other', slug: `other-${organizationId}` });
    writes.insert('roles', ...rows);
    writes.insert('teams', { organizationId, id: teamId, name: 'team', slug: 'team' });
    writes.insert(
      'members',
      ...members.map(({ id, userId, index }) => {
        const isSuspended = index === 0 && isAskedByFirst && askerElsewhere === 'SUSPENDED';
        const status = isSuspended ? ('SUSPENDED' as const) : ('ACTIVE' as const);
        return { organizationId, id, userId, roleId: rows.find(({ key }) => key === roleOf(index))!.id, status };
      }),
    );
    const inTeam = members.filter(({ isInTeam }) => isInTeam);
    writes.insert(
      'team_memberships',
      ...inTeam.map(({ id: memberId }) => ({ organizationId, id: randomUUID(), teamId, memberId })),
    );
  });
  const visible = isAskedByFirst ? visibleAs[askerElsewhere] : 'TEAMS';
  return people.map((_, index) => {
    const member = members.find((other) => other.index === index);
    return member ? [{ organizationId, teamId: member.isInTeam ? teamId : null, visible }] : [];
  });
}
