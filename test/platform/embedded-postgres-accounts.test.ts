import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { canBeReachedBy, freshClone, isRoot, links, ordinaryFolder } from './fresh-clone.js';
import { makeCheckout, query, SYSTEM_USER, useGateways } from './gateway-process.js';

// How PostgreSQL finds its libraries, and how an ordinary user runs it.

const { scratch, gateway } = useGateways();

test('an installation without its library links is completed, also by two starts at once', async () => {
  const { checkout, dataDir, native } = freshClone(scratch, 'no-links', 0o755);

  const both = await Promise.all([
    gateway({ checkout, dataDir }),
    gateway({ checkout, dataDir: join(checkout, 'other') }),
  ]);

  expect(both.map(({ failure }) => failure)).toEqual([undefined, undefined]);
  expect(links(native).filter((link) => !existsSync(link))).toEqual([]);
  expect(readdirSync(join(native, 'lib')).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('a platform without a package is told to bring a database of its own', async () => {
  const { checkout, dataDir, native } = freshClone(scratch, 'no-package', 0o755);
  rmSync(dirname(native), { recursive: true });

  const { failure } = await gateway({ checkout, dataDir });

  expect(failure).toMatch(/EmbeddedPostgresError: .*Set DATABASE_URL .*without --omit=optional/);
});

describe('an ordinary user', () => {
  const user = isRoot ? SYSTEM_USER : undefined;

  test('runs it as itself', async ({ skip }) => {
    const checkout = makeCheckout(join(scratch, 'ordinary'));
    skip(
      isRoot && !canBeReachedBy(SYSTEM_USER, join(checkout, 'node_modules/pg')),
      'node_modules is in a private home',
    );
    const dataDir = ordinaryFolder(scratch, 'ordinary-data');

    const { url, failure } = await gateway({ checkout, dataDir, user });

    expect(failure).toBeUndefined();
    expect(await query(url, 'select 1')).toEqual([[1]]);
  });

  test.runIf(isRoot)('completes an installation that it may not write in a copy of its own', async ({ skip }) => {
    const { checkout, native } = freshClone(scratch, 'installed-by-root', 0o755);
    skip(!canBeReachedBy(SYSTEM_USER, join(checkout, 'node_modules/pg')), 'node_modules is in a private home');
    const dataDir = ordinaryFolder(scratch, 'data-beside-an-installation');

    const { url, failure } = await gateway({ checkout, dataDir, user });

    expect(failure).toBeUndefined();
    expect(await query(url, 'select 1')).toEqual([[1]]);
    expect(links(native).filter((link) => existsSync(link))).toEqual([]);
  });

  test('that cannot write the data folder is told what to do', async ({ skip }) => {
    const checkout = makeCheckout(join(scratch, 'foreign'));
    skip(
      isRoot && !canBeReachedBy(SYSTEM_USER, join(checkout, 'node_modules/pg')),
      'node_modules is in a private home',
    );
    const folder = join(scratch, 'read-only');
    mkdirSync(folder, { mode: 0o555 });

    const { failure } = await gateway({ checkout, dataDir: join(folder, 'data'), user });

    expect(failure).toMatch(/EmbeddedPostgresError: The data folder .* cannot be used .* TENANTRY_DATA_DIR/);
  });
});
