import { difference } from '../../auth/audit.js';
import { changeOrganization, type MemberChange } from '../../auth/change-organization.js';
import type { Scope } from '../../auth/scope.js';
import type { Workspace } from '../../generated/prisma/client.js';
import { conflict, notFound } from '../../platform/errors.js';
import { newId } from '../../platform/id.js';
import { given } from '../../platform/writes.js';
import { slugFrom, withRandomEnd } from '../organization/organization.founding.js';
import { assertRoom } from '../plan/plan.service.js';
import { workspaceById, workspaceBySlug } from './workspace.loader.js';

interface InOrganization {
  organizationId?: string | null;
}

/**
 * Makes a workspace.
 *
 * @throws {DomainError} CONFLICT with SLUG_TAKEN. A slug that was made from the name gives way instead.
 * @throws {DomainError} CONFLICT with LIMIT_REACHED if the plan allows no more.
 */
export function createWorkspace(
  scope: Scope,
  input: InOrganization & { name: string; slug?: string | null; description?: string | null },
): Promise<Workspace> {
  return changeOrganization(scope, input.organizationId, 'workspaces.create', async (change) => {
    const { organization, writes, tell } = change;
    const [slug] = await Promise.all([
      input.slug ?? freeSlug(change, slugFrom(input.name, 'workspace')),
      assertRoom(scope, change, 'workspaces'),
    ]);
    const now = new Date();
    const workspace: Workspace = {
      organizationId: organization.id,
      id: newId(),
      name: input.name,
      slug,
      description: input.description ?? null,
      isDefault: false,
      createdAt: now,
      updatedAt: now,
    };
    writes.insert('workspaces', workspace);
    const { id, name } = workspace;
    tell('WORKSPACE_CREATED', { type: 'WORKSPACE', id }, difference<Workspace>({}, { name, slug }));
    return workspace;
  });
}

/**
 * Changes what a workspace says of itself.
 *
 * @throws {DomainError} NOT_FOUND if there is no such workspace.
 * @throws {DomainError} CONFLICT with SLUG_TAKEN.
 */
export function updateWorkspace(
  scope: Scope,
  input: InOrganization & { workspaceId: string } & Partial<Pick<Workspace, 'name' | 'slug' | 'description'>>,
): Promise<Workspace> {
  return changeOrganization(scope, input.organizationId, 'workspaces.update', async (change) => {
    const { organizationId: _, workspaceId, ...fields } = input;
    const workspace = await workspaceNamed(change, workspaceId);
    const changed = difference<Workspace>(workspace, given(fields));
    if (Object.keys(changed).length === 0) return workspace;
    const after: Workspace = { ...workspace, ...given(fields), updatedAt: new Date() };
    change.writes.update('workspaces', after);
    change.tell('WORKSPACE_UPDATED', { type: 'WORKSPACE', id: workspace.id }, changed);
    return after;
  });
}

/**
 * Deletes a workspace.
 *
 * @throws {DomainError} NOT_FOUND if there is no such workspace.
 * @throws {DomainError} CONFLICT with DEFAULT_WORKSPACE for the one that every organization has.
 */
export function deleteWorkspace(scope: Scope, input: InOrganization & { workspaceId: string }): Promise<Workspace> {
  return changeOrganization(scope, input.organizationId, 'workspaces.delete', async (change) => {
    const workspace = await workspaceNamed(change, input.workspaceId);
    if (workspace.isDefault) throw conflict('DEFAULT_WORKSPACE', 'The default workspace cannot be deleted.');
    const { organizationId, id, name, slug } = workspace;
    change.writes.delete('workspaces', { organizationId, id });
    const changes = { name: { before: name, after: null }, slug: { before: slug, after: null } };
    change.tell('WORKSPACE_DELETED', { type: 'WORKSPACE', id }, changes);
    return workspace;
  });
}

async function workspaceNamed(change: MemberChange, id: string): Promise<Workspace> {
  const workspace = await change.row(workspaceById, change.organization.id, id);
  if (!workspace) throw notFound('Workspace');
  return workspace;
}

async function freeSlug(change: MemberChange, slug: string): Promise<string> {
  const taken = await change.row(workspaceBySlug, change.organization.id, slug);
  return taken ? withRandomEnd(slug) : slug;
}
