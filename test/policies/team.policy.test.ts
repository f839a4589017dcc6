import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertMayAssign, assertPermittedInTeam } from '../../src/modules/team/team.policy.js';
import { anActor, aTarget, refusalBy } from './people.js';

describe('in a team', () => {
  const inTeams = ['teams.update', 'teams.assign', 'stats.read'] as const;
  const others = ['teams.read', 'teams.create', 'teams.delete', 'users.update', 'organization.update'] as const;
  const permission = fc.constantFrom(...inTeams, ...others);

  it('one may what one may in the organization', () => {
    fc.assert(
      fc.property(permission, (held) => {
        expect(refusalBy(() => assertPermittedInTeam(anActor({ permissions: [held] }), held, 'red'))).toBeNull();
      }),
    );
  });

  it('its managers may three things more, and nobody else', () => {
    fc.assert(
      fc.property(permission, fc.subarray(['red', 'blue']), (asked, managedTeamIds) => {
        const may = managedTeamIds.includes('red') && inTeams.some((code) => code === asked);
        expect(refusalBy(() => assertPermittedInTeam(anActor({ managedTeamIds }), asked, 'red'))).toEqual(
          may ? null : { code: 'FORBIDDEN', requiredPermission: asked },
        );
      }),
    );
  });
});

describe('a member is assigned', () => {
  const manager = anActor({ rank: 40, managedTeamIds: ['red'] });

  it('by a manager of the team, if of lower rank', () => {
    expect(refusalBy(() => assertMayAssign(manager, aTarget({ rank: 39 }), null, 'MEMBER'))).toBeNull();
    for (const rank of [40, 100]) {
      expect(refusalBy(() => assertMayAssign(manager, aTarget({ rank }), null, 'MEMBER'))).toEqual({
        code: 'FORBIDDEN',
        reason: 'RANK',
      });
    }
  });

  it.each([
    ['appoint', null, 'MANAGER'],
    ['raise', 'MEMBER', 'MANAGER'],
    ['lower', 'MANAGER', 'MEMBER'],
    ['dismiss', 'MANAGER', null],
  ] as const)('but no manager can %s a manager', (_, before, after) => {
    expect(refusalBy(() => assertMayAssign(manager, aTarget(), before, after))).toMatchObject({
      code: 'FORBIDDEN',
      reason: 'MANAGER',
    });
  });

  it('as anything and whoever it is, by whoever may assign in the whole organization', () => {
    const assigner = anActor({ permissions: ['teams.assign'], rank: 10 });
    expect(refusalBy(() => assertMayAssign(assigner, aTarget({ rank: 100 }), 'MEMBER', 'MANAGER'))).toBeNull();
  });

  it('as a manager whom the role makes one, only by whoever holds all that it brings', () => {
    const target = aTarget({ key: 'team_manager', rank: 40 });
    const assigner = anActor({ permissions: ['teams.assign'], rank: 100 });
    expect(refusalBy(() => assertMayAssign(assigner, target, 'MEMBER', 'MANAGER'))).toEqual({
      code: 'ROLE_CEILING',
      missingPermissions: ['teams.update', 'stats.read'],
    });
    expect(refusalBy(() => assertMayAssign(assigner, target, 'MANAGER', 'MEMBER'))).toBeNull();
    const holder = anActor({ permissions: ['teams.assign', 'teams.update', 'stats.read'], rank: 100 });
    expect(refusalBy(() => assertMayAssign(holder, target, null, 'MANAGER'))).toBeNull();
  });
});
