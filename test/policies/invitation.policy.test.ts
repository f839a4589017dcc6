import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Catalogue } from '../../src/auth/permissions.js';
import {
  assertAddressedTo,
  assertPending,
  statusOf,
  stillMayInvite,
} from '../../src/modules/invitation/invitation.policy.js';
import { anActor, refusalBy } from './people.js';

const now = new Date('2026-05-01T12:00:00Z');
const at = (milliseconds: number) => new Date(now.getTime() + milliseconds);
const answered = ['ACCEPTED', 'DECLINED', 'REVOKED', 'INVALIDATED'] as const;

describe('an invitation', () => {
  it.each([
    [1, 'PENDING'],
    [0, 'EXPIRED'],
    [-1, 'EXPIRED'],
  ])('that ends %i milliseconds from now is %s', (milliseconds, status) => {
    expect(statusOf({ status: 'PENDING', expiresAt: at(milliseconds) }, now)).toBe(status);
  });

  it.each(answered)('stays %s, also after its time', (status) => {
    expect(statusOf({ status, expiresAt: at(-1) }, now)).toBe(status);
    const refusal = refusalBy(() => assertPending({ status, expiresAt: new Date(Date.now() + 60_000) }));
    expect(refusal).toEqual({ code: 'INVITATION_NOT_PENDING', status });
  });

  it('waits for an answer until its time has run out', () => {
    const pending = (milliseconds: number) => () =>
      assertPending({ status: 'PENDING', expiresAt: new Date(Date.now() + milliseconds) });
    expect(refusalBy(pending(60_000))).toBeNull();
    expect(refusalBy(pending(-60_000))).toEqual({ code: 'INVITATION_NOT_PENDING', status: 'EXPIRED' });
  });
});

describe('the invited address', () => {
  it('is the same in any case', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (email) => {
        expect(refusalBy(() => assertAddressedTo({ email: email.toUpperCase() }, { email }))).toBeNull();
        expect(refusalBy(() => assertAddressedTo({ email }, { email: email.toUpperCase() }))).toBeNull();
      }),
    );
  });

  it('is nobody else’s', () => {
    for (const email of ['eve@example.com', 'ada@example.com.evil', 'ada+x@example.com', 'ada@example.co', '']) {
      expect(refusalBy(() => assertAddressedTo({ email: 'ada@example.com' }, { email }))).toEqual({
        code: 'FORBIDDEN',
        reason: 'EMAIL_MISMATCH',
      });
    }
  });
});

describe('whoever has invited', () => {
  const catalogue = new Catalogue();
  const role = { key: 'guide', rank: 20, permissions: ['organization.read', 'teams.read'], isSystem: false };
  const permissions = ['users.invite', 'organization.read', 'teams.read'];

  it('still could, holding the permission and no less than the role', () => {
    expect(stillMayInvite(anActor({ permissions, rank: 20 }), role, catalogue)).toBe(true);
  });

  it.each(permissions)('could not any more without %s', (lost) => {
    const left = permissions.filter((code) => code !== lost);
    expect(stillMayInvite(anActor({ permissions: left, rank: 100 }), role, catalogue)).toBe(false);
  });

  it('could not any more from a lower rank, or from none', () => {
    expect(stillMayInvite(anActor({ permissions, rank: 19 }), role, catalogue)).toBe(false);
    expect(stillMayInvite(anActor(), role, catalogue)).toBe(false);
  });
});
