import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Gateway, startGateway } from '../../src/gateway.js';
import { captureMail, mailFolder } from '../../src/platform/captured-mail.js';
import type { Config } from '../../src/platform/config.js';
import { newId } from '../../src/platform/id.js';
import { createLog } from '../../src/platform/log.js';
import { letter } from '../../src/platform/mail.js';
import { testConfig } from '../support/gateway.js';
import { createDatabase } from '../support/own-gateway.js';
import { aWorld } from '../support/world.js';
import * as acts from './acts.js';
import { elementsIn } from './html.js';
import { mailingConfig } from './mailing.js';

const ends: (() => Promise<unknown>)[] = [];
let databaseUrl: string;
let dataDir: string;
let gateway: Gateway;

async function aGateway(changes: Partial<Config>): Promise<Gateway> {
  const config = testConfig({ databaseUrl, databaseDirectUrl: databaseUrl, ...changes });
  const started = await startGateway(config, createLog('silent'));
  ends.push(() => started.stop());
  return started;
}

beforeAll(async () => {
  const database = await createDatabase();
  ends.push(database.drop);
  databaseUrl = database.url;
  dataDir = await mkdtemp(join(tmpdir(), 'tenantry-test-mail-'));
  ends.push(() => rm(dataDir, { recursive: true, force: true }));
  gateway = await aGateway({ dataDir });
});
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

/** A page, with everything on it. */
async function open(path: string, { url } = gateway) {
  const response = await fetch(`${url}${path}`);
  const html = await response.text();
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const elements = elementsIn(html);
  const texts = (name: string) => elements.filter((element) => element.name === name).map(({ text }) => text);
  const links = elements.filter(({ name }) => name === 'a').map(({ attributes }) => attributes.href!);
  return { headers: response.headers, html, elements, texts, links };
}

/** What no page may hold, whatever anybody is called. */
function expectInert(elements: ReturnType<typeof elementsIn>): void {
  const known = ['html', 'head', 'meta', 'title', 'body', 'main', 'h1', 'h2', 'article', 'p', 'a', 'hr', 'pre', 'code'];
  for (const { name, attributes } of elements) {
    expect(known).toContain(name);
    for (const attribute of Object.keys(attributes)) {
      expect(['lang', 'style', 'href', 'charset', 'name', 'content']).toContain(attribute);
    }
  }
}

const deliver = (mail: Parameters<typeof letter>[0]) => captureMail(mailFolder(dataDir))(newId(), letter(mail));

