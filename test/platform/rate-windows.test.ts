import { describe, expect, it } from 'vitest';
import { RateWindows } from '../../src/platform/rate-limit.js';

const start = 1_000_000;
const windows = (mostKeys?: number) => new RateWindows({ points: 10, seconds: 60 }, mostKeys);

describe('a rate that is counted in memory', () => {
  it('leaves what was not taken, until the time of the key is over', () => {
    const rate = windows();
    rate.take('a', 7, start);
    expect(rate.left('a', start + 1_500)).toEqual({ limit: 10, remaining: 3, resetSeconds: 59 });
    expect(rate.left('b', start + 1_500)).toEqual({ limit: 10, remaining: 10, resetSeconds: 60 });
    rate.take('a', 5, start + 59_999);
    expect(rate.left('a', start + 59_999)).toEqual({ limit: 10, remaining: 0, resetSeconds: 1 });
    expect(rate.left('a', start + 60_000)).toEqual({ limit: 10, remaining: 10, resetSeconds: 60 });
  });

  it('begins anew after that', () => {
    const rate = windows();
    rate.take('a', 10, start);
    rate.take('a', 1, start + 60_000);
    expect(rate.left('a', start + 60_000)).toEqual({ limit: 10, remaining: 9, resetSeconds: 60 });
  });

  it('forgets keys whose time is over', () => {
    const rate = windows();
    for (let key = 0; key < 1_000; key += 1) rate.take(`old ${key}`, 1, start);
    rate.take('young', 1, start + 30_000);
    rate.take('new', 1, start + 60_000);
    expect(rate.size).toBe(2);
    expect(rate.left('young', start + 60_000).remaining).toBe(9);
  });

  it('never remembers more keys than it may, however many are made up, and drops the oldest', () => {
    const rate = windows(100);
    for (let key = 0; key < 100_000; key += 1) rate.take(`made up ${key}`, 1, start);
    expect(rate.size).toBe(100);
    expect(rate.left('made up 99999', start).remaining).toBe(9);
    expect(rate.left('made up 0', start).remaining).toBe(10);
  });
});
