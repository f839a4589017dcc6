import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, type World } from '../../support/world.js';
import { answersAlike, itIsRefusedToOthers } from '../adversaries.js';
import { tracesIn } from '../audit.js';
import { pathsIn } from '../lists.js';
import { changing, DeleteWorkspace, made, UpdateWorkspace, workspacesOf } from './changes.js';

const gateway = useGateway();

const defaultOf = async (world: World) => (await workspacesOf(world))[0]!;

describe('changing a workspace', () => {
  itIsRefusedToOthers(gateway, 'workspaces.update', async (world) => {
    const { id: workspaceId } = await made(world);
    return (caller, organizationId) => {
      return caller.send(UpdateWorkspace, { input: { organizationId, workspaceId, name: 'Workshop' } });
    };
  });

  it('keeps what it leaves out, and clears a description that is set to null', async () => {
    const world = await aWorld(gateway());
    const workspace = await made(world, { name: 'Lab', description: 'Ours' });
    const { update } = changing(world);
    expect((await update(workspace.id, { name: ' Workshop ' })).data.updateWorkspace).toEqual({
      workspace: { ...workspace, name: 'Workshop' },
    });
    expect((await update(workspace.id, { slug: 'Work-Shop', description: null })).data.updateWorkspace).toEqual({
      workspace: { ...workspace, name: 'Workshop', slug: 'work-shop', description: null },
    });
    expect((await workspacesOf(world))[1]).toMatchObject({ name: 'Workshop', slug: 'work-shop', description: null });
  });

  it('renames the default one as well, which stays the default', async () => {
    const world = await aWorld(gateway());
    const { id } = await defaultOf(world);
    const { data, errors } = await changing(world).update(id, { name: 'Home', slug: 'home' });
    expect(errors).toBeUndefined();
    expect(data.updateWorkspace!.workspace).toMatchObject({ name: 'Home', slug: 'home', isDefault: true });
    expect(await defaultOf(world)).toMatchObject({ id, isDefault: true });
  });

  it('cannot clear name and slug, nor take what is none', async () => {
    const world = await aWorld(gateway());
    const { id } = await made(world);
    const { update } = changing(world);
    const before = await tracesIn(gateway(), world.organization.id);
    expect(pathsIn(await update(id, { name: null, slug: null })).sort()).toEqual(['input.name', 'input.slug']);
    expect(pathsIn(await update(id, { name: 'x'.repeat(101), slug: 'a' })).sort()).toEqual([
      'input.name',
      'input.slug',
    ]);
    expect(pathsIn(await update(id, { description: 'x'.repeat(2001) }))).toEqual(['input.description']);
    expect(pathsIn(await update('x', { name: 'Lab' }))).toEqual(['input.workspaceId']);
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
  });

  it('is recorded once with what has changed, and the same once more changes nothing', async () => {
    const world = await aWorld(gateway());
    const { id } = await made(world);
    const { update } = changing(world);
    await update(id, { name: 'Lab', description: 'Ours' });
    const after = await tracesIn(gateway(), world.organization.id);
    expect(after.events.slice(1)).toEqual([
      {
        actorType: 'USER',
        actorUserId: world.admin.user.id,
        action: 'WORKSPACE_UPDATED',
        targetType: 'WORKSPACE',
        targetId: id,
        changes: { description: { before: null, after: 'Ours' } },
      },
    ]);
    for (const same of [{}, { name: 'Lab', description: 'Ours' }, { slug: 'LAB' }]) {
      expect(codeOf(await update(id, same))).toBeUndefined();
    }
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(after);
  });

  it('is refused with the slug of another workspace of the organization, in whatever case', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const { id } = await made(world, { name: 'Lab' });
    const { update } = changing(world);
    const before = { traces: await tracesIn(gateway(), world.organization.id), all: await workspacesOf(world) };
    for (const slug of ['default', 'DEFAULT']) {
      const answer = await update(id, { name: 'Other', slug });
      expect(codeOf(answer)).toBe('CONFLICT');
      expect(answer.errors![0]!.extensions.reason).toBe('SLUG_TAKEN');
    }
    const after = { traces: await tracesIn(gateway(), world.organization.id), all: await workspacesOf(world) };
    expect(after).toEqual(before);
    await made(other, { name: 'Free', slug: 'free' });
    expect(codeOf(await update(id, { slug: 'free' }))).toBeUndefined();
  });

  it('is open to developers, not to members and viewers', async () => {
    const world = await aWorld(gateway());
    const { id } = await made(world);
    const rename = async (role: string) =>
      codeOf(await changing(world, await world.join(role)).update(id, { name: role }));
    expect(await rename('developer')).toBeUndefined();
    for (const role of ['member', 'viewer', 'billing_manager']) expect(await rename(role)).toBe('FORBIDDEN');
    expect((await workspacesOf(world))[1]!.name).toBe('developer');
  });

  it('is refused for a workspace of another organization as if there were none', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const theirs = await made(other);
    await answersAlike((id) => changing(world).update(id, { name: 'Ours' }), theirs.id);
    expect((await workspacesOf(other))[1]!.name).toBe('Lab');
  });
});

