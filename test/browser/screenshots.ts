import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const shown = join(import.meta.dirname, '../../docs/screenshots');

let folder: string | undefined;

/** Takes a picture of a whole page: for the docs with UPDATE_SCREENSHOTS=1, else into a temporary folder. */
export async function takeScreenshot(page: Page, name: string): Promise<void> {
  folder ??= process.env.UPDATE_SCREENSHOTS === '1' ? shown : mkdtempSync(join(tmpdir(), 'tenantry-screenshots-'));
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true, animations: 'disabled', caret: 'hide' });
}
