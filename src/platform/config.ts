import { environment, type Plan, pathText } from './environment.js';

/** Everything that the gateway can be told, read from the environment once, at start. */
export interface Config {
  production: boolean;
  host: string;
  port: number;
  /** Any PostgreSQL from 14 on; undefined for the embedded one. */
  databaseUrl: string | undefined;
  /** A connection without a transaction pooler in between, for migrations and the job worker. */
  databaseDirectUrl: string | undefined;
  /** A streaming standby for reads that may be a moment old. */
  databaseReadUrl: string | undefined;
  preparedStatements: boolean;
  poolSize: number;
  /** How long to wait for the database, in milliseconds: for a connection, a lock, and a whole statement. */
  databaseTimeouts: { connect: number; lock: number; statement: number };
  dataDir: string;
  seed: 'demo' | 'none' | undefined;
  /** Permissions that the operator's own app checks, beside those of the gateway. */
  permissions: { permission: string; description: string }[];
  /** The plans that organizations can be on; none for the built-in one. */
  plans: Plan[];
  invitationDays: number;
  /** How many organizations a user may found. */
  organizationsPerUser: number;
  /** For how long a new integration key is published before it signs. */
  keyLeadSeconds: number;
  /** Made a super admin at start, with an account if there is none. */
  superAdmin: { email: string; password: string } | undefined;
  /** 32 bytes that encrypt private keys at rest; undefined to have them made in the data directory. */
  secret: Uint8Array | undefined;
  /** Where links in mail lead to; undefined for the gateway's own address. */
  appUrl: string | undefined;
  /** Where mail is handed over; undefined to capture it in the data directory. */
  mailUrl: string | undefined;
  /** The sender of mail. */
  mailFrom: string | undefined;
  corsOrigins: (string | RegExp)[];
  /** Networks whose X-Forwarded-For is believed. */
  trustProxy: string[];
  /** Another issuer whose tokens are accepted. */
  externalIssuer: { jwksUrl: string; issuer: string; audience: string } | undefined;
  /** The cost of queries that one caller, and all callers of one network, may ask for in a minute; 0 for any. */
  rateLimits: { caller: number; network: number };
  /** From how many requests at once, or which delay of the event loop, further ones are turned away. */
  overload: { mostRequests: number; mostDelayMs: number };
  /** How many sockets for subscriptions a replica holds. */
  mostSockets: number;
  /** The manifest of documents that clients may name by their hash, and whether nothing else is accepted. */
  trustedDocuments: { file: string; only: boolean } | undefined;
  /** Whether the schema can be asked for. */
  introspection: boolean;
  /** Whether the gateway is a subgraph of Apollo Federation as well. */
  federation: boolean;
  /** Whether there are pages to explore the API with. */
  explorer: boolean;
  /** The bearer token that metrics are shown to; undefined for anybody outside production, and nobody in it. */
  metricsToken: string | undefined;
  /** How long a stop goes on serving while it says that it is not ready, so that load balancers notice. */
  drainSeconds: number;
  /** How long a stop waits after that for what is under way. */
  stopSeconds: number;
  /** Where traces are sent (OTLP over HTTP), and in whose name; undefined for nowhere. */
  traces: { url: string; serviceName: string } | undefined;
  logLevel: string;
}

/** Lists everything that is wrong with the environment, by variable, and never a value. */
export class ConfigurationError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not valid:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigurationError';
  }
}

/** What the gateway's own tokens name as their issuer if it has no APP_URL. */
export const ownIssuer = 'tenantry';

const localOrigins = ['https://studio.apollographql.com', /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/];

