import type { Client } from 'pg';
import * as history from '../../platform/migration-history.js';
import { type Outbox, outboxStatement } from '../../platform/outbox.js';
import type { Seal } from '../../platform/secret.js';
import { type Checked, check, type Finding, failed, ok, warning } from './check.js';
import { connected } from './database.js';

/** A job that waits for longer is not only in its turn. */
const worryingSeconds = 600;
/** A key signs for 30 days, and another one takes its turn within the hour. */
const dueDays = 31;

/**
 * What is in the database: its migrations, the keys that it keeps, and the queue.
 *
 * @param seal opens what is sealed; undefined where nothing has been sealed yet.
 */
export async function checkState(url: string, seal: Seal | undefined): Promise<Checked[]> {
  let isPrepared = false;
  const migrations = await check('migrations', 'See what the database says.', () =>
    connected(url, async (client) => {
      const finding = await lookAtMigrations(client);
      const { rows } = await client.query<{ there: boolean }>(
        `SELECT to_regclass('signing_keys') IS NOT NULL AND to_regclass('graphile_worker.jobs') IS NOT NULL AS there`,
      );
      isPrepared = rows[0]!.there;
      return finding;
    }),
  );
  if (!isPrepared) return [migrations];
  return [
    migrations,
    await check('signing keys', 'See what the database says.', () =>
      connected(url, (client) => lookAtKeys(client, seal)),
    ),
    await check('queue', 'See what the database says.', () => connected(url, lookAtQueue)),
  ];
}

async function lookAtMigrations(client: Client): Promise<Finding> {
  const migrations = history.readMigrations();
  const rows = await history.readHistory(client);
  try {
    history.assertNothingUnfinished(rows);
    history.assertNothingEdited(migrations, rows);
  } catch (error) {
    return failed((error as Error).message, 'Do that before anything else.');
  }
  const pending = history.unapplied(migrations, rows);
  if (pending.length > 0) {
    return warning(
      `${pending.length} of ${migrations.length} are missing`,
      'Start the gateway, or run "tenantry migrate".',
    );
  }
  const newer = history.unknown(migrations, rows);
  if (newer.length > 0) return warning(`a newer version has applied ${newer.join(', ')}`, 'Update this one.');
  return ok(`all ${migrations.length} are applied`);
}

interface Keys {
  signing: string | null;
  ageDays: number;
  integration: string | null;
}

const keys = `SELECT newest.private_jwk AS signing, extract(epoch FROM now() - newest.created_at) / 86400 AS "ageDays", (
    SELECT private_jwk FROM integration_keys WHERE private_jwk IS NOT NULL ORDER BY created_at DESC LIMIT 1
  ) AS integration
  FROM (SELECT * FROM signing_keys WHERE retired_at IS NULL ORDER BY created_at DESC LIMIT 1) newest`;

async function lookAtKeys(client: Client, seal: Seal | undefined): Promise<Finding> {
  const { rows } = await client.query<Keys>(keys);
  const [found] = rows;
  if (!found) return ok('made by the first start');
  const sealed = [found.signing, found.integration].filter((key) => key !== null);
  const opened = seal ? await Promise.allSettled(sealed.map((key) => seal.open(key))) : [];
  if (!seal || opened.some(({ status }) => status === 'rejected')) {
    return failed(
      'TENANTRY_SECRET is not the one that this database was set up with',
      'Give it the secret of the other replicas, or that of the data directory which the database began with.',
    );
  }
  const days = Math.floor(found.ageDays);
  if (days > dueDays)
    return warning(`the newest is ${days} days old`, 'A running gateway replaces it within the hour.');
  return ok(`the secret opens them; the newest is ${days} days old`);
}

async function lookAtQueue(client: Client): Promise<Finding> {
  const { rows } = await client.query<Outbox>(outboxStatement);
  const { waiting, failed: givenUp, oldestSeconds } = rows[0]!;
  if (givenUp > 0) {
    return warning(
      `${givenUp} jobs were given up after their last try`,
      'SELECT task_identifier, last_error FROM graphile_worker.jobs WHERE attempts >= max_attempts; says why.',
    );
  }
  if (oldestSeconds !== null && oldestSeconds > worryingSeconds) {
    const minutes = Math.round(oldestSeconds / 60);
    return warning(
      `${waiting} jobs wait, the oldest for ${minutes} minutes`,
      'See whether a gateway runs, and its log.',
    );
  }
  return ok(waiting === 0 ? 'empty' : `${waiting} jobs wait for their turn`);
}
