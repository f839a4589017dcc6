import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { demoAccount } from '../../src/demo-data.js';
import { send } from '../support/client.js';
import { graphql } from '../support/generated/index.js';
import { freePort, serveSources } from './example-app.js';
import { isIn, linkMailedTo, memberRow, openPage, openTab, operationsOf, signIn, switchTo } from './people.js';
import { takeScreenshot } from './screenshots.js';
import { useExampleApp } from './use-example-app.js';

const northwind = 'Northwind Learning';
const running = useExampleApp();
let adas: BrowserContext;

beforeAll(async () => {
  const page = await somebody('/sign-in');
  await signIn(page, 'ada@example.com');
  adas = page.context();
});

afterEach(async () => {
  for (const context of running().browser.contexts()) {
    if (context !== adas) await context.close();
  }
  for (const page of adas.pages()) await page.close();
});

/** Somebody who has not been here before. */
const somebody = (path: string) => openPage(running().browser, running().url, path);

/** A tab of Ada, who has signed in once. */
async function asAda(organization = northwind): Promise<Page> {
  const page = await openTab(adas);
  await switchTo(page, organization);
  return page;
}

const FindMember = graphql(`
  query WebAppFindMember($search: String!) {
    organizationBySlug(slug: "northwind") { id members(filter: { search: $search }) { nodes { id } } }
  }
`);

const Suspend = graphql(`
  mutation WebAppSuspend($organizationId: ID!, $memberId: ID!) {
    suspendMember(input: { organizationId: $organizationId, memberId: $memberId }) { member { status } }
  }
`);

const LogIn = graphql(`
  mutation WebAppLogIn($email: String!, $password: String!) {
    login(input: { email: $email, password: $password }) { session { accessToken } }
  }
`);

async function asAdministrator(url: string): Promise<Record<string, string>> {
  const { data } = await send(url, LogIn, demoAccount);
  return { authorization: `Bearer ${data.login.session.accessToken}` };
}

const announcement = (page: Page) => page.locator('.announcements').innerText();

describe('members', () => {
  it('are shown page by page, in the organization that is chosen, also after a reload', async () => {
    const page = await asAda();
    const rows = page.getByRole('table', { name: 'Members of the organization' }).locator('tbody tr');
    await expect.poll(() => rows.count()).toBe(10);
    await page.getByText('10 of 24 members').waitFor();
    await takeScreenshot(page, 'app-members');
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => rows.count()).toBe(20);
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => rows.count()).toBe(24);
    expect(new Set(await rows.locator('th').allInnerTexts()).size).toBe(24);
    expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);

    await switchTo(page, 'Ada Lindqvist (personal)');
    await page.getByText('1 of 1 members').waitFor();
    await switchTo(page, northwind);
    await page.goto('/');
    await isIn(page, northwind);
  });

  it('are found by a part of the name', async () => {
    const page = await asAda();
    await page.getByLabel('Search members').fill('yıldız');
    await page.getByText('1 of 1 members').waitFor();
    expect(await memberRow(page, 'Elif Yıldız').count()).toBe(1);
    await page.getByLabel('Search members').fill('nobody at all');
    await page.getByText('Nobody has such a name or address.').waitFor();
  });

  it('get another role, which shows without asking anew', async () => {
    const page = await asAda();
    const operations = operationsOf(page);
    const role = page.getByLabel('Role of Amara Okafor');
    await role.selectOption({ label: 'Developer' });
    await expect.poll(() => announcement(page)).toContain('Amara Okafor has the role Developer now.');
    expect(await role.inputValue()).toBe('developer');
    expect(operations).toEqual(['UpdateMemberRole']);
    await page.reload();
    expect(await role.inputValue()).toBe('developer');
  });

  it('keep their role when the gateway refuses, and it is said why', async () => {
    const page = await asAda();
    const colleague = page.getByLabel('Role of Mateo Fernández');
    await page.getByLabel('Search members').fill('mateo');
    await page.getByText('1 of 1 members').waitFor();
    await colleague.selectOption({ label: 'Viewer' });
    await expect
      .poll(() => announcement(page))
      .toContain('You are not allowed to do this. You can only act on members whose role ranks below your own.');
    expect(await colleague.inputValue()).toBe('administrator');
    await takeScreenshot(page, 'app-refusal');

    await switchTo(page, 'Ada Lindqvist (personal)');
    const own = page.getByLabel('Role of Ada Lindqvist');
    await own.selectOption({ label: 'Member' });
    await expect.poll(() => announcement(page)).toContain('An organization needs an administrator.');
    expect(await own.inputValue()).toBe('administrator');
  });

  it('who are suspended are marked', async () => {
    const { url } = running().gateway;
    const headers = await asAdministrator(url);
    const { data } = await send(url, FindMember, { search: 'viktor' }, headers);
    const { id, members } = data.organizationBySlug;
    await send(url, Suspend, { organizationId: id, memberId: members.nodes[0]!.id }, headers);
    const page = await asAda();
    await page.getByLabel('Search members').fill('viktor');
    await memberRow(page, 'Viktor Horvat').getByText('Suspended').waitFor();
  });

  it('and invitations are not offered to a role that does not see them', async () => {
    const page = await somebody('/sign-in');
    await signIn(page, 'owen@example.com');
    await switchTo(page, northwind);
    await page.getByText('Your role does not show who else is here.').waitFor();
    expect(await page.getByRole('table').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Invite' }).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Engagement' }).count()).toBe(0);
  });
});

