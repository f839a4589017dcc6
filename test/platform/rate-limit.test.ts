import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createRateLimit } from '../../src/platform/rate-limit.js';
import { useGateway } from '../support/gateway.js';

const gateway = useGateway();

/** A counter that nothing else uses. */
function aLimit(options = { points: 3, seconds: 60 }) {
  const { db } = gateway().services;
  const name = `test-${randomUUID()}`;
  return {
    limit: createRateLimit(db, name, options),
    /** The same counter in another process. */
    replica: createRateLimit(db, name, options),
    row: (key: string) => db.prisma.rateLimit.findUnique({ where: { key: `${name}:${key}` } }),
    letTimePass: (key: string) =>
      db.prisma.rateLimit.update({ where: { key: `${name}:${key}` }, data: { expire: Date.now() - 1 } }),
  };
}

const times = <Result>(count: number, work: () => Promise<Result>) => Promise.all(Array.from({ length: count }, work));

describe('a limit', () => {
  it('lets so many pass, and tells the others how long to wait', async () => {
    const { limit } = aLimit();
    for (let attempt = 0; attempt < 3; attempt += 1) expect(await limit.take('a')).toBeNull();
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const wait = await limit.take('a');
      expect(wait).toBeGreaterThan(50);
      expect(wait).toBeLessThanOrEqual(60);
    }
  });

  it('counts each key by itself, and each limit', async () => {
    const { limit } = aLimit();
    await times(4, () => limit.take('a'));
    expect(await limit.take('b')).toBeNull();
    expect(await aLimit().limit.take('a')).toBeNull();
  });

  it('lets exactly so many pass that come at once, on however many replicas', async () => {
    const { limit, replica } = aLimit({ points: 10, seconds: 60 });
    const waits = (await Promise.all([times(20, () => limit.take('a')), times(20, () => replica.take('a'))])).flat();
    expect(waits.filter((wait) => wait === null)).toHaveLength(10);
  });

  it('counts anew when the time is over, which more attempts do not put off', async () => {
    const { limit, row, letTimePass } = aLimit();
    await limit.take('a');
    const { expire } = (await row('a'))!;
    await times(5, () => limit.take('a'));
    expect((await row('a'))!.expire).toBe(expire);
    await letTimePass('a');
    expect(await limit.take('a')).toBeNull();
    expect((await row('a'))!.points).toBe(1);
    expect(Number((await row('a'))!.expire)).toBeGreaterThan(Date.now() + 50_000);
  });

  it('is given back what did not count', async () => {
    const { limit } = aLimit();
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expect(await limit.take('a')).toBeNull();
      await limit.giveBack('a');
    }
    await times(3, () => limit.take('a'));
    expect(await limit.take('a')).not.toBeNull();
  });

  it('does not hide that it could not count', async () => {
    const aside = () => Promise.reject(new Error('no database'));
    await expect(createRateLimit({ aside }, 'test', { points: 3, seconds: 60 }).take('a')).rejects.toThrow(
      'no database',
    );
  });
});
