import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { anAddress, password } from '../mail/acts.js';
import { openSmtpInbox, type SmtpInbox } from '../mail/smtp-inbox.js';
import { send } from '../support/client.js';
import { createDatabase } from '../support/own-gateway.js';
import { enqueuedJobs, launchMailGateway, type MailGateway } from './mail-gateways.js';
import { patience } from './processes.js';

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

/** Signs somebody up, who is mailed a link. */
async function signUp({ url }: MailGateway): Promise<string> {
  const email = anAddress();
  const document = 'mutation ($input: RegisterInput!) { register(input: $input) { user { id } } }';
  const { errors } = await send(url, document, { input: { email, password, fullName: 'Ada' } });
  expect(errors).toBeUndefined();
  return email;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const startedAt = performance.now();
  while (!(await condition())) {
    if (performance.now() - startedAt > 60_000) throw new Error('Waited a minute in vain.');
    await sleep(50);
  }
}

it('loses no mail of a change that it has answered, at whatever moment a process is killed', {
  timeout: patience,
}, async () => {
  let conversations = 0;
  inbox.manners = () => {
    conversations += 1;
    return new Promise(() => {});
  };
  const killed = await aGateway();
  const emails = [await signUp(killed), await signUp(killed)];
  // Whatever works in this process is busy now, so nobody has looked at what comes next when it dies.
  await until(async () => conversations === 2);
  emails.push(await signUp(killed));
  await killed.kill();
  const { rows } = await client.query(`SELECT attempts FROM ${enqueuedJobs} ORDER BY id`);
  expect(rows.map(({ attempts }) => attempts)).toEqual([1, 1, 0]);

  inbox.manners = () => {};
  await aGateway();
  await until(async () => emails.every((email) => inbox.received.some(({ envelope }) => envelope.to.includes(email))));
});
