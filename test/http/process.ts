import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = join(import.meta.dirname, '../..');

/** A gateway in a process of its own, as `npm start` starts it. */
export interface Process {
  output(): string;
  /** Where it listens, once it says that it is ready. */
  url(): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  hasEnded(): boolean;
  /** The exit code, or the signal that has ended it. */
  ended: Promise<number | NodeJS.Signals>;
}

/** @param options of Node.js itself. */
export function launch(env: Record<string, string>, ...options: string[]): Process {
  const child = spawn(process.execPath, [...options, 'scripts/start.mjs'], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  return {
    output: () => output,
    async url() {
      const ready = /^Tenantry is ready at (.+)\/graphql$/m;
      while (!ready.test(output)) {
        if (hasEnded()) throw new Error(`The gateway has ended:\n${output}`);
        await sleep(20);
      }
      return ready.exec(output)![1]!;
    },
    kill: (signal) => void child.kill(signal),
    hasEnded,
    ended: once(child, 'close').then(([code, signal]) => code ?? signal),
  };
}