describe('invitations', () => {
  async function invite(page: Page, email: string): Promise<void> {
    await page.getByLabel('E-mail addresses').fill(email);
    await page.getByRole('button', { name: 'Invite' }).click();
    await page.getByRole('row').filter({ hasText: email }).waitFor();
  }

  it('lead from the mail into the organization, where the one who invited sees the new member', async () => {
    const email = 'aarohi@example.com';
    const name = `Ārohi ${'Wolfeschlegelsteinhausenbergerdorff'.repeat(2)} 李`;
    const inviting = await asAda();
    const before = await totalOf(inviting);
    await invite(inviting, email);

    const invited = await somebody(await linkMailedTo(running().dataDir, email));
    await invited.getByRole('heading', { name: `Join ${northwind}` }).waitFor();
    await takeScreenshot(invited, 'app-invitation');
    await invited.getByLabel('Your name').fill(name);
    await invited.getByLabel('Password').fill('password');
    await invited.getByRole('button', { name: 'Sign up and join' }).click();
    await invited.locator('form').getByText(/guess/).first().waitFor();
    await invited.getByLabel('Password').fill('a heron on the quiet mudflat');
    await invited.getByRole('button', { name: 'Sign up and join' }).click();
    await isIn(invited, northwind);

    await inviting.getByRole('link', { name: 'Engagement' }).click();
    await inviting.getByRole('link', { name: 'Members' }).click();
    await expect.poll(() => totalOf(inviting)).toBe(before + 1);
    await inviting.getByLabel('Search members').fill('wolfeschlegel');
    await memberRow(inviting, name).waitFor();
    await expect.poll(() => inviting.getByRole('row').filter({ hasText: email }).count()).toBe(1);
    for (const page of [inviting, invited]) {
      expect(await overflows(page)).toBe(false);
      await page.setViewportSize({ width: 390, height: 800 });
      expect(await overflows(page)).toBe(false);
    }
  });

  it('are accepted by who has an account, and refused to who is signed in as somebody else', async () => {
    const email = 'hannah@example.com';
    await invite(await asAda(), email);
    const link = await linkMailedTo(running().dataDir, email);

    const other = await somebody('/sign-in');
    await signIn(other, 'yuki@example.com');
    await other.goto(link);
    await other.getByText(`You are signed in as yuki@example.com, but the invitation is for ${email}.`).waitFor();
    await other.getByRole('button', { name: 'Sign out' }).click();
    await other.getByRole('button', { name: 'I have an account already' }).click();
    await other.getByLabel('Password').fill('demo-password');
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.getByRole('button', { name: 'Accept' }).click();
    await isIn(other, northwind);
    expect(await other.getByRole('combobox', { name: 'Organization' }).innerText()).toContain(northwind);

    await other.goto(link);
    await other.getByText('This invitation was accepted.').waitFor();
  });

  it('are refused one by one with the reason, and revoked without asking anew', async () => {
    const page = await asAda();
    await invite(page, 'quinn@example.com');
    await page.getByLabel('E-mail addresses').fill('mateo@example.com, no-address, robin@example.com');
    await page.getByRole('button', { name: 'Invite' }).click();
    await page.getByText('mateo@example.com: This person is already a member of the organization.').waitFor();
    await page.getByText('no-address: ').waitFor();
    await page.getByRole('row').filter({ hasText: 'robin@example.com' }).waitFor();

    const operations = operationsOf(page);
    await page.getByRole('button', { name: 'Revoke the invitation of quinn@example.com' }).click();
    await expect.poll(() => announcement(page)).toContain('The invitation of quinn@example.com was revoked.');
    expect(await page.getByRole('row').filter({ hasText: 'quinn@example.com' }).count()).toBe(0);
    expect(operations).toEqual(['RevokeInvitation']);
  });
});

describe('engagement', () => {
  it('shows a heat map and a retention grid that can also be read as text', async () => {
    const page = await asAda();
    await page.getByRole('link', { name: 'Engagement' }).click();
    const days = page.getByRole('table', { name: 'Activity by day' }).locator('td[data-level]');
    await expect.poll(() => days.count()).toBe(90);
    expect(await days.first().innerText()).toMatch(/^\w{3} \d+: \d+ sessions, [\d.]+ h$/);
    const retention = page.getByRole('table', { name: 'Retention by week' });
    expect(await retention.locator('tbody tr').count()).toBeGreaterThan(8);
    expect(await retention.locator('.rate').first().innerText()).toBe('100%');
    await takeScreenshot(page, 'app-engagement');

    await page.getByLabel('Range').selectOption({ label: '30 days' });
    await expect.poll(() => days.count()).toBe(30);
  });

  it('says so where nobody was active', async () => {
    const page = await asAda('Ada Lindqvist (personal)');
    await page.getByRole('link', { name: 'Engagement' }).click();
    await page.getByText('Nobody was active in these 90 days.').waitFor();
    expect(await page.getByRole('table').count()).toBe(0);
  });
});

it('is served while it is changed, with the gateway behind the same address', async () => {
  const port = await freePort();
  const server = await serveSources({ port, gatewayUrl: running().gateway.url });
  try {
    const page = await openPage(running().browser, `http://127.0.0.1:${port}`);
    await signIn(page, 'ada@example.com');
  } finally {
    await server.stop();
  }
});

/** How many members there are, as the page says. */
async function totalOf(page: Page): Promise<number> {
  return Number(/of (\d+) members/.exec(await page.getByText(/^\d+ of \d+ members$/).innerText())![1]);
}

/** Whether a page is wider than its window. */
function overflows(page: Page): Promise<boolean> {
  return page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth');
}
