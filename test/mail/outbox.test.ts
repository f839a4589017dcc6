import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Gateway, startGateway } from '../../src/gateway.js';
import type { Config } from '../../src/platform/config.js';
import { createLog } from '../../src/platform/log.js';
import { mailTask } from '../../src/platform/mail.js';
import { hashSecret, newSecret } from '../../src/platform/secret.js';
import { Writes } from '../../src/platform/writes.js';
import { codeOf } from '../support/client.js';
import { createDatabase } from '../support/own-gateway.js';
import { aPerson, aWorld, type Person, type World, write } from '../support/world.js';
import * as acts from './acts.js';
import { mailingConfig } from './mailing.js';
import { openSmtpInbox, type SmtpInbox } from './smtp-inbox.js';

const ends: (() => Promise<unknown>)[] = [];
let inbox: SmtpInbox;
let config: Config;
let gateway: Gateway;
let client: pg.Client;

beforeAll(async () => {
  const database = await createDatabase();
  ends.push(database.drop);
  inbox = await openSmtpInbox();
  ends.push(inbox.close);
  config = mailingConfig(database.url, inbox.url);
  gateway = await startGateway(config, createLog('silent'));
  ends.push(() => gateway.stop());
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  ends.push(() => client.end());
  // What is enqueued stays to be looked at until it is let go.
  await client.query(`CREATE FUNCTION held_back() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN NEW.run_at = now() + interval '1 day'; RETURN NEW; END $$`);
  await client.query(`CREATE TRIGGER held_back BEFORE INSERT ON graphile_worker._private_jobs
    FOR EACH ROW EXECUTE FUNCTION held_back()`);
});
beforeEach(async () => {
  await client.query('DELETE FROM graphile_worker._private_jobs');
});
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

interface JobRow {
  task: string;
  payload: { id: string; sealed: string };
  attempts: number;
  last_error: string | null;
}

async function jobs(): Promise<JobRow[]> {
  const { rows } = await client.query<JobRow>(
    `SELECT t.identifier AS task, j.payload, j.attempts, j.last_error FROM graphile_worker._private_jobs j
     JOIN graphile_worker._private_tasks t ON t.id = j.task_id ORDER BY j.id`,
  );
  return rows;
}

const letGo = () => client.query('UPDATE graphile_worker._private_jobs SET run_at = now()');

const invite = (who: Person, { organization }: World, more: object) =>
  who.send('mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } } }', {
    input: { organizationId: organization.id, email: acts.anAddress(), role: 'member', ...more },
  });

describe('a change that happens', () => {
  it('leaves its message with it, sealed: nobody can read secret, address or names', async () => {
    const world = await aWorld(gateway);
    const email = acts.anAddress();
    await acts.invite(world, email);
    const [job, ...others] = await jobs();
    expect(others).toEqual([]);
    expect(job).toMatchObject({ task: mailTask, payload: { id: expect.any(String), sealed: expect.any(String) } });
    expect(Object.keys(job!.payload)).toEqual(['id', 'sealed']);
    const mail = JSON.parse(await gateway.services.seal.open(job!.payload.sealed));
    expect(mail).toMatchObject({ to: email, text: expect.stringMatching(/\/invitations\/[\w-]{43}/) });
    const [secret] = /[\w-]{43}$/m.exec(mail.text)!;
    for (const clear of [email, secret, 'Acme', world.admin.user.fullName]) {
      expect(JSON.stringify(job)).not.toContain(clear);
      expect(Buffer.from(job!.payload.sealed.split('.')[3]!, 'base64url').toString('latin1')).not.toContain(clear);
    }
  });

  it('is mailed although no worker ran at that moment', async () => {
    const email = acts.anAddress();
    await acts.invite(await aWorld(gateway), email);
    await gateway.stop();
    await letGo();
    await sleep(500);
    expect(inbox.received.filter(({ envelope }) => envelope.to.includes(email))).toEqual([]);
    gateway = await startGateway(config, createLog('silent'));
    expect(await inbox.mailFor(email)).toHaveLength(1);
    await vi.waitFor(async () => expect(await jobs()).toEqual([]));
  });

  it('enqueues no secret for a link: the worker makes it, and seals it', async () => {
    const { user } = await aPerson(gateway);
    await acts.askForReset(gateway, user.email);
    const [request] = await jobs();
    expect(request).toMatchObject({ payload: { purpose: 'RESET_PASSWORD', email: user.email } });
    expect(Object.keys(request!.payload)).toHaveLength(2);
    await letGo();
    const sealed = await vi.waitFor(async () => {
      const [job, ...others] = await jobs();
      expect({ task: job?.task, others }).toEqual({ task: mailTask, others: [] });
      return job!.payload.sealed;
    }, 10_000);
    const { text } = JSON.parse(await gateway.services.seal.open(sealed)) as { text: string };
    expect(text).toMatch(/\/reset-password\/[\w-]{43}$/m);
    expect(sealed).not.toContain(/[\w-]{43}$/m.exec(text)![0]);
  });
});

