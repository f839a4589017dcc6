import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { secretIn } from '../../src/platform/data-dir.js';
import { letter, mailJob, mailTask } from '../../src/platform/mail.js';
import { createSeal } from '../../src/platform/secret.js';
import { fieldOf } from '../mail/mime.js';
import { openSmtpInbox, type Received, type SmtpInbox, SmtpRefusal } from '../mail/smtp-inbox.js';
import { createDatabase } from '../support/own-gateway.js';
import { enqueuedJobs, launchMailGateway, type MailGateway } from './mail-gateways.js';
import { patience } from './processes.js';

const messages = 1_000;
const kills = 10;

let ends: (() => Promise<unknown>)[];
let inbox: SmtpInbox;
let databaseUrl: string;
let client: pg.Client;

beforeEach(async () => {
  const database = await createDatabase();
  databaseUrl = database.url;
  inbox = await openSmtpInbox();
  client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  ends = [database.drop, inbox.close, () => client.end()];
});
afterEach(async () => {
  for (const end of ends.reverse()) await end();
});

async function aGateway(): Promise<MailGateway> {
  const gateway = await launchMailGateway(databaseUrl, inbox.url);
  ends.push(gateway.kill);
  return gateway;
}

/** Enqueues a message for each address, as changes do. */
async function enqueue(addresses: string[]): Promise<void> {
  const seal = createSeal(await secretIn(inject('dataDir')));
  const jobs = await Promise.all(
    addresses.map((to) => mailJob(seal, letter({ to, subject: 'Hello', paragraphs: [`Dear ${to}`], closing: 'Bye.' }))),
  );
  await client.query(
    'SELECT graphile_worker.add_job(r.task, r.payload) FROM jsonb_to_recordset($1::jsonb) AS r(task text, payload json)',
    [JSON.stringify(jobs)],
  );
}

/** What is to be tried again later may be tried now. Nothing else is touched, least of all what a worker has locked. */
const hurry = () =>
  client.query('UPDATE graphile_worker._private_jobs SET run_at = now() WHERE run_at > now() AND locked_at IS NULL');

const left = async (where = 'true') =>
  Number((await client.query(`SELECT count(*) FROM ${enqueuedJobs} WHERE ${where}`)).rows[0].count);

