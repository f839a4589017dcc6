import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aWorld } from '../../support/world.js';
import { answersAlike } from '../adversaries.js';
import { trailOf } from '../audit/reading.js';
import { aKey, current, factsOf, inside, inTwoOrganizations, makeTeam, me, one, place, read, rename } from './keys.js';

const gateway = useGateway();

describe('an API key with the header of another organization', () => {
  it.each([read, ['organizations:write']])('finds none there (%s)', async (scope) => {
    const { world, other, key } = await inTwoOrganizations(gateway(), { scopes: [scope].flat() });
    await answersAlike((id) => key.send(current, {}, { 'x-organization-id': id }), other.organization.id);
    expect(factsOf(await key.send(one, { id: world.organization.id }, inside(other)))).toBeUndefined();
    expect(factsOf(await key.send(me, {}, inside(other)))).toBeUndefined();
  });
  it('works in its own when the input names it', async () => {
    const { world, other, key } = await inTwoOrganizations(gateway());
    expect(factsOf(await rename(world, key, inside(other)))).toBeUndefined();
  });
});

it('records a refusal in the organization also if its id came in upper case', async () => {
  const world = await aWorld(gateway());
  const viewer = await world.join('viewer');
  const upper = place(world.organization.id.toUpperCase());
  expect(codeOf(await makeTeam(upper, viewer))).toBe('FORBIDDEN');
  expect(codeOf(await makeTeam(upper, await aKey(gateway(), world, viewer)))).toBe('FORBIDDEN');
  expect(codeOf(await makeTeam(upper, await aKey(gateway(), world, viewer, { scopes: read })))).toBe('FORBIDDEN');
  expect((await trailOf(world, { actions: ['ACCESS_REFUSED'] })).map(({ actor }) => actor.type)).toEqual([
    'API_KEY',
    'API_KEY',
    'USER',
  ]);
});

it('switching twice at once leaves one refresh token that works', async () => {
  const world = await aWorld(gateway());
  const Switch =
    'mutation ($input: SwitchOrganizationInput!) { switchOrganization(input: $input) { session { refreshToken } } }';
  type T = { switchOrganization: { session: { refreshToken: string } } };
  const answers = await Promise.all(
    [1, 2, 3, 4].map(() => world.admin.send<T, object>(Switch, { input: { organizationId: world.organization.id } })),
  );
  expect(answers.map(codeOf)).toEqual([undefined, undefined, undefined, undefined]);
  const sid = await gateway().services.db.prisma.session.findFirstOrThrow({ where: { userId: world.admin.user.id } });
  expect(await gateway().services.db.prisma.refreshToken.count({ where: { sessionId: sid.id, usedAt: null } })).toBe(1);
});