describe('a change that does not happen leaves no message:', () => {
  it.each<[string, string, (world: World) => Promise<unknown>]>([
    [
      'an address that is invited already',
      'CONFLICT',
      async (world) => {
        const email = acts.anAddress();
        await acts.invite(world, email);
        await client.query('DELETE FROM graphile_worker._private_jobs');
        return invite(world.admin, world, { email });
      },
    ],
    [
      'a member',
      'CONFLICT',
      async (world) => {
        const { user } = await world.join('viewer');
        return invite(world.admin, world, { email: user.email });
      },
    ],
    [
      'the ceiling',
      'ROLE_CEILING',
      async (world) => {
        const id = randomUUID();
        const lead = { key: 'lead', name: 'Lead', rank: 20, permissions: ['organization.read', 'users.invite'] };
        await write(gateway, (set) =>
          set.insert('roles', { organizationId: world.organization.id, id, isSystem: false, ...lead }),
        );
        world.roles.lead = id;
        return invite(await world.join('lead'), world, { role: 'administrator' });
      },
    ],
    ['a missing permission', 'FORBIDDEN', async (world) => invite(await world.join('viewer'), world, {})],
    ['a stranger', 'NOT_FOUND', async (world) => invite(await aPerson(gateway), world, {})],
    ['a team that is not there', 'NOT_FOUND', (world) => invite(world.admin, world, { teamIds: [randomUUID()] })],
    [
      'another reminder within a minute',
      'RATE_LIMITED',
      async (world) => {
        const invitationId = await acts.invite(world, acts.anAddress());
        await client.query('DELETE FROM graphile_worker._private_jobs');
        return world.admin.send(
          'mutation ($input: ResendInvitationInput!) { resendInvitation(input: $input) { invitation { id } } }',
          { input: { organizationId: world.organization.id, invitationId } },
        );
      },
    ],
    [
      'a role that the last administrator would lose',
      'LAST_ADMINISTRATOR',
      ({ organization, admin }) =>
        admin.send('mutation ($input: UpdateMemberRoleInput!) { updateMemberRole(input: $input) { member { id } } }', {
          input: { organizationId: organization.id, memberId: admin.memberId, role: 'viewer' },
        }),
    ],
  ])('%s', async (_, code, attempt) => {
    const answer = await attempt(await aWorld(gateway));
    expect(codeOf(answer as Parameters<typeof codeOf>[0])).toBe(code);
    expect(await jobs()).toEqual([]);
  });

  it('a version that has passed', async () => {
    const { organization } = await aWorld(gateway);
    const writes = new Writes();
    writes.enqueue({ task: mailTask, payload: {} });
    const { id: organizationId, version } = organization;
    expect(await writes.commit(gateway.services.db.write, { organizationId, version: version + 1 })).toBe(false);
    expect(await jobs()).toEqual([]);
  });

  it('one of two invitations at the same moment', async () => {
    const world = await aWorld(gateway);
    const email = acts.anAddress();
    const answers = await Promise.all([1, 2, 3].map(() => invite(world.admin, world, { email })));
    expect(answers.map(codeOf).sort()).toEqual(['CONFLICT', 'CONFLICT', undefined]);
    expect(await jobs()).toHaveLength(1);
  });

  it('an address that got an account before the link was used', async () => {
    const email = acts.anAddress();
    const person = await aPerson(gateway, { emailVerifiedAt: new Date() });
    const token = newSecret();
    const expiresAt = new Date(Date.now() + 60_000);
    const link = {
      hash: hashSecret(token),
      userId: person.user.id,
      purpose: 'CHANGE_EMAIL',
      email,
      expiresAt,
    } as const;
    await write(gateway, (set) => set.insert('account_tokens', link));
    await aPerson(gateway, { email });
    const answer = await person.send(
      'mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { user { id } } }',
      {
        input: { token },
      },
    );
    expect(codeOf(answer)).toBe('CONFLICT');
    expect(await jobs()).toEqual([]);
  });
});

describe('a message that cannot be opened', () => {
  it('keeps no other waiting, and says nothing of what it holds', async () => {
    const poison = [{}, { id: randomUUID(), sealed: 'x' }, { id: randomUUID(), sealed: null }, [], null];
    for (const payload of poison) {
      await client.query('SELECT graphile_worker.add_job($1, $2::json)', [mailTask, JSON.stringify(payload)]);
    }
    const [email, world] = [acts.anAddress(), await aWorld(gateway)];
    await acts.invite(world, email);
    await letGo();
    expect(await inbox.mailFor(email)).toHaveLength(1);
    await vi.waitFor(async () => {
      const left = await jobs();
      expect(left).toHaveLength(poison.length);
      for (const { attempts, last_error } of left) {
        expect(attempts).toBe(1);
        expect(last_error).toEqual(expect.any(String));
      }
    }, 10_000);
  });
});