/** Locks of living workers. */
const proofsOfLife = async () =>
  Number(
    (
      await client.query(`SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = 8367267
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
    ).rows[0].count,
  );

async function until(what: string, seconds: number, condition: () => Promise<boolean>): Promise<number> {
  const startedAt = performance.now();
  const passed = () => (performance.now() - startedAt) / 1000;
  while (!(await condition())) {
    if (passed() > seconds) throw new Error(`Waited ${seconds} seconds in vain: ${what}`);
    await sleep(100);
  }
  return passed();
}

const addressOf = ({ envelope }: Received) => envelope.to.join();

describe('mail', { timeout: patience }, () => {
  it('is lost by no death of the worker and no refusal, and repeats are recognisable as such', async () => {
    const addresses = Array.from({ length: messages }, (_, number) => `person-${number}@example.com`);
    const refused = 'gone@example.com';
    let conversations = 0;
    inbox.manners = (mail) => {
      conversations += 1;
      if (addressOf(mail) === refused) throw new SmtpRefusal(550);
      if (conversations % 3 === 0) throw new SmtpRefusal(451);
    };
    let gateway = await aGateway();
    await client.query('SELECT graphile_worker.add_job($1, $2::json)', [mailTask, '{"id":"x","sealed":"poison"}']);
    await enqueue([refused, ...addresses]);

    let abandoned = 0;
    for (let kill = 1; kill <= kills; kill += 1) {
      await until(`enough for kill ${kill}`, 60, async () => {
        await hurry();
        return inbox.received.length >= (kill * messages) / (kills + 2);
      });
      await gateway.kill();
      abandoned += await left('locked_at IS NOT NULL');
      gateway = await aGateway();
    }
    const arrived = () => new Set(inbox.received.map(addressOf));
    await until('every message has come', 120, async () => {
      await hurry();
      return arrived().size === messages && (await left()) === 2;
    });

    // Else the deaths have come in moments that did not matter.
    expect(abandoned).toBeGreaterThan(0);
    expect([...arrived()].sort()).toEqual([...addresses].sort());
    const ids = new Map<string, Set<string>>();
    for (const mail of inbox.received) {
      const known = ids.get(addressOf(mail)) ?? new Set();
      ids.set(addressOf(mail), known.add(fieldOf(mail.fields, 'message-id')!));
    }
    expect([...ids.values()].every(({ size }) => size === 1)).toBe(true);
    expect(new Set([...ids.values()].flatMap((known) => [...known])).size).toBe(messages);
    // No more is sent twice than was under way when a worker died.
    expect(inbox.received.length - messages).toBeLessThanOrEqual(abandoned);
    const { rows } = await client.query(`SELECT attempts, last_error FROM ${enqueuedJobs}`);
    const failed = { attempts: expect.any(Number), last_error: expect.any(String) };
    expect(rows).toEqual([failed, failed]);
    for (const { attempts } of rows) expect(attempts).toBeGreaterThan(1);
  });

  it('that a worker has died over is sent by another one within twenty seconds', async () => {
    const gateway = await aGateway();
    let conversations = 0;
    inbox.manners = () => {
      conversations += 1;
      return new Promise(() => {});
    };
    await enqueue(['one@example.com', 'two@example.com']);
    await until('both are under way', 20, async () => conversations === 2);
    await aGateway();
    inbox.manners = () => {};
    await gateway.kill();
    await until('both have come', 20, async () => (await left()) === 0);
    expect(inbox.received.map(addressOf).sort()).toEqual(['one@example.com', 'two@example.com']);
  });

  it('that a slow server takes fifteen seconds for is sent once, however many processes look for work', async () => {
    await Promise.all([aGateway(), aGateway()]);
    let conversations = 0;
    inbox.manners = () => {
      conversations += 1;
      return sleep(15_000);
    };
    await enqueue(['one@example.com', 'two@example.com', 'three@example.com']);
    await until('all have come', 30, async () => (await left()) === 0);
    // Who had taken one away would have it under way by now.
    await sleep(3_000);
    expect(conversations).toBe(3);
    expect(inbox.received).toHaveLength(3);
  });
});

describe('a gateway that is stopped', { timeout: patience }, () => {
  it('finishes what is under way within seconds, and leaves the rest to the next one: nothing is sent twice', async () => {
    const addresses = Array.from({ length: 100 }, (_, number) => `person-${number}@example.com`);
    inbox.manners = () => sleep(100);
    const gateway = await aGateway();
    await enqueue(addresses);
    await until('mail is under way', 20, async () => inbox.received.length > 10);
    const { seconds, code } = await gateway.stop();
    expect(code).toBe(0);
    expect(seconds).toBeLessThan(5);
    expect(await left()).toBe(addresses.length - inbox.received.length);
    expect(await left('locked_at IS NOT NULL')).toBe(0);
    expect(await proofsOfLife()).toBe(0);
    await aGateway();
    await until('the rest has come', 30, async () => (await left()) === 0);
    expect(inbox.received.map(addressOf).sort()).toEqual(addresses.sort());
  });

  it('does not wait for a server that says nothing: the message goes back into the queue', async () => {
    let conversations = 0;
    inbox.manners = () => {
      conversations += 1;
      return new Promise(() => {});
    };
    const gateway = await aGateway();
    await enqueue(['one@example.com']);
    await until('it is under way', 20, async () => conversations === 1);
    const { seconds, code } = await gateway.stop();
    expect(code).toBe(0);
    expect(seconds).toBeLessThan(10);
    expect(await left('locked_at IS NULL')).toBe(1);
    expect(await proofsOfLife()).toBe(0);
  });
});
