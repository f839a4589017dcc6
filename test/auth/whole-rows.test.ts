import { describe, expect, it } from 'vitest';
import { type Scope, standingIn } from '../../src/auth/scope.js';
import type { OrganizationStanding } from '../../src/auth/standing.js';
import { standingsWith } from '../../src/auth/standing-sql.js';
import { wholeOrganization, wholeRole, wholeUser } from '../../src/auth/whole-rows.js';
import { Reads } from '../../src/platform/reads.js';
import { useGateway } from '../support/gateway.js';
import { countingStatements } from '../support/statements.js';
import { aWorld, type Colleague, type Person, scopeOf, sessionIdOf } from '../support/world.js';

const gateway = useGateway();

/** The scope of a request with the session of a person. */
function scopeWith(person: Person, more: Partial<Scope>): Scope {
  const { services } = gateway();
  const principal = { kind: 'session' as const, sessionId: sessionIdOf(person) };
  return { ...scopeOf(gateway()), ...more, principal, reads: new Reads(services.db.batcher) };
}

async function rowsOf(scope: Scope, organizationId: string) {
  const standing = (await standingIn(scope, organizationId)) as OrganizationStanding;
  return [await wholeUser(scope, standing), await wholeOrganization(scope, standing), await wholeRole(scope, standing)];
}

describe('the rows of a standing', () => {
  it('are the same whether they come with it or are read for somebody who looks at them', async () => {
    const world = await aWorld(gateway());
    const colleagues: Colleague[] = [await world.join('team_manager'), await world.join('viewer')];
    const all = standingsWith('user', 'organization', 'role');
    for (const person of [world.admin, ...colleagues]) {
      const along = await countingStatements(() =>
        rowsOf(scopeWith(person, { standings: all }), world.organization.id),
      );
      const apart = await countingStatements(() => rowsOf(scopeWith(person, {}), world.organization.id));
      expect(apart.result).toMatchObject(along.result as object[]);
      expect([along.statements.length, apart.statements.length]).toEqual([1, 4]);
    }
  });
});
