import { chmod, cp, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { exists, ignoreExisting, withNursery } from './postgres-files.js';

/** The programs of one PostgreSQL, as they stand in its `native` folder. */
export interface PostgresBinaries {
  native: string;
  initdb: string;
  postgres: string;
}

interface LibraryLink {
  source: string;
  target: string;
}

/**
 * Finds the PostgreSQL that npm installed for this platform, and makes it runnable.
 *
 * npm cannot pack symbolic links; the package makes them in an install script, which may be switched off. So they
 * are made here. Where node_modules is read-only, a complete copy in `spareFolder` is used instead.
 *
 * @throws {EmbeddedPostgresError} if there is no package for this platform, or it was not installed.
 */
export async function findPostgresBinaries(spareFolder: string): Promise<PostgresBinaries> {
  const installed = await installedBinaries();
  try {
    await makeRunnable(installed);
    return installed;
  } catch (error) {
    if (!isReadOnly(error)) throw error;
    return copyBinaries(installed, spareFolder);
  }
}

/**
 * Copies the PostgreSQL programs into a folder, unless that copy is there already.
 *
 * The copy appears in one step, so that a start killed halfway never leaves half of it.
 */
export async function copyBinaries(binaries: PostgresBinaries, folder: string): Promise<PostgresBinaries> {
  const copy = join(folder, `postgres-binaries-${await versionOf(binaries)}`);
  if (!(await exists(copy))) {
    await withNursery(folder, async (nursery) => {
      const draft = join(nursery, 'package');
      await cp(binaries.native, join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
      await makeRunnable(binariesIn(join(draft, 'native')));
      await rename(draft, copy).catch(ignoreExisting);
    });
  }
  return binariesIn(join(copy, 'native'));
}

async function installedBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const { postgres } = (await import(name)) as { postgres: string };
    return binariesIn(join(dirname(postgres), '..'));
  } catch (error) {
    throw new EmbeddedPostgresError(
      `The embedded PostgreSQL (package ${name}) is not installed. Set DATABASE_URL to a PostgreSQL of your own, ` +
        'or install again without --omit=optional. It exists for Linux and macOS on x64 and arm64.',
      { cause: error },
    );
  }
}

function binariesIn(native: string): PostgresBinaries {
  return { native, initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

async function makeRunnable(binaries: PostgresBinaries): Promise<void> {
  await Promise.all([binaries.initdb, binaries.postgres].map(makeExecutable));
  await Promise.all((await libraryLinks(binaries)).map((link) => makeLink(dirname(binaries.native), link)));
}

async function makeExecutable(program: string): Promise<void> {
  const { mode } = await stat(program);
  if ((mode & 0o111) !== 0o111) await chmod(program, mode | 0o111);
}

async function libraryLinks(binaries: PostgresBinaries): Promise<LibraryLink[]> {
  return JSON.parse(await readFile(join(binaries.native, 'pg-symlinks.json'), 'utf8')) as LibraryLink[];
}

/** Makes a link under another name and renames it into place, so that two starts at once cannot collide. */
async function makeLink(packageFolder: string, link: LibraryLink): Promise<void> {
  const target = join(packageFolder, link.target);
  if (await exists(target)) return;
  const fresh = join(dirname(target), `.${basename(target)}-${process.pid}`);
  await rm(fresh, { force: true });
  await symlink(relative(dirname(link.target), link.source), fresh);
  await rename(fresh, target);
}

async function versionOf(binaries: PostgresBinaries): Promise<string> {
  const manifest = await readFile(join(dirname(binaries.native), 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

function isReadOnly(error: unknown): boolean {
  return ['EROFS', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
}
