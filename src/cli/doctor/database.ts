import type pg from 'pg';
import type { Config } from '../../platform/config.js';
import { withOwnClient } from '../../platform/own-client.js';
import { isPooled } from '../../platform/pooler.js';
import type { Connection } from '../connection.js';
import { type Checked, check, failed, ok, patienceMs, warning } from './check.js';

const leastVersion = 140_000;
/** Tokens are believed if clocks differ by less. */
const worrying = 5;
const tooMuch = 60;
const worryingLagSeconds = 30;

interface Facts {
  version: number;
  versionText: string;
  encoding: string;
  isStandby: boolean;
  mayCreate: boolean;
  mayUseTemporary: boolean;
  now: Date;
  place: string;
  /** The same for two connections that lead to one server and database. */
  identity: string;
}

const facts = `SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS "versionText",
  pg_encoding_to_char(encoding) AS encoding, pg_is_in_recovery() AS "isStandby",
  has_database_privilege(current_database(), 'CREATE') AND has_schema_privilege(current_schema(), 'CREATE') AS "mayCreate",
  has_database_privilege(current_database(), 'TEMPORARY') AS "mayUseTemporary", clock_timestamp() AS now,
  current_database() || ' at ' || coalesce(host(inet_server_addr()) || ':' || inet_server_port(), 'a socket') AS place,
  current_database() || ' ' || pg_postmaster_start_time() AS identity
  FROM pg_database WHERE datname = current_database()`;

/** How the database looks from here. The first check says whether it can be reached at all. */
export async function checkDatabase(config: Config, { url, directUrl }: Connection): Promise<Checked[]> {
  let found: Facts | undefined;
  let differenceSeconds = 0;
  const reached = await check(
    'database',
    'Check DATABASE_URL, and that PostgreSQL runs and lets this machine in.',
    async () => {
      await connected(url, async (client) => {
        const askedAt = Date.now();
        found = (await client.query<Facts>(facts)).rows[0]!;
        differenceSeconds = Math.abs(found.now.getTime() - (askedAt + Date.now()) / 2) / 1_000;
      });
      const { version, versionText, encoding, isStandby, place } = found!;
      if (version < leastVersion) return failed(`PostgreSQL ${versionText}`, 'Use PostgreSQL 14 or later.');
      if (isStandby) return failed(`${place} is a standby`, 'Let DATABASE_URL lead to the primary.');
      if (encoding !== 'UTF8')
        return failed(`${place} is encoded in ${encoding}`, 'Make a database with ENCODING UTF8.');
      return ok(`PostgreSQL ${versionText}, ${place}`);
    },
  );
  if (!found || reached.status === 'failed') return [reached];
  return [
    reached,
    rightsOf(found),
    clockOf(differenceSeconds),
    await checkPooling(config, url, directUrl),
    ...(directUrl === url ? [] : [await checkDirect(directUrl, found)]),
    ...(config.databaseReadUrl ? [await checkStandby(config.databaseReadUrl)] : []),
  ];
}

export function connected<T>(url: string, work: (client: pg.Client) => Promise<T>, options?: string): Promise<T> {
  const connection = {
    connectionString: url,
    connectionTimeoutMillis: patienceMs - 500,
    query_timeout: patienceMs - 500,
    application_name: 'tenantry doctor',
    ...(options && { options }),
  };
  return withOwnClient(connection, work);
}

function rightsOf({ mayCreate, mayUseTemporary, place }: Facts): Checked {
  const name = 'database rights';
  const grant = 'GRANT CREATE, TEMPORARY ON DATABASE … TO …; GRANT CREATE ON SCHEMA public TO …;';
  if (!mayCreate) return { name, ...failed(`the role may not make schemas and tables in ${place}`, grant) };
  if (!mayUseTemporary)
    return { name, ...warning('the role may not make temporary tables, which imports need', grant) };
  return { name, ...ok('the role may make schemas and tables') };
}

function clockOf(seconds: number): Checked {
  const name = 'clock';
  const message = `the database is ${seconds.toFixed(1)} s apart`;
  const advice = 'Let both machines set their clocks by NTP: tokens and links count by time.';
  if (seconds > tooMuch) return { name, ...failed(message, advice) };
  return { name, ...(seconds > worrying ? warning(message, advice) : ok(message)) };
}

/** What poolers do not carry is used only where DATABASE_DIRECT_URL says that there is one. */
function checkPooling({ preparedStatements }: Config, url: string, directUrl: string): Promise<Checked> {
  return check('pooler', 'Set DATABASE_DIRECT_URL to a connection without a pooler.', async () => {
    const pooled = isPooled(url, directUrl);
    // The very settings with which the gateway connects.
    const settings = pooled ? undefined : '-c plan_cache_mode=force_generic_plan';
    try {
      await connected(url, () => Promise.resolve(), settings);
    } catch (error) {
      if (!/startup parameter/.test((error as Error).message)) throw error;
      return failed('DATABASE_URL leads to a pooler', 'Set DATABASE_DIRECT_URL to a connection without it.');
    }
    if (preparedStatements && !(await carriesStatements(url))) {
      return failed('the pooler does not carry prepared statements', 'Set DATABASE_PREPARED_STATEMENTS=off.');
    }
    return ok(pooled ? 'DATABASE_DIRECT_URL goes around it' : 'none');
  });
}

/** Two connections by turns: what one has prepared, the server behind a pooler may not know when it comes again. */
function carriesStatements(url: string): Promise<boolean> {
  const query = { name: 'tenantry_doctor', text: 'SELECT pg_backend_pid()' };
  return connected(url, (one) =>
    connected(url, async (two) => {
      try {
        for (const client of [one, two, one, two]) await Promise.all([client.query(query), client.query(query)]);
        return true;
      } catch (error) {
        if (/prepared statement/.test((error as Error).message)) return false;
        throw error;
      }
    }),
  );
}

function checkDirect(directUrl: string, { identity }: Facts): Promise<Checked> {
  return check('direct connection', 'Check DATABASE_DIRECT_URL: migrations and jobs need it.', async () => {
    const direct = await connected(directUrl, async (client) => (await client.query<Facts>(facts)).rows[0]!);
    if (direct.identity === identity) return ok(direct.place);
    return failed('it leads to another database than DATABASE_URL', 'Let both lead to the same database.');
  });
}

function checkStandby(url: string): Promise<Checked> {
  const advice = 'Check DATABASE_READ_URL. Until it answers, the primary does.';
  return check('standby', advice, async () => {
    const query = `SELECT pg_is_in_recovery() AS "isStandby",
      coalesce(extract(epoch FROM now() - pg_last_xact_replay_timestamp()), 0)::float8 AS lag`;
    const { rows } = await connected(url, (client) => client.query<{ isStandby: boolean; lag: number }>(query));
    const { isStandby, lag } = rows[0]!;
    if (!isStandby) return warning('DATABASE_READ_URL is no standby', 'Leave it out, or let it lead to one.');
    const message = `it shows what was ${lag.toFixed(0)} s ago`;
    return lag > worryingLagSeconds
      ? warning(message, 'See whether replication is held up, or nothing is written.')
      : ok(message);
  });
}