describe('deleting a workspace', () => {
  itIsRefusedToOthers(gateway, 'workspaces.delete', async (world) => {
    const { id: workspaceId } = await made(world);
    return (caller, organizationId) => caller.send(DeleteWorkspace, { input: { organizationId, workspaceId } });
  });

  it('answers with the workspace as it was, and it is gone', async () => {
    const world = await aWorld(gateway());
    const workspace = await made(world);
    const { data, errors } = await changing(world).erase(workspace.id.toUpperCase());
    expect(errors).toBeUndefined();
    expect(data.deleteWorkspace).toEqual({ workspace });
    expect(await workspacesOf(world)).toHaveLength(1);
    const one = 'query ($id: ID!, $workspace: ID!) { organization(id: $id) { workspace(id: $workspace) { id } } }';
    await answersAlike((id) => world.admin.send(one, { id: world.organization.id, workspace: id }), workspace.id);
    expect((await made(world)).slug).toBe(workspace.slug);
  });

  it('is recorded once, and cannot be repeated', async () => {
    const world = await aWorld(gateway());
    const { id } = await made(world);
    await changing(world).erase(id);
    const after = await tracesIn(gateway(), world.organization.id);
    expect(after.events.slice(1)).toEqual([
      {
        actorType: 'USER',
        actorUserId: world.admin.user.id,
        action: 'WORKSPACE_DELETED',
        targetType: 'WORKSPACE',
        targetId: id,
        changes: { name: { before: 'Lab', after: null }, slug: { before: 'lab', after: null } },
      },
    ]);
    await answersAlike((workspaceId) => changing(world).erase(workspaceId), id);
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(after);
  });

  it('spares the default one, whoever asks', async () => {
    const world = await aWorld(gateway());
    const { id } = await defaultOf(world);
    await changing(world).update(id, { name: 'Home', slug: 'home' });
    await made(world, { name: 'Default', slug: 'default' });
    const before = await tracesIn(gateway(), world.organization.id);
    for (const by of [world.admin, await aPerson(gateway(), { isSuperAdmin: true })]) {
      const answer = await changing(world, by).erase(id);
      expect(codeOf(answer)).toBe('CONFLICT');
      expect(answer.errors![0]!.extensions.reason).toBe('DEFAULT_WORKSPACE');
    }
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
    expect(await workspacesOf(world)).toHaveLength(2);
  });

  it('is up to administrators: not even developers, who make them', async () => {
    const world = await aWorld(gateway());
    const { id } = await made(world);
    for (const role of ['developer', 'member', 'viewer']) {
      const answer = await changing(world, await world.join(role)).erase(id);
      expect(codeOf(answer)).toBe('FORBIDDEN');
      expect(answer.errors![0]!.extensions.requiredPermission).toBe('workspaces.delete');
    }
    expect(codeOf(await changing(world, await world.join('administrator')).erase(id))).toBeUndefined();
  });

  it('is refused for a workspace of another organization as if there were none', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const theirs = await made(other);
    await answersAlike((id) => changing(world).erase(id), theirs.id);
    expect(await workspacesOf(other)).toHaveLength(2);
  });
});
