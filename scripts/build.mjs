// Builds the gateway into dist/, and remembers from what, so that a start after no change builds nothing.

import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const LOCK = join(ROOT, 'node_modules/.cache/tenantry-build.lock');
// No build takes as long: its owner is dead, and another process has got its pid.
const LOCK_AGE_MS = 5 * 60_000;
/** Where it is told what is being done. */
let told = process.stdout;

const client = {
  folder: join(ROOT, 'src/generated/prisma'),
  inputs: ['prisma/schema.prisma', 'prisma.config.ts', 'node_modules/prisma/package.json'],
};

const gateway = {
  folder: join(ROOT, 'dist'),
  inputs: ['src', 'tsconfig.json', 'tsconfig.build.json', 'prisma/schema.prisma', 'package-lock.json'],
};

/**
 * Builds what is missing or older than its sources, without a type check: that is for CI and `npm run build`.
 *
 * @param out where it is told, if what is started has other uses for its output.
 */
export async function buildIfNeeded(out = process.stdout) {
  told = out;
  // A shipped installation has only what was built.
  if (!existsSync(join(ROOT, 'src')) || (isFresh(client) && isFresh(gateway))) return;
  await orExit(() =>
    alone(async () => {
      await generateClient();
      if (!isFresh(gateway)) await compile(['--noCheck']);
    }),
  );
}

async function buildAlways() {
  const flags = process.argv.includes('--no-check') ? ['--noCheck'] : [];
  await orExit(() =>
    alone(async () => {
      await generateClient();
      await compile(flags);
    }),
  );
}

async function generateClient() {
  if (isFresh(client)) return;
  await step('Generating the database client', client, () =>
    run('prisma/build/index.js', ['generate'], {
      // Generating needs no schema engine, but Prisma would download one: any program that exists will do.
      PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? process.execPath,
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
    }),
  );
}

async function compile(flags) {
  await step('Building', gateway, () => run('typescript/lib/tsc.js', ['-p', 'tsconfig.build.json', ...flags]));
}

/** Makes a folder anew. Its stamp is written last, so that a build that fails or is killed is not taken for done. */
async function step(title, target, work) {
  const startedAt = performance.now();
  const stamp = hashOf(target.inputs);
  rmSync(target.folder, { recursive: true, force: true });
  told.write(`${title} …`);
  try {
    await work();
  } finally {
    told.write(` ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
  }
  writeFileSync(stampOf(target), stamp);
}

function isFresh(target) {
  return existsSync(stampOf(target)) && readFileSync(stampOf(target), 'utf8') === hashOf(target.inputs);
}

function stampOf(target) {
  return join(target.folder, '.built-from');
}

function hashOf(inputs) {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap((input) => filesOf(input))) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(ROOT, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Every file of a path, in an order that does not depend on the file system. What is generated is no source. */
function filesOf(path) {
  if (path === 'src/generated' || !existsSync(join(ROOT, path))) return [];
  const entries = path === 'src' || path.startsWith('src/') ? namesIn(path) : undefined;
  return entries ? entries.flatMap((name) => filesOf(`${path}/${name}`)) : [path];
}

function namesIn(path) {
  try {
    return readdirSync(join(ROOT, path)).sort();
  } catch (error) {
    if (error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Runs a program of node_modules to its end; throws what it printed if it fails. */
function run(program, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, 'node_modules', program), ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk) => {
        output += chunk;
      });
    }
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(output.trim() || `${program} failed`))));
  });
}

/** Does the work while no other start on this checkout builds. Whoever waited finds most of it done. */
async function alone(work) {
  mkdirSync(dirname(LOCK), { recursive: true });
  for (let waited = 0; !takeLock(); waited++) {
    if (waited === 0) told.write('Waiting for another build on this checkout\n');
    await sleep(100);
  }
  try {
    return await work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

/** The lock file appears with its owner's pid in it, all in one step; that of a dead owner is put aside first. */
function takeLock() {
  const draft = `${LOCK}.${randomUUID()}`;
  putDeadLockAside(draft);
  writeFileSync(draft, String(process.pid));
  try {
    linkSync(draft, LOCK);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function putDeadLockAside(aside) {
  try {
    const owner = readFileSync(LOCK, 'utf8');
    if (isAlive(Number(owner)) && Date.now() - statSync(LOCK).mtimeMs < LOCK_AGE_MS) return;
    renameSync(LOCK, aside);
    // Another start was faster, and has put its own lock there meanwhile: that one goes back.
    if (readFileSync(aside, 'utf8') !== owner) linkSync(aside, LOCK);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** In a container the same few pids come again and again: a lock with our own pid is that of a dead predecessor. */
function isAlive(pid) {
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function orExit(work) {
  try {
    await work();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await buildAlways();
