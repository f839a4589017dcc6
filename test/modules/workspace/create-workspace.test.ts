import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld } from '../../support/world.js';
import { itIsRefusedToOthers } from '../adversaries.js';
import { eventsOf, tracesIn } from '../audit.js';
import { pathsIn } from '../lists.js';
import { CreateWorkspace, changing, made, workspacesOf } from './changes.js';

const gateway = useGateway();

describe('making a workspace', () => {
  itIsRefusedToOthers(gateway, 'workspaces.create', async () => (caller, organizationId) => {
    return caller.send(CreateWorkspace, { input: { organizationId, name: 'Lab' } });
  });

  it('gives it name, slug and description, beside the default one', async () => {
    const world = await aWorld(gateway());
    const workspace = await made(world, { name: ' Lab ', slug: 'The-Lab', description: 'Where we try\nthings out' });
    expect(workspace).toMatchObject({
      name: 'Lab',
      slug: 'the-lab',
      description: 'Where we try\nthings out',
      isDefault: false,
      organization: { id: world.organization.id },
    });
    const [first, second] = await workspacesOf(world);
    expect(first!.isDefault).toBe(true);
    expect(second).toEqual(workspace);
  });

  it('is recorded once', async () => {
    const world = await aWorld(gateway());
    const { id } = await made(world, { name: 'Lab', description: 'Ours' });
    expect(await eventsOf(gateway(), world.organization.id)).toEqual([
      {
        actorType: 'USER',
        actorUserId: world.admin.user.id,
        action: 'WORKSPACE_CREATED',
        targetType: 'WORKSPACE',
        targetId: id,
        changes: { name: { before: null, after: 'Lab' }, slug: { before: null, after: 'lab' } },
      },
    ]);
  });

  it.each([
    ['Research & Development', 'research-development'],
    ['Übergröße', 'ubergro-e'],
    ['  Déjà vu 2  ', 'deja-vu-2'],
    ['研究室', 'workspace'],
    ['Лаборатория', 'workspace'],
    ['🚀', 'workspace'],
    ['X', 'workspace'],
    ['-- a - b --', 'a-b'],
    [`${'long '.repeat(19)}name`, 'long-long-long-long-long-long-long-long-long-lon'],
  ])('makes the slug from the name: %s', async (name, slug) => {
    const world = await aWorld(gateway());
    expect((await made(world, { name })).slug).toBe(slug);
  });

  it('lets a slug that was made from the name give way to others, but not one that was asked for', async () => {
    const world = await aWorld(gateway());
    const names = ['Lab', 'lab', 'LAB!', 'Default', '研究室', '実験室'];
    const slugs = [];
    for (const name of names) slugs.push((await made(world, { name })).slug);
    expect(slugs[0]).toBe('lab');
    expect(slugs[4]).toBe('workspace');
    const random = '-[0-9a-f]{8}$';
    expect(slugs[1]).toMatch(new RegExp(`^lab${random}`));
    expect(slugs[2]).toMatch(new RegExp(`^lab${random}`));
    expect(slugs[3]).toMatch(new RegExp(`^default${random}`));
    expect(slugs[5]).toMatch(new RegExp(`^workspace${random}`));
    expect(new Set(slugs).size).toBe(names.length);
    const before = await tracesIn(gateway(), world.organization.id);
    for (const slug of ['lab', 'LAB', 'default', 'Default']) {
      const answer = await changing(world).create({ name: 'Other', slug });
      expect(codeOf(answer)).toBe('CONFLICT');
      expect(answer.errors![0]!.extensions.reason).toBe('SLUG_TAKEN');
    }
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
  });

  it('ten times at once with one name makes ten, and with one slug one', async () => {
    const world = await aWorld(gateway());
    const { create } = changing(world);
    const named = await Promise.all(Array.from({ length: 10 }, () => create({ name: 'Lab' })));
    expect(named.map(codeOf).filter(Boolean)).toEqual([]);
    expect(new Set(named.map(({ data }) => data.createWorkspace!.workspace.slug)).size).toBe(10);
    const slugged = await Promise.all(Array.from({ length: 10 }, () => create({ name: 'Lab', slug: 'ours' })));
    expect(slugged.map(codeOf).sort()).toEqual([...Array<string>(9).fill('CONFLICT'), undefined]);
    expect(await workspacesOf(world)).toHaveLength(12);
  });

  it('may use the slug of a workspace of another organization', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    await made(other, { name: 'Lab', slug: 'lab' });
    expect((await made(world, { name: 'Lab', slug: 'lab' })).slug).toBe('lab');
  });

  it('is open to developers and super admins, not to members and viewers', async () => {
    const world = await aWorld(gateway());
    const { join } = world;
    const create = async (by: Awaited<ReturnType<typeof join>>) =>
      codeOf(await changing(world, by).create({ name: 'Lab' }));
    expect(await create(await join('developer'))).toBeUndefined();
    const superAdmin = { ...(await aPerson(gateway(), { isSuperAdmin: true })), memberId: '' };
    expect(await create(superAdmin)).toBeUndefined();
    for (const role of ['member', 'viewer', 'billing_manager'])
      expect(await create(await join(role))).toBe('FORBIDDEN');
    expect(await workspacesOf(world)).toHaveLength(3);
  });

  it.each([
    [{ name: '' }, ['input.name']],
    [{ name: '   ' }, ['input.name']],
    [{ name: 'x'.repeat(101) }, ['input.name']],
    [{ name: 'a\nb' }, ['input.name']],
    [{ name: 'Lab', slug: '' }, ['input.slug']],
    [{ name: 'Lab', slug: 'a' }, ['input.slug']],
    [{ name: 'Lab', slug: 'x'.repeat(64) }, ['input.slug']],
    [{ name: 'Lab', slug: '-lab' }, ['input.slug']],
    [{ name: 'Lab', slug: 'the lab' }, ['input.slug']],
    [{ name: 'Lab', slug: 'лаб' }, ['input.slug']],
    [{ name: 'Lab', description: 'x'.repeat(2001) }, ['input.description']],
    [{ name: '', slug: '-', description: 'x'.repeat(2001) }, ['input.name', 'input.slug', 'input.description']],
  ])('refuses what is no name, slug or description: %j', async (input, paths) => {
    const world = await aWorld(gateway());
    expect(pathsIn(await changing(world).create(input)).sort()).toEqual([...paths].sort());
    expect(await workspacesOf(world)).toHaveLength(1);
  });
});
