import { describe, expect, it } from 'vitest';
import { contentOf } from '../../auth/forging.js';
import { useGateway } from '../../support/gateway.js';
import {
  aNewKey,
  aPlace,
  aToken,
  expireTokens,
  keysOf,
  not,
  ownKeyOf,
  pass,
  signed,
  verdictOn,
} from './integrations.js';

const gateway = useGateway();

describe('a key that is retired because nothing needs it any more', () => {
  it('makes no token that counts, whoever still has its private half', async () => {
    const world = await aPlace(gateway());
    const first = await aToken(world, world.admin, { expiresIn: 86_400 });
    const { key } = await ownKeyOf(gateway(), world);
    const { header, claims } = contentOf({ accessToken: first.token });
    await aNewKey(world, world.admin);
    await pass(gateway(), world, '1 day');
    await expireTokens(gateway(), world);
    expect((await keysOf(world)).map(({ status }) => status)).toEqual(['ACTIVE', 'RETIRED']);
    expect(await verdictOn(world, await signed(gateway(), world, header, claims, key))).toEqual(not('INVALID'));
  });
});
