// Of connections of other roles, and of standbys, PostgreSQL shows the gateway's role no more than that they are there, unless
// it belongs to pg_read_all_stats.

export interface ServerRow {
  serverVersion: string;
  isStandby: boolean;
}

export const server = `
  SELECT current_setting('server_version') AS "serverVersion", pg_is_in_recovery() AS "isStandby"`;

export const size = 'SELECT pg_database_size(current_database())::float8 AS "sizeBytes"';

export interface ConnectionsRow {
  total: number;
  active: number;
  idle: number;
  idleInTransaction: number;
  waiting: number;
  maximum: number;
}

export const connections = `
  SELECT count(*)::int AS total,
    count(*) FILTER (WHERE state = 'active')::int AS active,
    count(*) FILTER (WHERE state = 'idle')::int AS idle,
    count(*) FILTER (WHERE state LIKE 'idle in transaction%')::int AS "idleInTransaction",
    count(*) FILTER (WHERE wait_event_type = 'Lock')::int AS waiting,
    current_setting('max_connections')::int AS maximum
  FROM pg_stat_activity
  WHERE datname = current_database() AND coalesce(backend_type, 'client backend') = 'client backend'`;

export interface StandbyRow {
  applicationName: string | null;
  state: string | null;
  syncState: string | null;
  lagBytes: number | null;
  lagSeconds: number | null;
}

// A standby that hands on what it receives has no position of its own to write at.
export const standbys = `
  SELECT application_name AS "applicationName", state, sync_state AS "syncState",
    pg_wal_lsn_diff(
      CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_lsn() END, replay_lsn
    )::float8 AS "lagBytes",
    extract(epoch FROM replay_lag)::float8 AS "lagSeconds"
  FROM pg_stat_replication ORDER BY application_name, pid`;
