import { describe, expect, it } from 'vitest';
import { newId } from '../../../src/platform/id.js';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld } from '../../support/world.js';
import { nobody } from '../adversaries.js';
import { aKey } from '../api-key/keys.js';
import { setMemberStatus } from '../states.js';
import { daysAgo, entry, record } from './engaging.js';
import { counts, outcomeOf, recordingsOf } from './recordings.js';

const gateway = useGateway();
const { written, lastActiveAt } = recordingsOf(gateway);

describe('with an API key that may write', () => {
  it('anybody’s activity in the organization is recorded, and the own without a name', async () => {
    const world = await aWorld(gateway());
    const bo = await world.join('member');
    const key = await aKey(gateway(), world, world.admin);
    const teamId = await world.team('Red', bo);
    const [earlier, later] = [daysAgo(3), daysAgo(2)];
    for (const given of [
      {},
      { memberId: bo.memberId, startedAt: later },
      { userId: bo.user.id, teamId, startedAt: earlier },
    ]) {
      expect(await outcomeOf(world, key, given)).toBe('ACCEPTED');
    }
    expect(await outcomeOf(world, key, { teamId })).toBe('NOT_FOUND');
    expect(await lastActiveAt(bo)).toBe(later);
  });

  it('it is refused for who is not a member, has left, or is suspended', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const key = await aKey(gateway(), world, world.admin);
    const [suspended, gone] = [await world.join('member'), await world.join('member')];
    await setMemberStatus(gateway(), world, suspended, 'SUSPENDED');
    await gateway().services.db.write('DELETE FROM members WHERE id = $1', [gone.memberId]);
    const stopped = await world.join('member');
    await gateway().services.db.write(`UPDATE users SET status = 'SUSPENDED' WHERE id = $1`, [stopped.user.id]);
    for (const { memberId, user } of [suspended, gone, stopped, other.admin]) {
      expect(await outcomeOf(world, key, { memberId })).toBe('NOT_FOUND');
      expect(await outcomeOf(world, key, { userId: user.id })).toBe('NOT_FOUND');
    }
    expect(await outcomeOf(world, key, { userId: newId() })).toBe('NOT_FOUND');
    expect(await outcomeOf(world, key, { memberId: world.admin.user.id })).toBe('NOT_FOUND');
    expect(await outcomeOf(world, key, { userId: world.admin.memberId })).toBe('NOT_FOUND');
  });

  it('is refused with one that may only read', async () => {
    const world = await aWorld(gateway());
    const key = await aKey(gateway(), world, world.admin, { scopes: ['organizations:read'] });
    const answer = await record(world, key, entry());
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', requiredScope: 'organizations:write' });
  });
});

describe('recording as a whole', () => {
  it('is for members who are not suspended', async () => {
    const world = await aWorld(gateway());
    expect(codeOf(await record(world, nobody(gateway()), entry()))).toBe('UNAUTHENTICATED');
    expect(codeOf(await record(world, await aPerson(gateway()), entry()))).toBe('NOT_FOUND');
    const bo = await world.join('member');
    await setMemberStatus(gateway(), world, bo, 'SUSPENDED');
    expect((await record(world, bo, entry())).errors?.[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      reason: 'MEMBERSHIP_SUSPENDED',
    });
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    expect(await outcomeOf(world, superAdmin, {})).toBe('NOT_FOUND');
    expect(await outcomeOf(world, superAdmin, { memberId: bo.memberId })).toBe('FORBIDDEN');
    expect(await written(world)).toEqual(counts(0, 0));
  });

  it('is refused while the organization is suspended', async () => {
    const world = await aWorld(gateway());
    await gateway().services.db.write(`UPDATE organizations SET status = 'SUSPENDED' WHERE id = $1`, [
      world.organization.id,
    ]);
    expect(codeOf(await record(world, world.admin, entry()))).toBe('FORBIDDEN');
  });
});
