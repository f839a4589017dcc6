import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertMayGrant, mayGrant } from '../../src/auth/ceiling.js';
import { Catalogue, type RoleAuthority } from '../../src/auth/permissions.js';
import { anActor, refusalBy } from './people.js';

const catalogue = new Catalogue([{ permission: 'tours.publish', description: 'Publish tours.' }]);
const codes = ['organization.read', 'users.read', 'users.update', 'roles.update', 'teams.assign', 'tours.publish'];

const someCodes = fc.subarray(codes);
const actor = fc.record({ permissions: someCodes, rank: fc.integer({ min: 0, max: 1000 }) });
const role = fc.record({
  key: fc.constant('guide'),
  rank: fc.integer({ min: 1, max: 99 }),
  permissions: someCodes,
  isSystem: fc.constant(false),
});

function system(key: string, rank: number): RoleAuthority {
  return { key, rank, permissions: [], isSystem: true };
}

describe('a role may be granted', () => {
  it('if and only if its rank and all of its permissions are within those of the actor', () => {
    fc.assert(
      fc.property(actor, role, (actor, role) => {
        const within = role.permissions.every((code) => actor.permissions.includes(code)) && role.rank <= actor.rank;
        expect(mayGrant(anActor(actor), { role }, catalogue)).toBe(within);
        expect(refusalBy(() => assertMayGrant(anActor(actor), { role }, catalogue)) === null).toBe(within);
      }),
      { numRuns: 1000 },
    );
  });

  it('never by whoever lacks one of its permissions, however high', () => {
    fc.assert(
      fc.property(role, fc.constantFrom(...codes), (role, lacking) => {
        const actor = anActor({ permissions: codes.filter((code) => code !== lacking), rank: 1000 });
        const refusal = refusalBy(() =>
          assertMayGrant(actor, { role: { ...role, permissions: [...role.permissions, lacking] } }, catalogue),
        );
        expect(refusal).toEqual({ code: 'ROLE_CEILING', missingPermissions: [lacking] });
      }),
    );
  });

  it('never by whoever ranks below it, whatever else that person holds', () => {
    fc.assert(
      fc.property(role, fc.integer({ min: 1, max: 99 }), (role, below) => {
        const actor = anActor({ permissions: catalogue.all, rank: role.rank - below });
        expect(refusalBy(() => assertMayGrant(actor, { role }, catalogue))).toMatchObject({ code: 'ROLE_CEILING' });
      }),
    );
  });

  it('never by way of somebody else what could not be granted directly', () => {
    fc.assert(
      fc.property(actor, role, role, (actor, first, second) => {
        fc.pre(
          mayGrant(anActor(actor), { role: first }, catalogue) && mayGrant(anActor(first), { role: second }, catalogue),
        );
        expect(mayGrant(anActor(actor), { role: second }, catalogue)).toBe(true);
      }),
    );
  });
});

describe('what counts of a role', () => {
  const seesAll = ['organization.read', 'teams.read', 'workspaces.read', 'users.read', 'roles.read'];

  it('is for a system role what the product says, not what its row says', () => {
    const member = anActor({ permissions: seesAll, rank: 20 });
    expect(mayGrant(member, { role: system('viewer', 10) }, catalogue)).toBe(true);
    expect(mayGrant(member, { role: system('member', 20) }, catalogue)).toBe(true);
    expect(mayGrant(member, { role: { ...system('member', 20), permissions: ['users.delete'] } }, catalogue)).toBe(
      true,
    );
    expect(
      refusalBy(() =>
        assertMayGrant(anActor({ permissions: seesAll, rank: 40 }), { role: system('developer', 30) }, catalogue),
      ),
    ).toEqual({
      code: 'ROLE_CEILING',
      missingPermissions: [
        ...['workspaces.create', 'workspaces.update', 'api_keys.read', 'api_keys.create', 'api_keys.delete'],
        'integrations.read',
      ],
    });
  });

  it('is for a shadow what its own row says', () => {
    const shadow = { key: 'viewer', rank: 10, permissions: ['users.delete'], isSystem: false };
    expect(mayGrant(anActor({ permissions: seesAll, rank: 100 }), { role: shadow }, catalogue)).toBe(false);
    expect(mayGrant(anActor({ permissions: ['users.delete'], rank: 10 }), { role: shadow }, catalogue)).toBe(true);
  });

  it('is for administrators the whole catalogue, with what an operator has added', () => {
    const builtIn = anActor({ permissions: new Catalogue().all, rank: 100 });
    expect(mayGrant(builtIn, { role: system('administrator', 100) }, new Catalogue())).toBe(true);
    expect(refusalBy(() => assertMayGrant(builtIn, { role: system('administrator', 100) }, catalogue))).toEqual({
      code: 'ROLE_CEILING',
      missingPermissions: ['tours.publish'],
    });
  });

  it('is nothing that the catalogue does not have any more', () => {
    const role = { key: 'guide', rank: 10, permissions: ['organization.read', 'tours.cancel'], isSystem: false };
    expect(mayGrant(anActor({ permissions: ['organization.read'], rank: 10 }), { role }, catalogue)).toBe(true);
  });

  it('is also what it makes of the teams in which the receiver is a manager', () => {
    const teamManager = { role: system('team_manager', 40), managerIn: ['red', 'blue'] };
    const actor = { permissions: seesAll, rank: 40 };
    expect(mayGrant(anActor(actor), { ...teamManager, managerIn: [] }, catalogue)).toBe(true);
    expect(
      refusalBy(() => assertMayGrant(anActor({ ...actor, managedTeamIds: ['red'] }), teamManager, catalogue)),
    ).toEqual({
      code: 'ROLE_CEILING',
      missingPermissions: ['teams.update', 'teams.assign', 'stats.read'],
    });
    expect(mayGrant(anActor({ ...actor, managedTeamIds: ['red', 'blue'] }), teamManager, catalogue)).toBe(true);
    expect(mayGrant(anActor({ permissions: catalogue.all, rank: 100 }), teamManager, catalogue)).toBe(true);
    // Another role leaves the part in a team without effect.
    expect(mayGrant(anActor(actor), { role: system('member', 20), managerIn: ['red'] }, catalogue)).toBe(true);
  });
});
