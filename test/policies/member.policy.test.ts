import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertLowerRank } from '../../src/auth/rank.js';
import {
  assertAdministratorRemains,
  assertMayManage,
  assertMayMoveInTeams,
} from '../../src/modules/member/member.policy.js';
import { anActor, aTarget, refusalBy } from './people.js';

const byRank = { code: 'FORBIDDEN', reason: 'RANK' };
const rank = fc.integer({ min: 1, max: 100 });

describe('one acts', () => {
  it('on others if and only if they rank lower', () => {
    fc.assert(
      fc.property(rank, rank, (own, other) => {
        const actor = anActor({ rank: own, member: { id: 'actor' } as never });
        const expected = other < own ? null : byRank;
        expect(refusalBy(() => assertMayManage(actor, aTarget({ rank: other })))).toEqual(expected);
        expect(refusalBy(() => assertLowerRank(actor, aTarget({ rank: other })))).toEqual(expected);
      }),
    );
  });

  it('on oneself, except where only lower ranks count', () => {
    const actor = anActor({ rank: 20, member: { id: 'actor' } as never });
    const self = aTarget({ id: 'actor', rank: 20 });
    expect(refusalBy(() => assertMayManage(actor, self))).toBeNull();
    expect(refusalBy(() => assertLowerRank(actor, self))).toEqual(byRank);
  });

  it('on administrators as a super admin only', () => {
    const administrator = aTarget({ key: 'administrator', rank: 100 });
    const other = anActor({ rank: 100, member: { id: 'other' } as never });
    expect(refusalBy(() => assertMayManage(other, administrator))).toEqual(byRank);
    expect(refusalBy(() => assertMayManage(anActor({ rank: 1000 }), administrator))).toBeNull();
  });
});

describe('a manager of teams moves a member', () => {
  const teams = ['red', 'blue', 'green', 'grey'];
  const byTeam = { code: 'FORBIDDEN', requiredPermission: 'teams.assign', reason: 'TEAM' };

  it('if and only if out of a managed team, and into a managed one or none', () => {
    fc.assert(
      fc.property(
        fc.subarray(teams),
        fc.subarray(teams),
        fc.constantFrom(...teams, null),
        (managedTeamIds, current, next) => {
          const actor = anActor({ rank: 40, managedTeamIds });
          const isTheirs = current.some((team) => managedTeamIds.includes(team));
          const may = isTheirs && (next === null || managedTeamIds.includes(next));
          const places = current.map((teamId) => ({ teamId, role: 'MEMBER' as const }));
          expect(refusalBy(() => assertMayMoveInTeams(actor, aTarget(), places, next))).toEqual(may ? null : byTeam);
        },
      ),
    );
  });

  it('only if it dismisses no manager of them', () => {
    const actor = anActor({ rank: 40, managedTeamIds: ['red', 'blue'] });
    const places = [{ teamId: 'red', role: 'MANAGER' as const }];
    expect(refusalBy(() => assertMayMoveInTeams(actor, aTarget(), places, 'blue'))).toMatchObject({
      reason: 'MANAGER',
    });
    expect(refusalBy(() => assertMayMoveInTeams(actor, aTarget(), places, 'red'))).toBeNull();
  });

  it('only if that member ranks lower, so neither another manager nor oneself', () => {
    const actor = anActor({ rank: 40, managedTeamIds: ['red'], member: { id: 'actor' } as never });
    for (const target of [aTarget({ rank: 40 }), aTarget({ id: 'actor', rank: 40 }), aTarget({ rank: 100 })]) {
      expect(refusalBy(() => assertMayMoveInTeams(actor, target, [{ teamId: 'red', role: 'MEMBER' }], null))).toEqual(
        byRank,
      );
    }
  });
});

describe('an active administrator', () => {
  const administrator = aTarget({ id: 'ada', key: 'administrator', rank: 100 });

  it('goes only if another one remains', () => {
    const last = { code: 'LAST_ADMINISTRATOR' };
    expect(refusalBy(() => assertAdministratorRemains(administrator, []))).toEqual(last);
    expect(refusalBy(() => assertAdministratorRemains(administrator, [{ id: 'ada' }]))).toEqual(last);
    expect(refusalBy(() => assertAdministratorRemains(administrator, [{ id: 'ada' }, { id: 'bob' }]))).toBeNull();
  });

  it('is not who is suspended, or holds another role of the same rank', () => {
    for (const target of [
      { ...administrator, status: 'SUSPENDED' as const },
      aTarget({ id: 'ada', key: 'chief', rank: 100 }),
    ]) {
      expect(refusalBy(() => assertAdministratorRemains(target, [{ id: 'ada' }]))).toBeNull();
    }
  });
});
