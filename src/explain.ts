import { ConfigurationError } from './platform/config.js';
import { isUnreachable } from './platform/connection-fault.js';
import { EmbeddedPostgresError } from './platform/embedded-postgres.js';
import { MigrationError } from './platform/migrate.js';

/** What a person has to know to mend it; only for our own faults the whole stack. */
export function explain(error: unknown): string {
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
  if (isUnreachable(error) || code === '28P01' || code === '3D000') {
    return `Cannot connect to the database: ${(error as Error).message}. Check DATABASE_URL.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
