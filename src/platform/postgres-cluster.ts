import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { findAccount, giveTo, type PostgresAccount, runAs } from './postgres-account.js';
import { copyBinaries, findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.js';
import { clearLeftovers, exists, ignoreExisting, withNursery, writeOnce } from './postgres-files.js';

/** Everything needed to start one PostgreSQL: its data, its programs, and whom to run it as. */
export interface Cluster {
  /** The folder that holds the data itself. */
  data: string;
  binaries: PostgresBinaries;
  account: PostgresAccount;
  password: string;
  logFile: string;
}

export const SUPERUSER = 'tenantry';

/**
 * Opens the cluster of a data folder, and creates it on the first start.
 *
 * @throws {EmbeddedPostgresError} if PostgreSQL cannot be run here, or not on this folder.
 */
export async function openCluster(folder: string, log: (message: string) => void): Promise<Cluster> {
  try {
    await mkdir(folder, { recursive: true });
    return await openIn(await realpath(folder), log);
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error;
    throw new EmbeddedPostgresError(
      `The data folder ${folder} cannot be used (${(error as Error).message}). ` +
        'Give it to the user that runs Tenantry, or set TENANTRY_DATA_DIR to another folder.',
      { cause: error },
    );
  }
}

async function openIn(dataDir: string, log: (message: string) => void): Promise<Cluster> {
  await clearLeftovers(dataDir);
  const place = await findPlace(dataDir, log);
  const cluster: Cluster = {
    data: join(place.folder, 'postgres'),
    binaries: place.binaries,
    account: place.account,
    password: await writeOnce(join(dataDir, 'postgres.password'), () => randomBytes(24).toString('base64url')),
    logFile: join(dataDir, 'postgres.log'),
  };
  if (!(await exists(join(cluster.data, 'PG_VERSION')))) await createCluster(cluster, place.folder, log);
  return cluster;
}

interface Place {
  folder: string;
  binaries: PostgresBinaries;
  account: PostgresAccount;
}

/**
 * Decides where the cluster lives: in the data folder, or where that cannot work, in a folder outside of it.
 *
 * The latter is for root without user namespaces in a checkout that nobody else can reach, for example in a container
 * under /root. A file in the data folder then names the other place, and from then on that is the place.
 */
async function findPlace(dataDir: string, log: (message: string) => void): Promise<Place> {
  const binaries = await findPostgresBinaries(dataDir);
  const pointer = join(dataDir, 'postgres.location');
  if (await exists(pointer)) return placeOutside(await readFile(pointer, 'utf8'), pointer, binaries);
  const account = await findAccount(binaries.postgres, dataDir);
  if (account) return { folder: dataDir, binaries, account };
  if (await exists(join(dataDir, 'postgres'))) throw nobodyCanRun(dataDir);
  const place = await makePlaceOutside(pointer, binaries);
  log(`Nobody but root can reach ${dataDir}, so PostgreSQL keeps its data in ${place.folder}`);
  return place;
}

/** Makes a place outside, and names it in the pointer only when it is known to work. */
async function makePlaceOutside(pointer: string, binaries: PostgresBinaries): Promise<Place> {
  const folder = await mkdtemp('/var/lib/tenantry-');
  let chosen = '';
  try {
    const place = await placeOutside(folder, pointer, binaries);
    chosen = await writeOnce(pointer, () => folder, 0o644);
    // Of two first starts at once, one has named its place and the other moves in there.
    return chosen === folder ? place : await placeOutside(chosen, pointer, binaries);
  } finally {
    if (chosen !== folder) await rm(folder, { recursive: true, force: true });
  }
}

async function placeOutside(folder: string, pointer: string, installed: PostgresBinaries): Promise<Place> {
  if (!(await exists(folder))) {
    throw new EmbeddedPostgresError(
      `The database in ${folder}, named by ${pointer}, is gone. ` +
        `Put it back, or delete ${pointer} to begin with an empty database.`,
    );
  }
  const binaries = await copyBinaries(installed, folder);
  const account = await findAccount(binaries.postgres, folder);
  if (!account) throw nobodyCanRun(folder);
  return { folder, binaries, account };
}

function nobodyCanRun(folder: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `PostgreSQL refuses to run as root, and no other way to run it on ${folder} works: user namespaces are off, and ` +
      'neither postgres nor nobody can reach it. Run Tenantry as an ordinary user, or set DATABASE_URL.',
  );
}

/**
 * Creates the cluster beside its place and renames it into it.
 *
 * A kill halfway leaves a folder with a telling name and no half cluster; of two first starts, one rename succeeds.
 */
async function createCluster(cluster: Cluster, folder: string, log: (message: string) => void): Promise<void> {
  log(`Creating the database in ${cluster.data}`);
  await withNursery(folder, async (nursery) => {
    const passwordFile = join(nursery, 'password');
    await writeFile(passwordFile, cluster.password, { mode: 0o600 });
    await giveTo(cluster.account, nursery);
    await initdb(cluster, join(nursery, 'cluster'), passwordFile);
    await rename(join(nursery, 'cluster'), cluster.data).catch(ignoreExisting);
  });
}

async function initdb({ account, binaries }: Cluster, data: string, passwordFile: string): Promise<void> {
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--encoding=UTF8'];
  const access = [`--username=${SUPERUSER}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  try {
    await runAs(account, binaries.initdb, [`--pgdata=${data}`, ...locale, ...access, '--no-instructions']);
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new EmbeddedPostgresError(
      `PostgreSQL could not create its database: ${stderr?.trim() || message}. ` +
        'Repair that, or set DATABASE_URL to a PostgreSQL of your own.',
      { cause: error },
    );
  }
}
