import { describe, expect, it } from 'vitest';
import { newId } from '../../../src/platform/id.js';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld } from '../../support/world.js';
import { answersAlike } from '../adversaries.js';
import { tracesIn } from '../audit.js';
import {
  aKey,
  bySlug,
  CreateOrganization,
  factsOf,
  inside,
  inTwoOrganizations,
  joinAs,
  lacksScope,
  makeTeam,
  me,
  one,
  place,
  read,
  rename,
} from './keys.js';

const gateway = useGateway();

describe('an API key of a super admin', () => {
  async function ofASuperAdmin(role: string) {
    const world = await aWorld(gateway());
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    const memberId = await joinAs(gateway(), world, superAdmin, role);
    const key = await aKey(gateway(), world, { ...superAdmin, memberId });
    return { world, superAdmin, key };
  }

  it('does nothing that super admins do, though it says that its user is one', async () => {
    const { world, superAdmin, key } = await ofASuperAdmin('administrator');
    expect((await key.send(me)).data).toEqual({ me: { id: superAdmin.user.id, isSuperAdmin: true } });
    const { user } = await aPerson(gateway());
    const forbidden: [string, object][] = [
      ['query { allOrganizations { totalCount } }', {}],
      [
        'mutation ($input: SetUserStatusInput!) { setUserStatus(input: $input) { user { id } } }',
        { userId: user.id, status: 'SUSPENDED' },
      ],
      [
        'mutation ($input: SetSuperAdminInput!) { setSuperAdmin(input: $input) { user { id } } }',
        { userId: user.id, isSuperAdmin: true },
      ],
      [
        'mutation ($input: RestoreOrganizationInput!) { restoreOrganization(input: $input) { organization { id } } }',
        { organizationId: world.organization.id },
      ],
      [`${CreateOrganization} { member { id } } }`, { name: 'Theirs', owner: { email: user.email, fullName: 'Eve' } }],
    ];
    for (const [document, input] of forbidden) {
      const answer = await key.send(document, { input });
      expect(factsOf(answer)).toMatchObject({ code: 'FORBIDDEN', reason: 'SUPER_ADMIN' });
      expect(codeOf(await superAdmin.send(document, { input }))).not.toBe('FORBIDDEN');
    }
  });

  it('finds no organization but its own', async () => {
    const { key, superAdmin } = await ofASuperAdmin('administrator');
    const { organization } = await aWorld(gateway());
    expect(codeOf(await superAdmin.send(one, { id: organization.id }))).toBeUndefined();
    await answersAlike((id) => key.send(one, { id }), organization.id);
    expect(codeOf(await key.send(bySlug, { slug: organization.slug }))).toBe('NOT_FOUND');
  });

  it('does in its own what the role permits, and no more', async () => {
    const { world, key, superAdmin } = await ofASuperAdmin('viewer');
    expect(codeOf(await makeTeam(world, key))).toBe('FORBIDDEN');
    expect(codeOf(await makeTeam(world, superAdmin))).toBeUndefined();
  });

  it('has no power over other administrators', async () => {
    const { world, key, superAdmin } = await ofASuperAdmin('administrator');
    const other = await world.join('administrator');
    const input = { organizationId: world.organization.id, memberId: other.memberId };
    const Suspend = 'mutation ($input: SuspendMemberInput!) { suspendMember(input: $input) { member { id } } }';
    expect(codeOf(await key.send(Suspend, { input }))).toBe('FORBIDDEN');
    expect(codeOf(await superAdmin.send(Suspend, { input }))).toBeUndefined();
  });
});

describe('the scopes of an API key', () => {
  it('are asked for before the organization: a key for reading is told what it lacks, wherever it tries', async () => {
    const { world, other, key, untouched } = await inTwoOrganizations(gateway(), { scopes: read });
    const stranger = await aWorld(gateway());
    for (const { id } of [world.organization, other.organization, stranger.organization, { id: newId() }]) {
      expect(factsOf(await rename(place(id), key))).toEqual(lacksScope);
    }
    expect(factsOf(await rename(world, key, inside(other)))).toEqual(lacksScope);
    expect(await tracesIn(gateway(), other.organization.id)).toEqual(untouched);
  });

  it('are asked for before the role', async () => {
    const world = await aWorld(gateway());
    const key = await aKey(gateway(), world, await world.join('viewer'), { scopes: read });
    expect(factsOf(await rename(world, key))).toEqual(lacksScope);
  });

  it('let a key for writing find no organization but its own', async () => {
    const { other, key, untouched } = await inTwoOrganizations(gateway());
    await answersAlike((id) => rename(place(id), key), other.organization.id);
    await answersAlike((id) => makeTeam(place(id), key), other.organization.id);
    expect(await tracesIn(gateway(), other.organization.id)).toEqual(untouched);
  });

  it('let a key for writing read as well', async () => {
    const { world, key } = await inTwoOrganizations(gateway());
    expect(codeOf(await key.send(one, { id: world.organization.id }))).toBeUndefined();
  });
});
