import { execFile } from 'node:child_process';
import { chmod, chown, lchown, readdir, readFile, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withNursery } from './postgres-files.js';

const execFileAsync = promisify(execFile);

/** Whom PostgreSQL runs as. It refuses to run as root, and wants its files to belong to whoever runs it. */
export interface PostgresAccount {
  /** Words put before every command. */
  prefix: string[];
  /** The user to become; only root can. Without it the files keep the gateway's own user. */
  user?: UserIds;
}

interface UserIds {
  uid: number;
  gid: number;
}

interface NamedUser extends UserIds {
  name: string;
}

const SYSTEM_USERS = ['postgres', '_postgres', 'nobody'];

/**
 * Finds an account that can run this PostgreSQL program on data in this folder, by letting each candidate try.
 *
 * For root that is, in this order: the owner of the data that is already there, root under another name in a user
 * namespace (needs no system user, and reaches a 0700 home), a system user. Nobody found: `undefined`.
 */
export async function findAccount(program: string, folder: string): Promise<PostgresAccount | undefined> {
  const itself: PostgresAccount = { prefix: [] };
  if (process.getuid?.() !== 0 && hasName()) return itself;
  for (const candidate of await candidates(folder)) {
    if (await canRun(candidate, program, folder)) return candidate;
  }
  return process.getuid?.() === 0 ? undefined : itself;
}

/** What `spawn` needs to run a program as this account, with nothing of the gateway's secrets in its environment. */
export function commandAs(account: PostgresAccount, program: string, args: string[]) {
  const [file = program, ...rest] = [...account.prefix, program, ...args];
  const { PATH, LD_LIBRARY_PATH } = process.env;
  const env = { LC_ALL: 'C', TZ: 'UTC', PATH, ...(LD_LIBRARY_PATH && { LD_LIBRARY_PATH }) };
  return { file, args: rest, options: { cwd: '/', env, ...account.user } };
}

/** Runs a program to its end as this account; rejects with its output if it fails. */
export async function runAs(account: PostgresAccount, program: string, args: string[]): Promise<void> {
  const command = commandAs(account, program, args);
  await execFileAsync(command.file, command.args, command.options);
}

/** Gives a folder and all that is in it to the account, where it belongs to somebody else. Only root can. */
export async function giveTo(account: PostgresAccount, folder: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = account.user ?? { uid: 0, gid: 0 };
  if ((await stat(folder)).uid === uid) return;
  for (const entry of await readdir(folder, { recursive: true })) await lchown(join(folder, entry), uid, gid);
  // The folder last: it is the mark that tells a later start that all is done.
  await chown(folder, uid, gid);
}

async function candidates(folder: string): Promise<PostgresAccount[]> {
  const users = await namedUsers();
  const namespaced = inUserNamespace(users);
  if (process.getuid?.() !== 0) return [namespaced];
  const owner = await ownerOf(join(folder, 'postgres'));
  const system = SYSTEM_USERS.flatMap((name) => users.filter((user) => user.name === name));
  return [...owner.map(becoming), namespaced, ...system.map(becoming)];
}

function becoming({ uid, gid }: UserIds): PostgresAccount {
  return { prefix: [], user: { uid, gid } };
}

/**
 * The same user under another number, in a namespace of its own: PostgreSQL sees an ordinary user, the files stay ours.
 *
 * The number must be one that has a name on this machine, because initdb looks it up; 1000 often has none.
 */
function inUserNamespace(users: NamedUser[]): PostgresAccount {
  const { uid, gid } = users.find((user) => user.uid > 0 && user.uid < 65_534) ?? { uid: 65_534, gid: 65_534 };
  return { prefix: ['unshare', '--user', `--map-user=${uid}`, `--map-group=${gid}`] };
}

async function ownerOf(cluster: string): Promise<UserIds[]> {
  return stat(cluster).then(
    ({ uid, gid }) => (uid === 0 ? [] : [{ uid, gid }]),
    () => [],
  );
}

async function canRun(account: PostgresAccount, program: string, folder: string): Promise<boolean> {
  return withNursery(folder, async (nursery) => {
    if (account.user) await letThrough(folder);
    await giveTo(account, nursery);
    await runAs(account, 'sh', ['-c', 'id -un && "$0" --version && : > "$1/written"', program, nursery]);
    return true;
  }).catch(() => false);
}

/** Lets another user pass through the folder to the cluster inside; it still cannot list it. */
async function letThrough(folder: string): Promise<void> {
  const { mode } = await stat(folder);
  if ((mode & 0o001) === 0) await chmod(folder, mode | 0o001);
}

/** Whether this process's user has a name: a container may be run under any number, and initdb insists on a name. */
function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

async function namedUsers(): Promise<NamedUser[]> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n');
  return lines
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4)
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}
