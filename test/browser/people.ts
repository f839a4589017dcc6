import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { vi } from 'vitest';
import { demoAccount } from '../../src/demo-data.js';
import { capturedMail, mailFolder } from '../../src/platform/captured-mail.js';

// What people do with the example app. Each has a browser context of their own, as if it were their own machine.

/** A window of somebody's own. Further tabs of it are opened with `openTab`. */
export async function openPage(browser: Browser, baseURL: string, path = '/'): Promise<Page> {
  const context = await browser.newContext({ baseURL, viewport: { width: 1100, height: 800 }, locale: 'en-GB' });
  context.setDefaultTimeout(20_000);
  return openTab(context, path);
}

export async function openTab(context: BrowserContext, path = '/'): Promise<Page> {
  const page = await context.newPage();
  await page.goto(path);
  return page;
}

/** Fills in the form that the page shows. Everybody in the demo has the same password. */
export async function signIn(page: Page, email: string): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(demoAccount.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

export async function switchTo(page: Page, organization: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Organization' }).selectOption({ label: organization });
  await isIn(page, organization.replace(' (personal)', ''));
}

/** Waits until a page shows an organization. */
export async function isIn(page: Page, organization: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: organization, exact: true }).waitFor();
}

/** The row of a member, which is looked for by name. */
export function memberRow(page: Page, name: string): Locator {
  return page.getByRole('table', { name: 'Members of the organization' }).getByRole('row').filter({ hasText: name });
}

/** The names of the operations that a page sends from now on. */
export function operationsOf(page: Page): string[] {
  const names: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/graphql') names.push(request.postDataJSON().operationName);
  });
  return names;
}

/** The link in the last mail to somebody, once the gateway has sent it. */
export function linkMailedTo(dataDir: string, email: string): Promise<string> {
  return vi.waitFor(
    async () => {
      const mails = await capturedMail(mailFolder(dataDir), 100);
      const link = /^https?:\S+$/m.exec(mails.find(({ to }) => to === email)?.text ?? '')?.[0];
      if (!link) throw new Error(`No mail with a link has come for ${email}.`);
      return link;
    },
    { timeout: 15_000, interval: 50 },
  );
}
