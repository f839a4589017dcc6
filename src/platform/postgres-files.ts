import { randomUUID } from 'node:crypto';
import { link, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

// Files and folders of the embedded PostgreSQL appear whole or not at all: each is made under a name that carries the
// maker's pid, and then moved into its place. What a killed start leaves behind can so be told and cleared.

const LEFTOVER = /^postgres\.new-(\d+)-/;
const LEFTOVER_AGE_MS = 10 * 60_000;

/** Runs the work in a new folder beside the place where its result shall go, and clears the folder afterwards. */
export async function withNursery<T>(folder: string, work: (nursery: string) => Promise<T>): Promise<T> {
  const nursery = await mkdtemp(join(folder, `postgres.new-${process.pid}-`));
  try {
    return await work(nursery);
  } finally {
    await rm(nursery, { recursive: true, force: true });
  }
}

/** Reads a small file, and writes it first if it is missing. Of several writers at once, one wins and all read that. */
export async function writeOnce(path: string, content: () => string | Promise<string>, mode = 0o600): Promise<string> {
  if (!(await exists(path))) {
    const draft = join(dirname(path), `postgres.new-${process.pid}-${randomUUID()}`);
    await writeFile(draft, await content(), { mode });
    await link(draft, path).catch(ignoreExisting);
    await rm(draft, { force: true });
  }
  return readFile(path, 'utf8');
}

/** Removes what killed starts left behind, but nothing that another start is working on now. */
export async function clearLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = LEFTOVER.exec(name)?.[1];
    if (pid === undefined || !(await isAbandoned(join(folder, name), Number(pid)))) continue;
    // An initdb that outlived its gateway may still write here; then a later start clears the rest.
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** For `catch` after a link or a rename: somebody else was faster, and theirs is as good. */
export function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST' && error.code !== 'ENOTEMPTY') throw error;
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function isAbandoned(path: string, maker: number): Promise<boolean> {
  if (!isAlive(maker)) return true;
  const changedAt = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Date.now(),
  );
  // In a container the same few pids come again and again: what is older than this process is not this process's.
  const startedAt = Date.now() - process.uptime() * 1000;
  return changedAt < (maker === process.pid ? startedAt : Date.now() - LEFTOVER_AGE_MS);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
