import type { Gateway } from '../../../src/gateway.js';
import type { Answer } from '../../support/client.js';
import type { Colleague, World } from '../../support/world.js';
import type { Caller } from '../adversaries.js';
import { customRole } from '../states.js';

export interface RoleAnswer {
  id: string;
  key: string;
  name: string;
  description: string | null;
  rank: number;
  permissions: string[];
  isSystem: boolean;
  shadows: boolean;
  memberCount: number;
}

const fields = 'id key name description rank permissions isSystem shadows memberCount';

export const CreateRole = `mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { ${fields} } } }`;
export const UpdateRole = `mutation ($input: UpdateRoleInput!) { updateRole(input: $input) { role { ${fields} } } }`;
export const DeleteRole =
  'mutation ($input: DeleteRoleInput!) { deleteRole(input: $input) { role { id key isSystem } } }';

const Roles = `query ($id: ID!) { organization(id: $id) { roles { ${fields} } } }`;

type Draft = Partial<Omit<RoleAnswer, 'id'>> & { key: string };

/** Attempts to make a role, of rank 15 and without a permission unless told otherwise. */
export const create = ({ organization }: World, actor: Caller, draft: Draft) =>
  actor.send<{ createRole: { role: RoleAnswer } }, object>(CreateRole, {
    input: { organizationId: organization.id, name: `The ${draft.key}`, rank: 15, permissions: [], ...draft },
  });

export const update = ({ organization }: World, actor: Caller, roleId: string, changes: object) =>
  actor.send<{ updateRole: { role: RoleAnswer } }, object>(UpdateRole, {
    input: { organizationId: organization.id, roleId, ...changes },
  });

export const remove = ({ organization }: World, actor: Caller, roleId: string, reassignTo?: string) =>
  actor.send<{ deleteRole: { role: RoleAnswer } }, object>(DeleteRole, {
    input: { organizationId: organization.id, roleId, ...(reassignTo !== undefined && { reassignTo }) },
  });

/** Has the founder make a role, which members can then be given. */
export async function aRole(world: World, draft: Draft): Promise<RoleAnswer> {
  const { role } = (await create(world, world.admin, draft)).data.createRole;
  world.roles[role.key] = role.id;
  return role;
}

/** The roles of the organization as its founder sees them, by key. */
export async function rolesOf({ organization, admin }: World): Promise<Record<string, RoleAnswer>> {
  const answer: Answer<{ organization: { roles: RoleAnswer[] } }> = await admin.send(Roles, { id: organization.id });
  return Object.fromEntries(answer.data.organization.roles.map((role) => [role.key, role]));
}

/** The key of the role that somebody holds. */
export async function roleOf({ services }: Gateway, { organization }: World, { memberId }: Colleague): Promise<string> {
  const { role } = await services.db.prisma.member.findUniqueOrThrow({
    where: { organizationId_id: { organizationId: organization.id, id: memberId } },
    include: { role: true },
  });
  return role.key;
}

/** Somebody in the middle who may do everything with roles, and otherwise sees people only. */
export async function aKeeperOfRoles(gateway: Gateway, world: World): Promise<Colleague> {
  const permissions = ['organization.read', 'users.read', 'teams.read', 'workspaces.read'];
  permissions.push('roles.read', 'roles.create', 'roles.update', 'roles.delete');
  await customRole(gateway, world, { key: 'keeper', rank: 50, permissions });
  return world.join('keeper');
}