/**
 * Reads the configuration. An empty variable counts as absent.
 *
 * @throws {ConfigurationError} with every problem at once.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = environment.safeParse(given);
  const problems = result.success ? [] : result.error.issues.map(({ path, message }) => `${pathText(path)} ${message}`);
  const production = given.NODE_ENV === 'production';
  if (production && !given.TENANTRY_SECRET) problems.push('TENANTRY_SECRET is required in production');
  if (production && given.TENANTRY_SEED === 'demo') {
    problems.push('TENANTRY_SEED cannot be demo in production: everybody knows the password');
  }
  if (Boolean(given.TENANTRY_SUPER_ADMIN_EMAIL) !== Boolean(given.TENANTRY_SUPER_ADMIN_PASSWORD)) {
    problems.push('TENANTRY_SUPER_ADMIN_EMAIL and TENANTRY_SUPER_ADMIN_PASSWORD go together');
  }
  if (given.MAIL_URL && !given.MAIL_FROM) problems.push('MAIL_FROM is needed to send mail: the address of the sender');
  const issuer = [given.AUTH_JWKS_URL, given.AUTH_ISSUER, given.AUTH_AUDIENCE];
  if (issuer.some(Boolean) && !issuer.every(Boolean)) {
    problems.push('AUTH_JWKS_URL, AUTH_ISSUER and AUTH_AUDIENCE go together');
  }
  if (given.AUTH_ISSUER && given.AUTH_ISSUER === (given.APP_URL?.replace(/\/+$/, '') ?? ownIssuer)) {
    problems.push('AUTH_ISSUER is the name under which the gateway issues its own tokens');
  }
  if (given.TENANTRY_TRUSTED_DOCUMENTS_ONLY === 'on' && !given.TENANTRY_TRUSTED_DOCUMENTS) {
    problems.push('TENANTRY_TRUSTED_DOCUMENTS is needed to accept trusted documents only');
  }
  if (given.TENANTRY_FEDERATION === 'on' && given.TENANTRY_TRUSTED_DOCUMENTS_ONLY === 'on') {
    problems.push(
      'TENANTRY_FEDERATION needs TENANTRY_TRUSTED_DOCUMENTS_ONLY off: a router makes up its documents itself',
    );
  }
  if (!result.success || problems.length > 0) throw new ConfigurationError(problems);
  const values = result.data;
  return {
    production,
    host: values.HOST,
    port: values.PORT,
    databaseUrl: values.DATABASE_URL,
    databaseDirectUrl: values.DATABASE_DIRECT_URL ?? values.DATABASE_URL,
    databaseReadUrl: values.DATABASE_READ_URL,
    preparedStatements: values.DATABASE_PREPARED_STATEMENTS === 'on',
    poolSize: values.DATABASE_POOL_SIZE,
    databaseTimeouts: {
      connect: values.DATABASE_CONNECT_TIMEOUT_MS,
      lock: values.DATABASE_LOCK_TIMEOUT_MS,
      statement: values.DATABASE_STATEMENT_TIMEOUT_MS,
    },
    dataDir: values.TENANTRY_DATA_DIR,
    seed: values.TENANTRY_SEED,
    permissions: values.TENANTRY_PERMISSIONS,
    plans: values.TENANTRY_PLANS,
    invitationDays: values.TENANTRY_INVITATION_DAYS,
    organizationsPerUser: values.TENANTRY_ORGANIZATIONS_PER_USER,
    keyLeadSeconds: values.TENANTRY_KEY_LEAD_SECONDS,
    superAdmin: superAdminOf(values.TENANTRY_SUPER_ADMIN_EMAIL, values.TENANTRY_SUPER_ADMIN_PASSWORD),
    secret: values.TENANTRY_SECRET,
    appUrl: values.APP_URL,
    mailUrl: values.MAIL_URL,
    mailFrom: values.MAIL_FROM,
    corsOrigins: values.CORS_ORIGINS ?? (production ? [] : localOrigins),
    trustProxy: values.TRUST_PROXY,
    externalIssuer: externalIssuerOf(values.AUTH_JWKS_URL, values.AUTH_ISSUER, values.AUTH_AUDIENCE),
    rateLimits: { caller: values.TENANTRY_RATE_LIMIT_CALLER, network: values.TENANTRY_RATE_LIMIT_NETWORK },
    overload: { mostRequests: values.TENANTRY_MOST_REQUESTS, mostDelayMs: values.TENANTRY_MOST_DELAY_MS },
    mostSockets: values.TENANTRY_MOST_SOCKETS,
    trustedDocuments: trustedDocumentsOf(values.TENANTRY_TRUSTED_DOCUMENTS, values.TENANTRY_TRUSTED_DOCUMENTS_ONLY),
    introspection: (values.TENANTRY_INTROSPECTION ?? (production ? 'off' : 'on')) === 'on',
    federation: values.TENANTRY_FEDERATION === 'on',
    explorer: (values.TENANTRY_EXPLORER ?? (production ? 'off' : 'on')) === 'on',
    metricsToken: values.TENANTRY_METRICS_TOKEN,
    drainSeconds: values.TENANTRY_DRAIN_SECONDS ?? (production ? 5 : 0),
    stopSeconds: values.TENANTRY_STOP_SECONDS,
    traces: values.OTEL_EXPORTER_OTLP_ENDPOINT
      ? { url: values.OTEL_EXPORTER_OTLP_ENDPOINT, serviceName: values.OTEL_SERVICE_NAME }
      : undefined,
    logLevel: values.LOG_LEVEL,
  };
}

function superAdminOf(email: string | undefined, password: string | undefined): Config['superAdmin'] {
  return email && password ? { email, password } : undefined;
}

function externalIssuerOf(
  jwksUrl: string | undefined,
  issuer: string | undefined,
  audience: string | undefined,
): Config['externalIssuer'] {
  return jwksUrl && issuer && audience ? { jwksUrl, issuer, audience } : undefined;
}

function trustedDocumentsOf(file: string | undefined, only: 'on' | 'off'): Config['trustedDocuments'] {
  return file ? { file, only: only === 'on' } : undefined;
}
