import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { inject } from 'vitest';
import { enqueuedTasks } from '../../src/tasks.js';
import { mailFrom } from '../mail/mailing.js';

// Gateways in processes of their own that hand their mail to an SMTP server, to be killed the hard way.

const root = join(import.meta.dirname, '../..');

export interface MailGateway {
  url: string;
  pid: number;
  /** Ends it at once, in the middle of whatever it does. */
  kill(): Promise<void>;
  /** Ends it in good order, and answers with the seconds that it took and how it ended. */
  stop(): Promise<{ seconds: number; code: number | null }>;
}

/** The jobs of changes. A gateway has others, which begin by the clock. */
export const enqueuedJobs = `(
  SELECT * FROM graphile_worker.jobs WHERE task_identifier IN (${enqueuedTasks.map((task) => `'${task}'`).join()})
) jobs`;

export async function launchMailGateway(databaseUrl: string, mailUrl: string): Promise<MailGateway> {
  const child = spawn(process.execPath, ['--import', './test/races/end-with-parent.mjs', 'scripts/start.mjs'], {
    cwd: root,
    // Nothing else of the environment: the gateways are as anybody would start them.
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: '0',
      DATABASE_URL: databaseUrl,
      DATABASE_POOL_SIZE: '8',
      MAIL_URL: mailUrl,
      MAIL_FROM: mailFrom,
      APP_URL: 'https://app.acme.example',
      TENANTRY_DATA_DIR: inject('dataDir'),
      TENANTRY_SEED: 'none',
      // What is refused on purpose would fill it.
      LOG_LEVEL: 'fatal',
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const end = (signal: NodeJS.Signals) => ended(child, signal);
  return {
    url: await readiness(child),
    pid: child.pid!,
    async kill() {
      await end('SIGKILL');
    },
    async stop() {
      const startedAt = performance.now();
      await end('SIGTERM');
      return { seconds: (performance.now() - startedAt) / 1000, code: child.exitCode };
    },
  };
}

/** Where a gateway listens, as soon as it does. */
function readiness(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: string) => {
      output += chunk;
      const ready = /^Tenantry is ready at (.+)\/graphql$/m.exec(output);
      if (ready) resolve(ready[1]!);
    };
    child.stdout!.setEncoding('utf8').on('data', read);
    child.stderr!.setEncoding('utf8').on('data', read);
    child.once('close', () => reject(new Error(`The gateway has ended:\n${output}`)));
  });
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill(signal);
  const giveUp = setTimeout(() => child.kill('SIGKILL'), 30_000);
  await closed;
  clearTimeout(giveUp);
}
