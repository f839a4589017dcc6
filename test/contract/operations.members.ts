import { randomUUID } from 'node:crypto';
import { newMember } from '../../src/modules/member/member.service.js';
import { aWorld, write } from '../support/world.js';
import { admin, type Operations } from './operation.js';
import type { Scene } from './scene.js';

/** Another organization that has the same administrator, with a team. */
async function aSecondOrganization({ gateway, admin }: Scene): Promise<{ id: string; teamId: string }> {
  const world = await aWorld(gateway);
  await write(gateway, (writes) => {
    const { id } = world.organization;
    writes.insert('members', newMember(id, admin.user.id, world.roles.administrator!, world.admin.user.id));
  });
  return { id: world.organization.id, teamId: await world.team('Blue') };
}

/** What changes who belongs to an organization, and to which of its teams. */
export const memberMutations: Operations = {
  'Mutation.addMember': {
    as: admin,
    valid: ({ organizationId, outsider, teamId }) => [
      { input: { organizationId, userId: outsider.user.id, role: 'member', teamIds: [teamId] } },
      { input: { organizationId, email: outsider.user.email, role: 'member' } },
    ],
  },
  'Mutation.updateMemberRole': {
    as: admin,
    valid: ({ organizationId, member }) => [{ input: { organizationId, memberId: member.memberId, role: 'viewer' } }],
  },
  'Mutation.updateMember': {
    as: admin,
    kept: ['input.role', 'input.targetOrganizationId'],
    valid: async (scene) => {
      const { id: targetOrganizationId, teamId } = await aSecondOrganization(scene);
      const { organizationId, member } = scene;
      const named = { organizationId, memberId: member.memberId, role: 'viewer' };
      return [{ input: { ...named, targetOrganizationId, teamId } }, { input: { ...named, teamId: scene.teamId } }];
    },
  },
  'Mutation.suspendMember': {
    as: admin,
    valid: ({ organizationId, member }) => [{ input: { organizationId, memberId: member.memberId } }],
  },
  'Mutation.reinstateMember': {
    as: admin,
    valid: ({ organizationId, member }) => [{ input: { organizationId, memberId: member.memberId } }],
  },
  'Mutation.removeMember': {
    as: admin,
    valid: ({ organizationId, member }) => [{ input: { organizationId, memberId: member.memberId } }],
  },
  'Mutation.createTeam': {
    as: admin,
    valid: ({ organizationId }) => [
      { input: { organizationId, name: 'Blue', slug: `blue-${randomUUID()}`, description: 'The blue team.' } },
    ],
  },
  'Mutation.updateTeam': {
    as: admin,
    kept: ['input.name', 'input.slug'],
    valid: ({ organizationId, teamId }) => [
      { input: { organizationId, teamId, name: 'Blue', slug: `blue-${randomUUID()}`, description: 'The blue team.' } },
    ],
  },
  'Mutation.deleteTeam': {
    as: admin,
    valid: ({ organizationId, teamId }) => [{ input: { organizationId, teamId } }],
  },
  'Mutation.updateTeamMember': {
    as: admin,
    valid: ({ organizationId, teamId, teammate }) => [
      { input: { organizationId, teamId, memberId: teammate.memberId, role: 'MANAGER' } },
    ],
  },
  'Mutation.addTeamMember': {
    as: admin,
    valid: ({ organizationId, teamId, member }) => [
      { input: { organizationId, teamId, memberId: member.memberId, role: 'MANAGER' } },
    ],
  },
  'Mutation.removeTeamMember': {
    as: admin,
    valid: ({ organizationId, teamId, teammate }) => [
      { input: { organizationId, teamId, memberId: teammate.memberId } },
    ],
  },
};
