import { demoAccount } from './demo-data.js';
import { type Gateway, startGateway } from './gateway.js';
import { type Config, ConfigurationError, readConfig } from './platform/config.js';
import { EmbeddedPostgresError } from './platform/embedded-postgres.js';
import { createLog } from './platform/log.js';
import { MigrationError } from './platform/migrate.js';
import { graphqlPath } from './server.js';

try {
  await main();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const starting = startGateway(config, createLog(config.logLevel));
  stopOnSignals(starting);
  process.stdout.write(greeting(await starting, config));
}

/** The first signal stops in good order, also what is only starting; a second one does not wait. */
function stopOnSignals(starting: Promise<Gateway>): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      // A start that fails ends the process itself.
      void starting.then((gateway) => gateway.stop()).then(() => process.exit(0));
    });
  }
}

function greeting({ url, demo }: Gateway, config: Config): string {
  const endpoint = `${url}${graphqlPath}`;
  const lines = [`Tenantry is ready at ${endpoint}`];
  if (!config.production) lines.push(`Explorer: open ${endpoint} in a browser (Apollo Sandbox)`);
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

/** What a person has to know to mend it; only for our own faults the whole stack. */
function explain(error: unknown): string {
  if (
    error instanceof ConfigurationError ||
    error instanceof EmbeddedPostgresError ||
    error instanceof MigrationError
  ) {
    return error.message;
  }
  const { code, port, address } = error as { code?: string; port?: number; address?: string };
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${address} is in use. Stop what listens there, or set PORT to another one.`;
  }
  if (code === 'ECONNREFUSED' || code === '28P01' || code === '3D000') {
    return `Cannot connect to the database: ${(error as Error).message}. Check DATABASE_URL.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
