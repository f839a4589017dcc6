import { join } from 'node:path';
import { nodeSettings } from '../node-settings.mjs';
import { freePort, lastLines, until } from './processes.mjs';

const root = join(import.meta.dirname, '../..');

/** A gateway in a process of its own, on a port that it keeps when it is started again. */
export async function createGateway(name, env, { processes }) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let running;
  /** Every end so far that nobody asked for. */
  const faults = [];

  function launch() {
    const started = processes.start(name, {
      file: process.execPath,
      args: ['--enable-source-maps', ...nodeSettings, 'dist/main.js'],
      // Nothing else of the environment: the gateways are as anybody would start them.
      options: { cwd: root, env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: String(port), ...env } },
    });
    running = started;
    void started.ended.then((how) => {
      if (running !== started) return;
      running = undefined;
      faults.push(`${name} has ended with ${how.signal ?? `code ${how.code}`}:\n${lastLines(started.output())}`);
    });
  }

  async function isReady() {
    if (!running) throw new Error(faults.at(-1));
    return fetch(`${url}/readyz`).then(
      ({ status }) => status === 200,
      () => false,
    );
  }

  return {
    name,
    port,
    url,
    faults,
    pid: () => running?.pid,
    output: () => running?.output() ?? '',
    /** Starts it, and returns when it is ready. */
    async start() {
      launch();
      await until(`${name} is ready`, isReady);
    },
    /** Ends it with a signal, and returns when it is gone. */
    async stop(signal = 'SIGTERM') {
      const ending = running;
      running = undefined;
      return ending?.end(signal);
    },
  };
}
