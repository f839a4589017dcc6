import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { runCommandLine } from '../../src/cli/run.js';

// The command line as a person has it: in a process of its own, with nothing of this run's environment.

export const root = join(import.meta.dirname, '../..');

export interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Around {
  env?: Record<string, string>;
  stdin?: string | Buffer;
  /** Words before the script, for Node.js. */
  node?: string[];
  script?: string;
}

/** Starts a command; what it prints comes together in `run`. */
export function launch(words: readonly string[], { env = {}, node = [], script = 'dist/cli.js' }: Around = {}) {
  const child: ChildProcess = spawn(process.execPath, [...node, join(root, script), ...words], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: 'pipe',
  });
  const run: Run = { code: null, stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]!.setEncoding('utf8').on('data', (chunk: string) => {
      run[name] += chunk;
    });
  }
  // A process that is killed, or does not read, closes its end first.
  child.stdin!.on('error', () => {});
  const ended = once(child, 'close').then(([code]) => ({ ...run, code: code as number | null }));
  return { child, run, ended };
}

/** Runs a command to its end. */
export async function tenantry(words: readonly string[], around: Around = {}): Promise<Run> {
  const { child, ended } = launch(words, around);
  child.stdin!.end(around.stdin ?? '');
  return ended;
}

/** The same within this process, which spares starting one: for the many ways in which a command says no. */
export async function called(words: readonly string[], { env = {}, stdin = '' }: Around = {}): Promise<Run> {
  const out = { stdout: new PassThrough(), stderr: new PassThrough() };
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    out[name].setEncoding('utf8').on('data', (chunk: string) => {
      printed[name] += chunk;
    });
  }
  const input = Readable.from([Buffer.from(stdin)]) as unknown as NodeJS.ReadStream;
  const code = await runCommandLine(words, { env, stdin: input, ...out });
  await setImmediate();
  return { code, ...printed };
}

/** A folder of the test's own, for files and for a data directory that is not there yet. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'tenantry-cli-'));
}

/** Records of a file by line, with its header and trailer. */
export function parsed(file: string): { type: string; [field: string]: unknown }[] {
  return file
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
