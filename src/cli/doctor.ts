import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { catalogueOf } from '../configured.js';
import { type Config, ConfigurationError, readConfig } from '../platform/config.js';
import { hasEmbeddedPostgres } from '../platform/embedded-postgres.js';
import { createSeal, type Seal } from '../platform/secret.js';
import { exitCodes, type Given, say, type Terminal } from './command.js';
import { withDatabase } from './connection.js';
import { type Checked, failed, ok } from './doctor/check.js';
import { checkDatabase } from './doctor/database.js';
import { checkMachine, checkNode, checkSecret } from './doctor/machine.js';
import { checkOutside } from './doctor/outside.js';
import { checkState } from './doctor/state.js';

/** Checks everything that the gateway needs, and changes nothing: it makes neither a secret nor a database. */
export async function doctor({ env, stdout }: Terminal, given: Given): Promise<number> {
  const checks = await allChecks(env);
  const isWell = checks.every(({ status }) => status !== 'failed');
  if (given.json) say(stdout, JSON.stringify({ ok: isWell, checks }, null, 2));
  else say(stdout, ...linesOf(checks));
  return isWell ? exitCodes.fine : exitCodes.failed;
}

async function allChecks(env: Terminal['env']): Promise<Checked[]> {
  const configuration = checkConfiguration(env);
  // What is not valid says nothing about the rest.
  if (Array.isArray(configuration)) return [checkNode(), ...configuration];
  const [machine, database, outside] = await Promise.all([
    checkMachine(configuration),
    checkStored(configuration),
    checkOutside(configuration),
  ]);
  const valid: Checked = { name: 'configuration', ...ok(configuration.production ? 'valid, for production' : 'valid') };
  return [valid, ...machine, checkSecret(configuration), ...database, ...outside];
}

/** The configuration, or everything that is wrong with it; no value is shown. */
function checkConfiguration(env: Terminal['env']): Config | Checked[] {
  try {
    const config = readConfig(env);
    catalogueOf(config);
    return config;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const advice = 'See the table of variables in docs/configuration.md.';
    return error.problems.map((problem) => ({ name: 'configuration', ...failed(problem, advice) }));
  }
}

async function checkStored(config: Config): Promise<Checked[]> {
  if (!config.databaseUrl && !hasEmbeddedPostgres(config.dataDir)) {
    return [{ name: 'database', ...ok(`made in ${config.dataDir} by the first start`) }];
  }
  try {
    return await withDatabase(config, { mayMake: false }, async (connection) => {
      const database = await checkDatabase(config, connection);
      if (database[0]!.status === 'failed') return database;
      return [...database, ...(await checkState(connection.directUrl, await sealIfThere(config)))];
    });
  } catch (error) {
    return [{ name: 'database', ...failed((error as Error).message, 'Repair that, or set DATABASE_URL.') }];
  }
}

/** The seal, without making a secret where there is none. */
async function sealIfThere({ secret, dataDir }: Config): Promise<Seal | undefined> {
  if (secret) return createSeal(secret);
  const kept = await readFile(join(dataDir, 'secret'), 'utf8').catch(() => undefined);
  const bytes = Buffer.from(kept ?? '', 'base64');
  return bytes.length === 32 ? createSeal(new Uint8Array(bytes)) : undefined;
}

function linesOf(checks: readonly Checked[]): string[] {
  const width = Math.max(...checks.map(({ name }) => name.length));
  return checks.map(({ name, status, message, advice }) => {
    const sentence = advice ? `${message.replace(/\.$/, '')}. ${advice}` : message;
    return `${status.padEnd(7)}  ${name.padEnd(width)}  ${sentence}`;
  });
}
