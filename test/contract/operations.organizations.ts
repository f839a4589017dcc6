import { randomUUID } from 'node:crypto';
import { aWorld, write } from '../support/world.js';
import { admin, type Operations, superAdmin } from './operation.js';
import type { Scene } from './scene.js';

async function aDeletedOrganization({ gateway }: Scene): Promise<string> {
  const { organization } = await aWorld(gateway);
  await write(gateway, (writes) =>
    writes.update('organizations', { id: organization.id, status: 'DELETED', deletedAt: new Date() }),
  );
  return organization.id;
}

/** What changes an organization, its plan, its roles, its workspaces and its API keys. */
export const organizationMutations: Operations = {
  'Mutation.createOrganization': {
    // Without an owner anybody may.
    as: superAdmin,
    valid: () => [
      {
        input: {
          name: 'Analytical Engines',
          slug: `engines-${randomUUID()}`,
          description: 'Builds engines.\nSince 1837.',
          logoUrl: 'https://example.com/logo.png',
          timezone: 'Europe/London',
        },
      },
      {
        input: {
          name: 'Difference Engines',
          owner: { email: `${randomUUID()}@example.com`, fullName: 'Charles Babbage' },
        },
      },
    ],
  },
  'Mutation.updateOrganization': {
    as: admin,
    kept: ['input.name', 'input.slug', 'input.timezone'],
    valid: ({ organizationId }) => [
      {
        input: {
          organizationId,
          name: 'Analytical Engines',
          slug: `engines-${randomUUID()}`,
          description: 'Builds engines.',
          logoUrl: 'https://example.com/logo.png',
          timezone: 'Europe/London',
        },
      },
    ],
  },
  'Mutation.deleteOrganization': {
    as: admin,
    valid: ({ organizationId, slug }) => [{ input: { organizationId, confirmSlug: slug } }],
  },
  'Mutation.restoreOrganization': {
    as: superAdmin,
    aboveAll: true,
    valid: async (scene) => [{ input: { organizationId: await aDeletedOrganization(scene) } }],
  },
  'Mutation.updateOrganizationPlan': {
    as: admin,
    valid: ({ organizationId }) => [{ input: { organizationId, plan: 'standard' } }],
  },
  'Mutation.createWorkspace': {
    as: admin,
    valid: ({ organizationId }) => [
      { input: { organizationId, name: 'Lab', slug: `lab-${randomUUID()}`, description: 'Where we try things.' } },
    ],
  },
  'Mutation.updateWorkspace': {
    as: admin,
    kept: ['input.name', 'input.slug'],
    valid: ({ organizationId, workspaceId }) => [
      {
        input: {
          organizationId,
          workspaceId,
          name: 'Lab',
          slug: `lab-${randomUUID()}`,
          description: 'Where we try things.',
        },
      },
    ],
  },
  'Mutation.deleteWorkspace': {
    as: admin,
    valid: ({ organizationId, workspaceId }) => [{ input: { organizationId, workspaceId } }],
  },
  'Mutation.createRole': {
    as: admin,
    valid: ({ organizationId }) => [
      {
        input: {
          organizationId,
          key: `editor_${randomUUID().slice(0, 8)}`,
          name: 'Editor',
          description: 'Edits.',
          rank: 25,
          permissions: ['organization.read', 'teams.read'],
        },
      },
    ],
  },
  'Mutation.updateRole': {
    as: admin,
    kept: ['input.name', 'input.rank', 'input.permissions'],
    valid: ({ organizationId, customRoleId }) => [
      {
        input: {
          organizationId,
          roleId: customRoleId,
          name: 'Editor',
          description: 'Edits.',
          rank: 25,
          permissions: ['teams.read'],
        },
      },
    ],
  },
  'Mutation.deleteRole': {
    as: admin,
    valid: ({ organizationId, customRoleId }) => [
      { input: { organizationId, roleId: customRoleId, reassignTo: 'member' } },
    ],
  },
  'Mutation.createApiKey': {
    as: admin,
    personal: true,
    valid: ({ organizationId }) => [
      {
        input: {
          organizationId,
          name: 'Build',
          scopes: ['organizations:read', 'organizations:write'],
          expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
        },
      },
    ],
  },
  'Mutation.deleteApiKey': {
    as: admin,
    personal: true,
    valid: ({ organizationId, apiKeyId }) => [{ input: { organizationId, apiKeyId } }],
  },
};
