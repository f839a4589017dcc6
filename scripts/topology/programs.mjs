import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Debian keeps them where only root's PATH leads. */
const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'];

/**
 * Where a program is.
 *
 * @throws if it is not installed.
 */
export function programAt(name) {
  const found = folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
  if (!found) throw new Error(`${name} is not installed. Install it: apt-get install haproxy pgbouncer`);
  return found;
}
