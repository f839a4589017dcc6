import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { Batcher } from '../../src/platform/batcher.js';
import { Reads } from '../../src/platform/reads.js';
import { keyed, type Run, type Values } from '../../src/platform/sql.js';
import { withMoments } from '../../src/platform/together.js';
import { useGateway } from '../support/gateway.js';

const statementOf = (name: string, joinable = true) =>
  keyed<{ name: string; letter: string }>({
    key: ['letter'],
    types: ['text'],
    select: `'${name}' AS name, key.letter`,
    from: '',
    joinable,
  });

const [one, two] = [statementOf('one'), statementOf('two')];
const alone = statementOf('alone', false);

const gateway = useGateway();

/** The reads of a request on the real database, with what was sent; statements may be made to fail. */
function aRequest(failing: (text: string) => Error | undefined = () => undefined) {
  const sent: { text: string; values: Values }[] = [];
  const run: Run = async (text, values) => {
    sent.push({ text, values });
    const error = failing(text);
    if (error) throw error;
    return gateway().services.db.run(text, values);
  };
  return { sent, reads: new Reads(new Batcher(run)) };
}

const isJoined = (text: string) => text.includes('"1"');

function refusedByDatabase(code: string): Error {
  return Object.assign(new pg.DatabaseError('refused', 0, 'error'), { code });
}

