import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { hashSecret, newSecret } from '../../../src/platform/secret.js';
import { tasksOf } from '../../../src/tasks.js';
import { codeOf } from '../../support/client.js';
import { useOwnGateway } from '../../support/own-gateway.js';
import { aPerson, type Person, write } from '../../support/world.js';
import { accountsOf } from './accounts.js';

const gateway = useOwnGateway();

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

const forget = () => tasksOf(gateway().services, async () => {}).forget_what_is_over!({});

const sessionIds = async () => (await gateway().services.db.prisma.session.findMany()).map(({ userId }) => userId);

/** Somebody whose session ends, or was ended, so many days ago. */
async function aSession(given: { expiresAt?: Date; revokedAt?: Date }): Promise<Person> {
  const person = await aPerson(gateway());
  await gateway().services.db.prisma.session.updateMany({ where: { userId: person.user.id }, data: given });
  return person;
}

it('forgets sessions a week after their end, with their tokens, and no user', async () => {
  const kept = [
    await aSession({}),
    await aSession({ expiresAt: daysAgo(6.9) }),
    await aSession({ revokedAt: daysAgo(6.9) }),
    await aSession({ expiresAt: daysAgo(1), revokedAt: daysAgo(2) }),
  ];
  const gone = [
    await aSession({ expiresAt: daysAgo(7.1) }),
    await aSession({ revokedAt: daysAgo(7.1) }),
    await aSession({ expiresAt: daysAgo(1), revokedAt: daysAgo(8) }),
  ];
  await forget();
  expect((await sessionIds()).sort()).toEqual(kept.map(({ user }) => user.id).sort());
  expect(await gateway().services.db.prisma.refreshToken.count()).toBe(kept.length);
  expect(await gateway().services.db.prisma.user.count()).toBe(kept.length + gone.length);
  expect(codeOf(await kept[0]!.send('{ me { id } }'))).toBeUndefined();
  const { refresh } = accountsOf(gateway);
  expect(codeOf(await refresh(kept[0]!))).toBeUndefined();
  expect(codeOf(await refresh(gone[0]!))).toBe('UNAUTHENTICATED');
});

it('forgets links a week after their end, used or not, and no others', async () => {
  const { user } = await aPerson(gateway());
  const link = (days: number, used = false) => ({
    hash: hashSecret(newSecret()),
    userId: user.id,
    purpose: 'RESET_PASSWORD' as const,
    email: user.email,
    expiresAt: daysAgo(days),
    usedAt: used ? daysAgo(30) : null,
  });
  const kept = [link(-1), link(-1, true), link(6.9), link(6.9, true)];
  await write(gateway(), (set) => {
    for (const row of [...kept, link(7.1), link(7.1, true)]) set.insert('account_tokens', row);
  });
  await forget();
  const rows = await gateway().services.db.prisma.accountToken.findMany();
  const hex = ({ hash }: { hash: Uint8Array }) => Buffer.from(hash).toString('hex');
  expect(rows.map(hex).sort()).toEqual(kept.map(hex).sort());
});

it('forgets counters once their time is over', async () => {
  const { rateLimit } = gateway().services.db.prisma;
  const [over, counting] = [randomBytes(8).toString('hex'), randomBytes(8).toString('hex')];
  await rateLimit.createMany({
    data: [
      { key: over, points: 5, expire: Date.now() - 1000 },
      { key: counting, points: 5, expire: Date.now() + 60_000 },
    ],
  });
  await forget();
  expect((await rateLimit.findMany()).map(({ key }) => key)).toEqual([counting]);
});
