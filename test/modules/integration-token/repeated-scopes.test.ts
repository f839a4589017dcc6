import { expect, it } from 'vitest';
import { useGateway } from '../../support/gateway.js';
import { pathsIn } from '../lists.js';
import { aPlace, issue } from './integrations.js';

const gateway = useGateway();

it('a scope that is not in the catalogue is refused by its place among those that were given, repeated ones too', async () => {
  const world = await aPlace(gateway());
  const answer = await issue(world, world.admin, { scopes: ['teams.read', 'teams.read', 'nothing.read'] });
  expect(pathsIn(answer)).toEqual(['input.scopes.2']);
});
