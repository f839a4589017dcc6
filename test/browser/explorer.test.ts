import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.js';
import { useOwnGateway } from '../support/own-gateway.js';

// Altair takes its time to read the schema where there is little of a processor.
const patienceMs = 180_000;

const gateway = useOwnGateway({ seed: 'demo' });

const shots = process.env.UPDATE_SCREENSHOTS
  ? join(import.meta.dirname, '../../docs/screenshots')
  : mkdtempSync(join(tmpdir(), 'tenantry-screenshots-'));

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser?.close());

/** A page that reaches the gateway and nothing else, and what it has tried to reach beside it. */
async function openPage(path: string): Promise<{ page: Page; foreign: string[]; refused: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
  const page = await context.newPage();
  page.setDefaultTimeout(patienceMs);
  const [foreign, refused]: [string[], string[]] = [[], []];
  await context.route(
    (url) => url.origin !== gateway().url,
    (route) => {
      foreign.push(route.request().url());
      return route.abort();
    },
  );
  await page.exposeFunction('noteRefusal', (refusal: string) => refused.push(refusal));
  await page.addInitScript(
    "addEventListener('securitypolicyviolation', (event) => noteRefusal(event.effectiveDirective + ' ' + event.blockedURI))",
  );
  await page.goto(`${gateway().url}${path}`);
  return { page, foreign, refused };
}

it(
  'somebody who opens / sends the organization page without signing in, reads the schema, and needs no internet',
  async () => {
    const { page, foreign, refused } = await openPage('/');
    for (const title of ['Accounts', 'Members', 'Access', 'Activity', 'Organization page']) {
      await page.locator('.window-switcher__item').getByText(title, { exact: true }).waitFor();
    }
    const result = page.locator('app-query-result');
    await page.getByText('Send Request', { exact: true }).click();
    await result.getByText('Northwind Learning').waitFor();
    await result.getByText('ada@example.com').waitFor();

    await page.getByText('Docs', { exact: true }).click();
    await page.locator('app-doc-viewer').getByText('Mutation', { exact: true }).waitFor();
    await page.locator('[data-sonner-toast]').first().waitFor({ state: 'detached' });
    await page.screenshot({ path: join(shots, 'explorer.png') });

    expect(foreign).toEqual([]);
    // Empty style elements and a probe, which nothing depends on.
    expect(refused.filter((refusal) => !['style-src-elem inline', 'script-src eval'].includes(refusal))).toEqual([]);
  },
  patienceMs,
);

it(
  'whoever signs in there as somebody else sends everything as that person',
  async () => {
    const { page } = await openPage('/');
    await page.locator('.window-switcher__item').getByText('Accounts', { exact: true }).click();
    const window = page.locator('app-window:visible');
    await window.getByText('Variables', { exact: true }).click();
    const result = window.locator('app-query-result');
    const answers = (text: string) =>
      result
        .getByText(text)
        .waitFor({ timeout: 20_000 })
        .then(
          () => true,
          () => false,
        );
    async function sendsAsYuki(): Promise<boolean> {
      await window.locator('app-variables-editor .cm-content').click();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.insertText('{ "email": "yuki@example.com", "password": "demo-password" }');
      await window.getByText('(Send mutation SignIn)').click();
      await answers('refreshToken');
      await window.getByText('(Send query MeAndMyOrganizations)').click();
      return answers('yuki@example.com');
    }
    // Altair takes what was typed, and who has signed in, a moment later than one can click; what is typed too early is lost.
    for (let tries = 1; !(await sendsAsYuki()); tries += 1) expect(tries, await window.innerText()).toBeLessThan(4);
  },
  patienceMs,
);

it('Apollo Sandbox begins with the examples, and sends as the demo account', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await context.route(/^https:\/\/embeddable-sandbox\.cdn\.apollographql\.com\/v2\//, (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      body: 'window.EmbeddedSandbox = class { constructor(options) { window.given = options; } };',
    }),
  );
  await page.goto(`${gateway().url}/sandbox`);
  const given = (script: string) => page.evaluate(`(async (given) => ${script})(window.given)`);
  expect(await given('given.initialEndpoint')).toBe(`${gateway().url}/graphql`);
  expect(await given('given.initialSubscriptionEndpoint')).toBe(`${gateway().url.replace('http', 'ws')}/graphql`);
  expect(await given('given.initialState.document')).toContain('query CurrentOrganizationPage');
  const send = (headers: object) =>
    given(`(await given.handleRequest(given.initialEndpoint, { method: 'POST', headers: ${JSON.stringify(headers)},
      body: '{"query":"{ me { email } currentOrganization { name } }"}' })).json()`);
  expect(await send({ 'content-type': 'application/json' })).toEqual({
    data: { me: { email: 'ada@example.com' }, currentOrganization: { name: 'Northwind Learning' } },
  });
  const refused = await send({ 'content-type': 'application/json', authorization: 'Bearer x' });
  expect(refused).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
});