describe('the page of captured mail', () => {
  it('says how to get any, as long as there is none', async () => {
    const { texts, links } = await open('/mail');
    expect(texts('h1')).toEqual(['Captured mail']);
    expect(texts('p')).toEqual(['Nothing has been sent yet. Invite somebody, or sign up.']);
    expect(links).toEqual([]);
  });

  it('shows every message, the newest first, with a link that leads somewhere', async () => {
    const world = await aWorld(gateway);
    const [first, second] = [acts.anAddress(), acts.anAddress()];
    for (const to of [first, second]) {
      await acts.invite(world, to);
      await vi.waitFor(async () => expect((await open('/mail')).html).toContain(to), 10_000);
    }
    const { texts, links, elements } = await open('/mail');
    const people = texts('p').filter((text) => text.startsWith('To '));
    expect(people).toEqual([`To ${second}`, `To ${first}`]);
    expect(texts('h2')).toEqual([1, 2].map(() => `${world.admin.user.fullName} invites you to Acme`));
    expect(links).toHaveLength(2);
    for (const link of links) {
      expect(link).toMatch(new RegExp(`^http://localhost:${new URL(gateway.url).port}/invitations/[\\w-]{43}$`));
      const page = await open(new URL(link).pathname);
      expect(page.texts('pre')[0]).toContain(`acceptInvitation(input: { token: "${link.split('/').at(-1)}" })`);
    }
    expect(elements.filter(({ name }) => name === 'a').map(({ text }) => text)).toEqual(links);
  });

  it.each([
    ['HTML', '<script>alert(1)</script><img src=x onerror="alert(1)">'],
    ['quotes', `"'><a href='https://evil.example/'>`],
    ['a full URL', 'https://evil.example/'],
    ['right-to-left text and emoji', 'שלום 👩‍👩‍👧‍👦'],
  ])('keeps %s in a name inert', async (_, name) => {
    const to = `${randomUUID()}@example.com`;
    await deliver({ to, subject: name, paragraphs: [`${name} invites you to ${name}.`], closing: 'Bye.' });
    const { elements, texts, links } = await open('/mail');
    expectInert(elements);
    expect(texts('h2')[0]).toBe(name);
    expect(texts('p')).toContain(`${name} invites you to ${name}.`);
    expect(links.filter((link) => link.includes('evil'))).toEqual([]);
  });

  it('shows what was delivered twice once, and keeps it from other users of the machine', async () => {
    const id = newId();
    const mail = letter({ to: 'a@example.com', subject: `Twice ${id}`, paragraphs: ['Hello.'], closing: 'Bye.' });
    await captureMail(mailFolder(dataDir))(id, mail);
    await captureMail(mailFolder(dataDir))(id, mail);
    expect((await open('/mail')).texts('h2').filter((text) => text === mail.subject)).toHaveLength(1);
    expect((await stat(join(mailFolder(dataDir), `${id}.json`))).mode & 0o777).toBe(0o600);
    expect((await stat(mailFolder(dataDir))).mode & 0o777).toBe(0o700);
  });

  it('shows the latest hundred', async () => {
    for (let number = 1; number <= 101; number += 1) {
      await deliver({ to: 'a@example.com', subject: `Number ${number}`, paragraphs: ['Hello.'], closing: 'Bye.' });
    }
    const { texts } = await open('/mail');
    expect(texts('h2')).toEqual(Array.from({ length: 100 }, (_, index) => `Number ${101 - index}`));
  });
});

describe('the page at the end of a link', () => {
  it.each([
    ['/invitations/', 'acceptInvitation(input: { token: "'],
    ['/verify-email/', 'verifyEmail(input: { token: "'],
    ['/reset-password/', 'resetPassword(input: { token: "'],
  ])('%s… shows what to run', async (path, mutation) => {
    const token = 'Abc_-'.repeat(8);
    const { texts, links, elements } = await open(`${path}${token}`);
    expectInert(elements);
    expect(texts('h1')).toEqual(['This page is your app’s']);
    expect(texts('pre')[0]).toContain(`mutation { ${mutation}${token}"`);
    expect(links).toEqual(['/graphql']);
  });

  it.each([
    '"}) { user { id } } } mutation { logout',
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '&quot;',
    '\u202eabc',
    '%',
    'a b',
  ])('shows nothing of a token like %j', async (token) => {
    for (const path of ['/invitations/', '/verify-email/', '/reset-password/']) {
      const { html, texts, elements } = await open(`${path}${encodeURIComponent(token)}`);
      expectInert(elements);
      expect(texts('pre')[0]).toContain('token: ""');
      expect(html).toBe((await open(`${path}!`)).html);
    }
  });
});

describe('every page', () => {
  it.each(['/mail', '/invitations/abc', '/verify-email/abc', '/reset-password/abc'])(
    '%s loads and runs nothing, and tells nobody its address',
    async (path) => {
      const { headers, html } = await open(path);
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      );
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(html).toContain('<html lang="en">');
    },
  );

  it.each<[string, () => Partial<Config>]>([
    ['in production', () => ({ production: true })],
    ['where mail is sent', () => ({ ...mailingConfig(databaseUrl, 'smtp://127.0.0.1:9'), dataDir })],
  ])('is not there %s', async (_, changes) => {
    const { url } = await aGateway({ dataDir, ...changes() });
    for (const path of ['/mail', '/mail/', '/invitations/abc', '/verify-email/abc', '/reset-password/abc']) {
      const response = await fetch(`${url}${path}`);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    }
  });
});
