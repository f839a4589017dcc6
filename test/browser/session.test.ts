import { join } from 'node:path';
import type { Page, Request } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { codeOf, send } from '../support/client.js';
import { linkMailedTo, openPage, openTab, operationsOf, signIn, switchTo } from './people.js';
import { useExampleApp } from './use-example-app.js';

// The app sends hashes here, and the gateway takes no document but those that codegen has listed.

const running = useExampleApp({
  persisted: true,
  env: {
    TENANTRY_TRUSTED_DOCUMENTS: join(import.meta.dirname, '../../examples/web/src/generated/persisted-documents.json'),
    TENANTRY_TRUSTED_DOCUMENTS_ONLY: 'on',
  },
});

afterEach(async () => {
  for (const context of running().browser.contexts()) await context.close();
});

async function asAda(): Promise<Page> {
  const page = await openPage(running().browser, running().url, '/sign-in');
  await signIn(page, 'ada@example.com');
  await switchTo(page, 'Northwind Learning');
  return page;
}

const isSignedIn = (page: Page) => page.getByRole('button', { name: 'Sign out' }).waitFor();
const isSignedOut = (page: Page) => page.getByRole('heading', { name: 'Sign in' }).waitFor();

describe('a session', () => {
  it('begins with signing up, after which the link in the mail proves the address', async () => {
    const page = await openPage(running().browser, running().url);
    await page.getByRole('link', { name: 'Sign up' }).click();
    await page.getByLabel('Your name').fill('Nour Aziz');
    await page.getByLabel('E-mail').fill('nour@example.com');
    await page.getByLabel('Password').fill('nine lanterns over water');
    await page.getByRole('button', { name: 'Sign up' }).click();
    await page.getByText('1 of 1 members').waitFor();

    await page.goto(await linkMailedTo(running().dataDir, 'nour@example.com'));
    await page.getByRole('button', { name: 'This address is mine' }).click();
    await page.getByText('nour@example.com is yours.').waitFor();
  });

  it('does not begin with a wrong password, and it is said why', async () => {
    const page = await openPage(running().browser, running().url);
    const operations = operationsOf(page);
    await page.getByLabel('E-mail').fill('ada@example.com');
    await page.getByLabel('Password').fill('a wrong password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect.poll(() => page.getByRole('alert').innerText()).toMatch(/password/i);
    expect(operations).toEqual(['LogIn']);
    expect(await page.getByLabel('E-mail').inputValue()).toBe('ada@example.com');
  });

  it('is renewed once when several requests are refused at the same time, and they are sent again', async () => {
    const page = await asAda();
    await page.getByRole('link', { name: 'Engagement' }).click();
    await page.getByRole('table', { name: 'Activity by day' }).waitFor();

    const operations = operationsOf(page);
    let isExpired = true;
    await page.route('**/graphql', async (route, request) => {
      if (operationOf(request) === 'RefreshSession') isExpired = false;
      const headers = request.headers();
      if (isExpired && headers.authorization) headers.authorization += 'x';
      await route.continue({ headers });
    });
    await page.getByRole('link', { name: 'Members' }).click();
    await page.getByText('10 of 24 members').waitFor();
    await page.getByRole('row').filter({ hasText: '@' }).first().waitFor();
    const expected = ['Members', 'Members', 'PendingInvitations', 'PendingInvitations', 'RefreshSession'];
    await expect.poll(() => operations.toSorted()).toEqual(expected);
    await isSignedIn(page);
  });

  it('is kept by all tabs, also if they are reloaded at the same moment', async () => {
    const page = await asAda();
    const tabs = [page, await openTab(page.context()), await openTab(page.context())];
    for (let round = 0; round < 3; round++) {
      await Promise.all(tabs.map((tab) => tab.reload()));
      await Promise.all(tabs.map(isSignedIn));
    }
  });

  it('is kept when a reload loses the answer that renews it', async () => {
    const page = await asAda();
    const isAnswered = new Promise<void>((resolve) => {
      page.route('**/graphql', async (route, request) => {
        if (operationOf(request) !== 'RefreshSession') return route.continue();
        await route.fetch();
        resolve();
      });
    });
    await page.reload();
    await isAnswered;
    await page.unrouteAll();
    await page.reload();
    await isSignedIn(page);
  });

  it('ends in all tabs and at the gateway with signing out', async () => {
    const page = await asAda();
    const other = await openTab(page.context());
    await isSignedIn(other);
    const kept = await page.evaluate<string>("localStorage.getItem('tenantry.session')");
    await page.getByRole('button', { name: 'Sign out' }).click();
    await Promise.all([page, other].map(isSignedOut));

    await other.evaluate(`localStorage.setItem('tenantry.session', ${JSON.stringify(kept)})`);
    await other.goto('/');
    await isSignedOut(other);
  });

  it('that is over leads to the sign-in, and from there back to the same page', async () => {
    const page = await asAda();
    await page.getByRole('link', { name: 'Engagement' }).click();
    const unknown = JSON.stringify({ refreshToken: 'x'.repeat(43), key: 'unknown' });
    await page.evaluate(`localStorage.setItem('tenantry.session', ${JSON.stringify(unknown)})`);
    await page.reload();
    await isSignedOut(page);
    await signIn(page, 'ada@example.com');
    await page.getByRole('table', { name: 'Activity by day' }).waitFor();
  });
});

it('the app asks by hashes alone, where the gateway takes no other documents', async () => {
  const { gateway } = running();
  expect(codeOf(await send(gateway.url, '{ __typename }'))).toBe('FORBIDDEN');
  const page = await asAda();
  const bodies: unknown[] = [];
  page.on('request', (request) => {
    if (operationOf(request)) bodies.push(request.postDataJSON());
  });
  await page.reload();
  await page.getByText('10 of 24 members').waitFor();
  expect(bodies.length).toBeGreaterThan(3);
  for (const body of bodies) {
    expect(body).not.toHaveProperty('query');
    expect(body).toHaveProperty('extensions.persistedQuery.sha256Hash', expect.stringMatching(/^[0-9a-f]{64}$/));
  }
});

function operationOf(request: Request): string | undefined {
  return new URL(request.url()).pathname === '/graphql' ? request.postDataJSON().operationName : undefined;
}
