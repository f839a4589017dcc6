import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Catalogue } from '../../src/auth/permissions.js';
import { assertCustom, assertMayShadow, assertUnused } from '../../src/modules/role/role.policy.js';
import { refusalBy } from './people.js';

function pathsIn(refusal: Record<string, unknown> | null): string[] {
  return ((refusal?.issues ?? []) as { path: string }[]).map(({ path }) => path);
}

describe('the permissions of a role', () => {
  const catalogue = new Catalogue([{ permission: 'tours.publish', description: 'Publish tours.' }]);

  it('are all in the catalogue, or each of the others is named', () => {
    const known = fc.constantFrom('organization.read', 'audit.read', 'tours.publish');
    const unknown = fc.constantFrom('tours.cancel', 'super_admin', 'organization.*', 'Organization.read', '');
    fc.assert(
      fc.property(fc.array(fc.oneof(known, unknown)), (permissions) => {
        const wrong = permissions.flatMap((code, index) =>
          ['organization.read', 'audit.read', 'tours.publish'].includes(code) ? [] : [`input.permissions.${index}`],
        );
        const refusal = refusalBy(() => catalogue.known(permissions, 'input.permissions'));
        expect(pathsIn(refusal)).toEqual(wrong);
        expect(refusal?.code).toBe(wrong.length > 0 ? 'BAD_USER_INPUT' : undefined);
        if (wrong.length === 0)
          expect(catalogue.known(permissions, 'input.permissions')).toEqual([...new Set(permissions)]);
      }),
    );
  });

  it('are there for the operator’s own features only where the operator has named them', () => {
    expect(pathsIn(refusalBy(() => new Catalogue().known(['tours.publish'], 'input.permissions')))).toEqual([
      'input.permissions.0',
    ]);
  });
});

describe('a system role is shadowed', () => {
  it.each(['administrator', 'super_admin'])('never if it is %s', (key) => {
    expect(pathsIn(refusalBy(() => assertMayShadow({ key, rank: 1 })))).toEqual(['input.key']);
  });

  it.each([
    ['billing_manager', 40],
    ['team_manager', 40],
    ['developer', 30],
    ['member', 20],
    ['viewer', 10],
  ])('not above its rank: %s, %i', (key, highest) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), (rank) => {
        const paths = pathsIn(refusalBy(() => assertMayShadow({ key, rank })));
        expect(paths).toEqual(rank > highest ? ['input.rank'] : []);
      }),
    );
  });

  it('by no other key, whatever its rank', () => {
    for (const key of ['guide', 'constructor', 'toString']) {
      expect(refusalBy(() => assertMayShadow({ key, rank: 99 }))).toBeNull();
    }
  });
});

describe('a role', () => {
  const role = { key: 'viewer', rank: 10, permissions: [] };

  it('of the system does not change', () => {
    const refusal = refusalBy(() => assertCustom({ ...role, isSystem: true }));
    expect(refusal).toEqual({ code: 'CONFLICT', reason: 'SYSTEM_ROLE' });
    expect(refusalBy(() => assertCustom({ ...role, isSystem: false }))).toBeNull();
  });

  it('that is in use does not go, and says how many have it', () => {
    expect(refusalBy(() => assertUnused(0))).toBeNull();
    expect(refusalBy(() => assertUnused(3))).toEqual({ code: 'ROLE_IN_USE', count: 3 });
  });
});
