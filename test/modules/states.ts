import type { Gateway } from '../../src/gateway.js';
import { newId } from '../../src/platform/id.js';
import { type Colleague, type World, write } from '../support/world.js';

/** Gives the organization a role of its own, or puts one in the place of a system role of the same key. */
export async function customRole(
  gateway: Gateway,
  { organization, roles }: World,
  role: { key: string; rank: number; permissions: string[] },
): Promise<void> {
  const existing = roles[role.key];
  const id = existing ?? newId();
  const row = { organizationId: organization.id, id, ...role, name: `Custom ${role.key}`, isSystem: false };
  await write(gateway, (set) => (existing ? set.update('roles', row) : set.insert('roles', row)));
  roles[role.key] = id;
}

/** Suspends a membership, or lets it count again. */
export async function setMemberStatus(
  gateway: Gateway,
  { organization }: World,
  { memberId }: Colleague,
  status: 'ACTIVE' | 'SUSPENDED',
): Promise<void> {
  await write(gateway, (set) => set.update('members', { organizationId: organization.id, id: memberId, status }));
}

/** A role in the middle that may do everything with people, and so meets the ceiling and its own rank. */
export async function leadRole(gateway: Gateway, world: World): Promise<void> {
  await customRole(gateway, world, {
    key: 'lead',
    rank: 50,
    permissions: [
      ...['organization.read', 'roles.read', 'teams.read', 'workspaces.read'],
      ...['users.read', 'users.invite', 'users.add', 'users.update', 'users.delete'],
    ],
  });
}
