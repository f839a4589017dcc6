import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { Batcher } from '../../src/platform/batcher.js';
import { keyed, type Run, type Values } from '../../src/platform/sql.js';

const letters = keyed<{ letter: string }>({ key: ['letter'], types: ['text'], select: 'key.letter', from: '' });

interface Sent {
  keys: readonly string[];
  fixed: Values;
  answer(): void;
  fail(error: Error): void;
}

/** A database that answers each key with itself, when it is told to. */
function aDatabase() {
  const sent: Sent[] = [];
  const run = ((_text: string, [keys, ...fixed]: [string[]]) =>
    new Promise((resolve, reject) => {
      sent.push({
        keys,
        fixed,
        answer: () => resolve(keys.map((letter, index) => ({ ord: index + 1, letter }))),
        fail: reject,
      });
    })) as unknown as Run;
  return { sent, batcher: new Batcher(run) };
}

const settled = () => new Promise((resolve) => setImmediate(() => setImmediate(() => setImmediate(resolve))));

function refusedByDatabase(code: string): Error {
  return Object.assign(new pg.DatabaseError('refused', 0, 'error'), { code });
}

describe('the batcher', () => {
  it('sends what is asked for at one moment as one statement, each key once, and gives everybody the rows of theirs', async () => {
    const { sent, batcher } = aDatabase();
    const answers = ['a', 'b', 'a'].map((letter) => batcher.load(letters, [letter]));
    await settled();
    expect(sent.map(({ keys }) => keys)).toEqual([['a', 'b']]);
    sent[0]!.answer();
    expect((await Promise.all(answers)).map(([row]) => row?.letter)).toEqual(['a', 'b', 'a']);
  });

  it('remembers nothing: whoever asks later gets a later answer', async () => {
    const { sent, batcher } = aDatabase();
    const first = batcher.load(letters, ['a']);
    await settled();
    const second = batcher.load(letters, ['a']);
    await settled();
    expect(sent).toHaveLength(2);
    for (const { answer } of sent) answer();
    expect(await first).not.toBe(await second);
  });

  it('keeps questions with other values after the keys apart', async () => {
    const { sent, batcher } = aDatabase();
    void batcher.load(letters, ['a'], [10]);
    void batcher.load(letters, ['b'], [20]);
    void batcher.load(letters, ['c'], [10]);
    await settled();
    expect(sent.map(({ keys, fixed }) => [keys, fixed])).toEqual([
      [['a', 'c'], [10]],
      [['b'], [20]],
    ]);
  });

  it('sends at most 64 keys a statement and two statements at once, the first who asked first', async () => {
    const { sent, batcher } = aDatabase();
    const asked = Array.from({ length: 64 * 3 }, (_, number) => String(number));
    const answers = asked.map((letter) => batcher.load(letters, [letter]));
    await settled();
    expect(sent.map(({ keys }) => keys.length)).toEqual([64, 64]);
    sent[0]!.answer();
    await settled();
    expect(sent).toHaveLength(3);
    for (const { answer } of sent) answer();
    expect((await Promise.all(answers)).map(([row]) => row?.letter)).toEqual(asked);
  });

  it('asks key by key after a failure, so that one caller cannot fail another', async () => {
    const { sent, batcher } = aDatabase();
    const [good, bad] = [batcher.load(letters, ['good']), batcher.load(letters, ['bad'])];
    await settled();
    sent[0]!.fail(refusedByDatabase('22P02'));
    await settled();
    expect(sent.slice(1).map(({ keys }) => keys)).toEqual([['good'], ['bad']]);
    sent[1]!.answer();
    sent[2]!.fail(refusedByDatabase('22P02'));
    expect((await good)[0]?.letter).toBe('good');
    await expect(bad).rejects.toThrow('refused');
  });

  it('does not ask again when the connection was lost', async () => {
    const { sent, batcher } = aDatabase();
    const answers = [batcher.load(letters, ['a']), batcher.load(letters, ['b'])];
    const outcome = Promise.allSettled(answers);
    await settled();
    sent[0]!.fail(refusedByDatabase('57P01'));
    expect((await outcome).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(sent).toHaveLength(1);
  });
});
