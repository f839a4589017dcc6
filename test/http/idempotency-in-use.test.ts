import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Claim, claimKey } from '../../src/auth/idempotency.js';
import { Reads } from '../../src/platform/reads.js';
import { useGateway } from '../support/gateway.js';
import { aWorld, type Person, sessionIdOf } from '../support/world.js';

const gateway = useGateway({ databaseTimeouts: { connect: 5_000, lock: 300, statement: 30_000 } });

const createTeam = 'mutation ($input: CreateTeamInput!) { createTeam(input: $input) { team { name } } }';

/** Claims a key as a request does that is still under way. */
async function claimAs({ accessToken }: Person, key: string): Promise<Claim> {
  const { services } = gateway();
  const scope = {
    ...services,
    principal: { kind: 'session' as const, sessionId: sessionIdOf({ accessToken }) },
    request: { id: randomUUID(), ip: null, userAgent: null },
    reads: new Reads(services.db.batcher),
    currentOrganizationId: null,
  };
  return (await claimKey(scope, key, { document: createTeam, operationName: null, variables: {} })) as Claim;
}

describe('an Idempotency-Key that is in use', () => {
  it('is waited for no longer than for a lock, told as a conflict, and free when the first has come to nothing', async () => {
    const { admin, organization } = await aWorld(gateway());
    const key = randomUUID();
    const first = await claimAs(admin, key);
    const repeat = async () => {
      const response = await fetch(`${gateway().url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${admin.accessToken}`,
          'idempotency-key': key,
        },
        body: JSON.stringify({
          query: createTeam,
          variables: { input: { organizationId: organization.id, name: 'Guides' } },
        }),
      });
      return { status: response.status, answer: (await response.json()) as object };
    };
    expect(await repeat()).toMatchObject({
      status: 409,
      answer: { errors: [{ extensions: { code: 'CONFLICT', reason: 'IDEMPOTENCY_KEY_IN_USE' } }] },
    });
    await first.undo();
    expect(await repeat()).toEqual({ status: 200, answer: { data: { createTeam: { team: { name: 'Guides' } } } } });
  });
});
