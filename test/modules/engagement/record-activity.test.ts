import { describe, expect, it } from 'vitest';
import { newId } from '../../../src/platform/id.js';
import { useGateway } from '../../support/gateway.js';
import { aWorld } from '../../support/world.js';
import { aKey } from '../api-key/keys.js';
import { trailOf } from '../audit/reading.js';
import { pathsIn } from '../lists.js';
import { daysAgo, type Entry, entry, record, recorded } from './engaging.js';
import { counts, outcomeOf, recordingsOf } from './recordings.js';

const gateway = useGateway();
const { written, lastActiveAt } = recordingsOf(gateway);

const minuteMs = 60_000;

describe('recording one’s own activity', () => {
  it('adds it to the day of the person, of the team and of the organization', async () => {
    const world = await aWorld(gateway());
    const bo = await world.join('member');
    const teamId = await world.team('Red', bo);
    const startedAt = daysAgo(3);
    const entries = [
      entry({ startedAt }),
      entry({ startedAt, teamId, activeSeconds: 90 }),
      entry({ startedAt, teamId }),
    ];
    expect(await recorded(world, bo, ...entries)).toEqual({ accepted: 3, duplicates: 0, rejected: [] });
    expect(await written(world)).toEqual(counts(3, 1290, 2));
    const days = await gateway().services.db.run(
      `SELECT user_id, team_id, day, active_seconds::int AS seconds, sessions, last_active_at AS last
       FROM activity_days WHERE organization_id = $1 ORDER BY sessions`,
      [world.organization.id],
    );
    const row = { user_id: bo.user.id, day: startedAt.slice(0, 10), last: new Date(startedAt) };
    expect(days).toEqual([
      { ...row, team_id: null, seconds: 600, sessions: 1 },
      { ...row, team_id: teamId, seconds: 690, sessions: 2 },
    ]);
  });

  it('names the person by the membership, by the user, or not at all', async () => {
    const world = await aWorld(gateway());
    const bo = await world.join('viewer');
    const { memberId } = bo;
    for (const given of [{}, { memberId }, { userId: bo.user.id }, { userId: bo.user.id.toUpperCase() }]) {
      expect(await outcomeOf(world, bo, given)).toBe('ACCEPTED');
    }
    expect(await outcomeOf(world, bo, { memberId, userId: bo.user.id })).toBe('BAD_USER_INPUT');
    expect(await outcomeOf(world, bo, { memberId: bo.user.id })).toBe('FORBIDDEN');
    expect(await written(world)).toEqual(counts(4, 2400));
  });

  it('is refused for anybody else, which is recorded once', async () => {
    const world = await aWorld(gateway());
    const bo = await world.join('member');
    const others = [entry({ memberId: bo.memberId }), entry({ userId: bo.user.id }), entry({ userId: newId() })];
    const answer = await recorded(world, world.admin, ...others, entry());
    expect(answer.rejected.map(({ index, code }) => [index, code])).toEqual([
      [0, 'FORBIDDEN'],
      [1, 'FORBIDDEN'],
      [2, 'FORBIDDEN'],
    ]);
    expect(answer.accepted).toBe(1);
    const [refusal, ...more] = await trailOf(world, { actions: ['ACCESS_REFUSED'] });
    expect(more).toEqual([]);
    expect(refusal!.changes.operation).toEqual({ before: null, after: 'recordActivity' });
  });

  it('lets lastActiveAt follow, and never go back', async () => {
    const world = await aWorld(gateway());
    const bo = await world.join('member');
    await recorded(world, bo, entry({ startedAt: daysAgo(5) }), entry({ startedAt: daysAgo(9) }));
    const latest = await lastActiveAt(bo);
    expect(Date.parse(latest!)).toBeCloseTo(Date.now() - 5 * 86_400_000, -5);
    await recorded(world, bo, entry({ startedAt: daysAgo(7) }));
    expect(await lastActiveAt(bo)).toBe(latest);
    const startedAt = daysAgo(2);
    await recorded(world, bo, entry({ startedAt }));
    expect(await lastActiveAt(bo)).toBe(startedAt);
  });

  it('is no change of the organization, and leaves no audit event', async () => {
    const world = await aWorld(gateway());
    const before = await trailOf(world);
    await recorded(world, world.admin, entry());
    expect(await trailOf(world)).toEqual(before);
    const { id } = world.organization;
    expect(await gateway().services.db.prisma.organization.findUnique({ where: { id } })).toEqual(world.organization);
  });
});

