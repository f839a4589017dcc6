import { describe, expect, it } from 'vitest';
import { not, verdictOn } from '../modules/integration-token/integrations.js';
import { useGateway } from '../support/gateway.js';
import { aGrant, expectInvalid } from './integration-forging.js';

const gateway = useGateway();

const now = () => Math.floor(Date.now() / 1_000);

describe('an integration token', () => {
  it.each([60, 86_400, 1e300])('that is to be issued only in %s seconds is invalid', async (later) => {
    const { world, saying } = await aGrant(gateway());
    expect(await verdictOn(world, saying({ iat: now() + later }))).toEqual(not('INVALID'));
  });

  it.each([' ', '\n', '\t', '\r\n', '=='])('is invalid with %j behind its signature', async (more) => {
    const grant = await aGrant(gateway());
    await expectInvalid(grant, `${grant.token}${more}`);
  });

  it.each([' ', '\n'])('is invalid with %j in its signature', async (more) => {
    const grant = await aGrant(gateway());
    await expectInvalid(grant, `${grant.token.slice(0, -20)}${more}${grant.token.slice(-20)}`);
  });
});
