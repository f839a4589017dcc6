import { demoAccount } from './demo-data.js';
import { explain } from './explain.js';
import { type Gateway, longestStopMs, startGateway } from './gateway.js';
import { explorerPaths } from './http/explorer.js';
import type { Config } from './platform/config.js';
import { isConnectionFault } from './platform/connection-fault.js';
import { createLog, type Log } from './platform/log.js';
import { graphqlPath } from './server.js';

/** Why a start does not go on: the process is to end. */
class CalledOff extends Error {
  constructor(readonly exitCode: number) {
    super('The start was called off');
  }
}

/** Runs the gateway until the process is told to end, which then ends; so it does, with a sentence, if nothing can be started. */
export async function serve(config: Config): Promise<void> {
  const log = createLog(config.logLevel);
  const ending = new AbortController();
  const starting = startGateway(config, log, ending.signal);
  endInOrder(starting, ending, config, log);
  try {
    process.stdout.write(greeting(await starting, config));
  } catch (error) {
    if (error instanceof CalledOff) process.exit(error.exitCode);
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  }
}

/**
 * The first signal ends the process in good order, also one that is only starting; a second one at once. Whatever hangs, it is
 * over in a bounded time.
 *
 * So does an error that nobody has caught: what this process knows may be wrong by then, and the next one begins afresh. The
 * requests that are under way had no part in it, and are answered. A lost connection is no such error: the database comes back.
 */
function endInOrder(starting: Promise<Gateway>, ending: AbortController, config: Config, log: Log): void {
  const end = (exitCode: number) => {
    ending.abort(new CalledOff(exitCode));
    setTimeout(() => process.exit(1), longestStopMs(config));
    const stopped = starting.then((gateway) => gateway.stop());
    // A start that is called off ends the process itself.
    stopped.then(
      (isFinished) => process.exit(isFinished ? exitCode : 1),
      () => {},
    );
  };

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (ending.signal.aborted) process.exit(1);
      log.info({ signal }, 'stopping');
      end(0);
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (err: unknown) => {
      if (isConnectionFault(err)) return log.error({ err }, 'a connection was lost, and nobody has caught it');
      log.fatal({ err }, 'nobody has caught an error: stopping');
      if (!ending.signal.aborted) end(1);
    });
  }
}

function greeting({ url, demo }: Gateway, config: Config): string {
  const endpoint = `${url}${graphqlPath}`;
  const lines = [`Tenantry is ready at ${endpoint}`];
  if (config.explorer) lines.push(...explorers(url, config));
  if (!config.production && !config.mailUrl) lines.push(`Mail that would be sent: ${url}/mail`);
  if (demo) {
    const { email, password } = demoAccount;
    const query = `mutation { login(input: { email: "${email}", password: "${password}" }) { user { fullName } session { accessToken } } }`;
    lines.push(
      `Demo log-in: ${email} with the password ${password}`,
      `Try: curl -s ${endpoint} -H 'content-type: application/json' -d '${JSON.stringify({ query })}'`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function explorers(url: string, { introspection }: Config): string[] {
  const { altair, sandbox } = explorerPaths;
  const lines = [
    `Explorer: ${url}${altair} (Altair, needs no internet) or ${url}${sandbox} (Apollo Sandbox, from its CDN)`,
  ];
  if (!introspection) lines.push('Explorers cannot show the schema: TENANTRY_INTROSPECTION is off');
  return lines;
}