describe('an entry by itself', () => {
  const refused: [why: string, given: Entry][] = [
    ['in the future', { startedAt: daysAgo(0, 6 * minuteMs) }],
    ['older than 366 days', { startedAt: daysAgo(366, -minuteMs) }],
    ['longer than a day', { activeSeconds: 86_401 }],
    ['of no time', { activeSeconds: 0 }],
    ['of less than no time', { activeSeconds: -1 }],
    ['without an id', { idempotencyId: '' }],
    ['with an id that is too long', { idempotencyId: 'x'.repeat(101) }],
    ['with a space in its id', { idempotencyId: 'a b' }],
    ['with letters in its id that look like others', { idempotencyId: 'а' }],
    ['for a team whose id is none', { teamId: 'red' }],
  ];
  for (const [why, given] of refused) {
    it(`is refused if it is ${why}, and the others are not`, async () => {
      const world = await aWorld(gateway());
      const { accepted, rejected } = await recorded(world, world.admin, entry(), entry(given), entry());
      expect(accepted).toBe(2);
      const path = `input.entries.1.${Object.keys(given)[0]}: `;
      expect(rejected).toEqual([
        { index: 1, code: 'BAD_USER_INPUT', message: expect.stringContaining(path) as string },
      ]);
    });
  }

  it('is recorded up to the bounds of all that', async () => {
    const world = await aWorld(gateway());
    const bounds = [
      { startedAt: daysAgo(0, 4 * minuteMs) },
      { startedAt: daysAgo(366, minuteMs) },
      { activeSeconds: 86_400 },
      { activeSeconds: 1 },
      { idempotencyId: '~'.repeat(100) },
    ];
    const entries = bounds.map((given) => entry(given));
    expect(await recorded(world, world.admin, ...entries)).toEqual({ accepted: 5, duplicates: 0, rejected: [] });
  });

  it('is refused for a team that is unknown, of others, or not one’s own', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const bo = await world.join('member');
    const foreign = await other.team('Red', other.admin);
    for (const teamId of [newId(), foreign, await world.team('Blue', world.admin)]) {
      expect(await outcomeOf(world, bo, { teamId })).toBe('NOT_FOUND');
    }
    expect(await written(world)).toEqual(counts(0, 0));
  });
});

describe('the entries of a call', () => {
  it('are 1 to 1,000', async () => {
    const world = await aWorld(gateway());
    const many = (count: number) => Array.from({ length: count }, () => entry());
    expect(pathsIn(await record(world, world.admin))).toEqual(['input.entries']);
    expect(pathsIn(await record(world, world.admin, ...many(1001)))).toEqual(['input.entries']);
    expect((await recorded(world, world.admin, ...many(1000))).accepted).toBe(1000);
    expect(await written(world)).toEqual(counts(1000, 600_000));
  });

  it('say, each for itself, what is wrong with which field', async () => {
    const world = await aWorld(gateway());
    const document = `mutation ($input: RecordActivityInput!) {
      recordActivity(input: $input) { accepted rejected { index code issues { path message } } }
    }`;
    const entries = [entry(), entry({ activeSeconds: 0, idempotencyId: '' }), entry({ memberId: newId() })];
    const { data } = await world.admin.send(document, { input: { organizationId: world.organization.id, entries } });
    expect(data).toEqual({
      recordActivity: {
        accepted: 1,
        rejected: [
          {
            index: 1,
            code: 'BAD_USER_INPUT',
            issues: [
              { path: 'input.entries.1.activeSeconds', message: 'must be at least 1' },
              {
                path: 'input.entries.1.idempotencyId',
                message: 'must have 1 to 100 characters, none of them a space',
              },
            ],
          },
          { index: 2, code: 'FORBIDDEN', issues: [] },
        ],
      },
    });
  });

  it('count once for an id, in one call, in two, and whoever sends it', async () => {
    const world = await aWorld(gateway());
    const bo = await world.join('member');
    const [first, second] = [entry(), entry()];
    const { idempotencyId } = first;
    const again = entry({ idempotencyId, activeSeconds: 1 });
    expect(await recorded(world, bo, first, again, second)).toEqual({ accepted: 2, duplicates: 1, rejected: [] });
    expect(await recorded(world, bo, second, first)).toEqual({ accepted: 0, duplicates: 2, rejected: [] });
    expect(await recorded(world, world.admin, again)).toEqual({ accepted: 0, duplicates: 1, rejected: [] });
    expect(await written(world)).toEqual(counts(2, 1200));
    const other = await aWorld(gateway());
    expect((await recorded(other, other.admin, first)).accepted).toBe(1);
  });

  it('count once for an id of which only the first was refused', async () => {
    const world = await aWorld(gateway());
    const { idempotencyId } = entry();
    const answer = await recorded(
      world,
      world.admin,
      entry({ idempotencyId, activeSeconds: 0 }),
      entry({ idempotencyId }),
    );
    expect(answer).toMatchObject({ accepted: 1, duplicates: 0, rejected: [{ index: 0 }] });
  });

  it('count once, however many send them at once and in whatever order', async () => {
    const world = await aWorld(gateway());
    const bo = await world.join('member');
    const teamId = await world.team('Red', bo, world.admin);
    const key = await aKey(gateway(), world, world.admin);
    const entries = Array.from({ length: 60 }, (_, index) =>
      entry({
        userId: [bo, world.admin][index % 2]!.user.id,
        startedAt: daysAgo(index % 5),
        ...(index % 3 && { teamId }),
      }),
    );
    const sent = Array.from({ length: 12 }, (_, n) => (n % 2 ? entries : entries.toReversed()).slice(n % 4));
    const answers = await Promise.all(sent.map((some) => recorded(world, key, ...some)));
    expect(answers.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(60);
    expect(answers.flatMap(({ rejected }) => rejected)).toEqual([]);
    expect(await written(world)).toEqual(counts(60, 36_000, 40));
  });

  it('are all counted, however many different ones come at once for the same day', async () => {
    const world = await aWorld(gateway());
    const startedAt = daysAgo(1);
    await Promise.all(
      Array.from({ length: 20 }, () => recorded(world, world.admin, entry({ startedAt }), entry({ startedAt }))),
    );
    expect(await written(world)).toEqual(counts(40, 24_000));
  });
});
