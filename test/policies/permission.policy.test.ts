import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explain, type Subject } from '../../src/modules/permission/permission.policy.js';

/** A team manager of good standing, who manages one team. */
const manager: Subject = {
  user: { status: 'ACTIVE' },
  isSuperAdmin: false,
  apiKey: null,
  organization: { status: 'ACTIVE' },
  member: { status: 'ACTIVE' },
  managedTeamIds: ['red'],
  permissions: new Set(['teams.read']),
  rank: 40,
};
const nothing = { permissions: new Set<string>(), managedTeamIds: [] };

describe('a permission is granted', () => {
  it('by the role, or to a super admin', () => {
    expect(explain(manager, 'teams.read')).toEqual({ granted: true, reason: 'ROLE' });
    expect(explain(manager, 'teams.read', 'blue')).toEqual({ granted: true, reason: 'ROLE' });
    expect(explain({ ...manager, isSuperAdmin: true, member: null }, 'teams.read')).toEqual({
      granted: true,
      reason: 'SUPER_ADMIN',
    });
  });

  it.each(['teams.update', 'teams.assign', 'stats.read'])('in the managed team: %s', (permission) => {
    expect(explain(manager, permission, 'red')).toEqual({ granted: true, reason: 'TEAM_MANAGER' });
    for (const team of ['blue', null, undefined]) {
      expect(explain(manager, permission, team)).toEqual({ granted: false, reason: 'ONLY_IN_MANAGED_TEAMS' });
    }
    expect(explain({ ...manager, managedTeamIds: [] }, permission, 'red').reason).toBe('ROLE_LACKS_PERMISSION');
  });

  it.each(['teams.create', 'teams.delete', 'users.update', 'tours.publish'])('not to its manager: %s', (permission) => {
    expect(explain(manager, permission, 'red')).toEqual({ granted: false, reason: 'ROLE_LACKS_PERMISSION' });
  });

  it('never when neither role nor team gives it', () => {
    const status = fc.constantFrom('ACTIVE', 'SUSPENDED', 'DELETED');
    const subject = fc.record({
      user: fc.record({ status }),
      isSuperAdmin: fc.boolean(),
      organization: fc.record({ status }),
      member: fc.option(fc.record({ status })),
    });
    fc.assert(
      fc.property(subject, (subject) => {
        expect(explain({ ...manager, ...nothing, ...subject }, 'teams.assign', 'red').granted).toBe(false);
      }),
    );
  });
});

describe('of several reasons against, the one that counts most is named', () => {
  const suspended = { status: 'SUSPENDED' };
  const states: [string, Partial<Subject>][] = [
    ['USER_SUSPENDED', { user: { status: 'SUSPENDED' } }],
    ['NOT_A_MEMBER', { member: null }],
    ['ORGANIZATION_SUSPENDED', { organization: suspended }],
    ['MEMBER_SUSPENDED', { member: suspended }],
  ];

  it.each(states)('%s', (reason, state) => {
    expect(explain({ ...manager, ...nothing, ...state }, 'users.read')).toEqual({ granted: false, reason });
  });

  it('from the user over the membership and the organization down to the role', () => {
    const all = { user: { status: 'SUSPENDED' }, organization: suspended, member: suspended };
    expect(explain({ ...manager, ...nothing, ...all }, 'users.read').reason).toBe('USER_SUSPENDED');
    const { user: _, ...rest } = all;
    expect(explain({ ...manager, ...nothing, ...rest }, 'users.read').reason).toBe('ORGANIZATION_SUSPENDED');
    expect(explain({ ...manager, ...nothing, ...rest, member: null }, 'users.read').reason).toBe('NOT_A_MEMBER');
  });
});