describe('the reads of a request', () => {
  it('are one statement where different things are asked at the same moment', async () => {
    const { sent, reads } = aRequest();
    const answers = await Promise.all([reads.rows(one, ['a']), reads.rows(two, ['b'])]);
    expect(answers).toEqual([[{ name: 'one', letter: 'a' }], [{ name: 'two', letter: 'b' }]]);
    expect(sent).toHaveLength(1);
  });

  it('share a statement by key where the same things are asked of several keys', async () => {
    const { sent, reads } = aRequest();
    const asked = ['a', 'b', 'c'].flatMap((letter) => [reads.rows(one, [letter]), reads.rows(two, [letter])]);
    const answers = await Promise.all(asked);
    expect(answers.flat().map(({ name, letter }) => `${name} ${letter}`)).toEqual([
      ...['one a', 'two a', 'one b', 'two b', 'one c', 'two c'],
    ]);
    expect(sent).toHaveLength(1);
  });

  it('are statements of their own where columns would not survive', async () => {
    const { sent, reads } = aRequest();
    await Promise.all([reads.rows(one, ['a']), reads.rows(alone, ['a'])]);
    expect(sent).toHaveLength(2);
  });

  it('read each key once, and do not wait for others to tell what is known', async () => {
    const { sent, reads } = aRequest();
    await reads.rows(one, ['a']);
    let other = false;
    void reads.rows(two, ['b']).then(() => {
      other = true;
    });
    expect(await reads.rows(one, ['a'])).toMatchObject([{ name: 'one', letter: 'a' }]);
    expect(other).toBe(false);
    expect(sent.filter(({ text }) => text === one.text)).toHaveLength(1);
  });

  it('are asked one by one if together they fail, so that one cannot fail the other', async () => {
    const { sent, reads } = aRequest((text) =>
      isJoined(text) || text === two.text ? refusedByDatabase('22P02') : undefined,
    );
    const [first, second] = await Promise.allSettled([reads.rows(one, ['a']), reads.rows(two, ['b'])]);
    expect(first).toMatchObject({ status: 'fulfilled', value: [{ name: 'one', letter: 'a' }] });
    expect(second.status).toBe('rejected');
    expect(sent).toHaveLength(3);
  });

  it('are not asked again if the connection was lost', async () => {
    const { sent, reads } = aRequest(() => refusedByDatabase('57P01'));
    const outcomes = await Promise.allSettled([reads.rows(one, ['a']), reads.rows(two, ['b'])]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(sent).toHaveLength(1);
  });

  it('know what is of one moment: only what one statement has answered, until something was changed', async () => {
    const { reads } = aRequest();
    const first = { statement: one, key: ['a'], fixed: [] };
    await Promise.all([reads.rows(one, ['a']), reads.rows(two, ['b'])]);
    expect(await reads.together(first, two, ['b'])).toEqual([{ name: 'two', letter: 'b' }]);
    await reads.rows(two, ['c']);
    expect(reads.together(first, two, ['c'])).toBeUndefined();
    reads.forget();
    expect(reads.together(first, two, ['b'])).toBeUndefined();
  });

  it('are not of one moment where they had to be asked one by one', async () => {
    const { reads } = aRequest((text) => (isJoined(text) ? refusedByDatabase('22P02') : undefined));
    await Promise.all([reads.rows(one, ['a']), reads.rows(two, ['b'])]);
    expect(reads.together({ statement: one, key: ['a'], fixed: [] }, two, ['b'])).toBeUndefined();
  });
});

describe('what is asked about that which another question finds', () => {
  const question = { statement: one, key: ['a'], fixed: [] };
  const followUp = (statement: typeof one) => ({ statement, key: [], fixed: [] });
  const found = keyed<{ letter: string | null }>({
    key: ['letter'],
    types: ['text'],
    select: "nullif(key.letter, 'none') AS letter",
    from: "WHERE key.letter <> 'nobody'",
    joinable: true,
  });

  it('is answered by the same statement', async () => {
    const { sent, reads } = aRequest();
    reads.ahead(question, 'letter', () => [followUp(two)]);
    expect(await reads.rows(one, ['a'])).toEqual([{ name: 'one', letter: 'a' }]);
    expect(await reads.rows(two, ['a'])).toEqual([{ name: 'two', letter: 'a' }]);
    expect(sent).toHaveLength(1);
    expect(sent[0]!.values).toEqual([['a']]);
    expect(await reads.rows(two, ['b'])).toMatchObject([{ name: 'two', letter: 'b' }]);
    expect(sent).toHaveLength(2);
  });

  it('takes the rest of its key and its values along, whatever other requests ask', async () => {
    const pairs = keyed<{ pair: string }>({
      key: ['letter', 'digit'],
      types: ['text', 'int'],
      select: 'concat(key.letter, key.digit, $3::text) AS pair',
      from: '',
      joinable: true,
    });
    const { sent, reads } = aRequest();
    reads.ahead(question, 'letter', () => [
      { statement: pairs, key: ['1'], fixed: ['!'] },
      followUp(two),
      { statement: pairs, key: ['2'], fixed: ['?'] },
    ]);
    await Promise.all([reads.rows(one, ['b']), reads.rows(one, ['a'])]);
    const answers = await Promise.all([reads.rows(pairs, ['a', '1'], ['!']), reads.rows(pairs, ['a', '2'], ['?'])]);
    expect(answers).toEqual([[{ pair: 'a1!' }], [{ pair: 'a2?' }]]);
    expect(sent).toHaveLength(2);
  });

  it.each(['none', 'nobody'])('is not asked where %s is found', async (letter) => {
    const { sent, reads } = aRequest();
    // Whoever asked it would hear of this.
    const failing = keyed<{ none: number }>({
      key: ['letter'],
      types: ['text'],
      select: "1 / length(replace(coalesce(key.letter, 'a'), 'a', '')) AS none",
      from: '',
      joinable: true,
    });
    reads.ahead({ statement: found, key: [letter], fixed: [] }, 'letter', () => [
      { statement: failing, key: [], fixed: [] },
    ]);
    expect(await reads.rows(found, [letter])).toEqual(letter === 'none' ? [{ letter: null }] : []);
    expect(sent).toHaveLength(1);
    await expect(reads.rows(failing, ['a'])).rejects.toThrow('division by zero');
  });

  it('does not fail the other one', async () => {
    const { sent, reads } = aRequest((text) => (isJoined(text) ? refusedByDatabase('22P02') : undefined));
    reads.ahead(question, 'letter', () => [followUp(two)]);
    expect(await reads.rows(one, ['a'])).toMatchObject([{ name: 'one', letter: 'a' }]);
    expect(await reads.rows(two, ['a'])).toMatchObject([{ name: 'two', letter: 'a' }]);
    expect(sent.map(({ text }) => text).slice(1)).toEqual([one.text, two.text]);
  });

  it('is not asked again if the connection was lost', async () => {
    const { sent, reads } = aRequest(() => refusedByDatabase('57P01'));
    reads.ahead(question, 'letter', () => [followUp(two)]);
    await expect(reads.rows(one, ['a'])).rejects.toThrow('refused');
    expect(sent).toHaveLength(1);
  });

  it('waits for its turn where it cannot be put together with others, or is one too many', async () => {
    const { sent, reads } = aRequest();
    const many = Array.from({ length: 12 }, (_, index) => statementOf(`number ${index}`));
    reads.ahead(question, 'letter', () => [alone, ...many].map(followUp));
    await reads.rows(one, ['a']);
    expect(sent).toHaveLength(1);
    for (const statement of many) expect(await reads.rows(statement, ['a'])).toHaveLength(1);
    expect(sent).toHaveLength(6);
    expect(await reads.rows(alone, ['a'])).toHaveLength(1);
    expect(sent).toHaveLength(7);
  });

  it('is forgotten if the other one was known already', async () => {
    const { sent, reads } = aRequest();
    await reads.rows(one, ['a']);
    reads.ahead(question, 'letter', () => [followUp(two)]);
    await reads.rows(one, ['a']);
    await reads.rows(one, ['b']);
    reads.forget();
    await reads.rows(one, ['a']);
    expect(sent.map(({ text }) => text)).toEqual([one.text, one.text, one.text]);
  });
});

describe('moments in JSON', () => {
  it('are found by their names: all columns of moments, and no other ones, end in _at', async () => {
    const columns = await gateway().services.db.run<{ name: string; type: string }>(
      `SELECT DISTINCT column_name AS name, data_type AS type FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'`,
      [],
    );
    // Nobody selects `valid_after`.
    const moments = columns.filter(({ name, type }) => type === 'timestamp with time zone' && name !== 'valid_after');
    expect(moments.length).toBeGreaterThan(5);
    const named = columns.filter(({ name }) => name === 'at' || name.endsWith('_at'));
    expect(named.map(({ name }) => name).sort()).toEqual(moments.map(({ name }) => name).sort());
  });

  it('become what the driver would have made of them', async () => {
    const { db } = gateway().services;
    const select = `'2026-02-03 04:05:06.789+02'::timestamptz AS "createdAt", NULL::timestamptz AS "deletedAt"`;
    const [read] = await db.run(`SELECT ${select}`, []);
    const [json] = await db.run<{ row: object }>(`SELECT to_json(r) AS row FROM (SELECT ${select}) r`, []);
    expect(withMoments([json!.row])).toEqual([read]);
  });
});
