import { z } from 'zod';

/** Everything that the gateway can be told, read from the environment once, at start. */
export interface Config {
  production: boolean;
  host: string;
  port: number;
  /** Any PostgreSQL from 14 on; undefined for the embedded one. */
  databaseUrl: string | undefined;
  /** A connection without a transaction pooler in between, for migrations and the job worker. */
  databaseDirectUrl: string | undefined;
  preparedStatements: boolean;
  poolSize: number;
  dataDir: string;
  seed: 'demo' | 'none' | undefined;
  /** Permissions that the operator's own app checks, beside those of the gateway. */
  permissions: { permission: string; description: string }[];
  /** Made a super admin at start, with an account if there is none. */
  superAdmin: { email: string; password: string } | undefined;
  /** 32 bytes that encrypt private keys at rest; undefined to have them made in the data directory. */
  secret: Uint8Array | undefined;
  /** Where links in mail lead to; undefined for the gateway's own address. */
  appUrl: string | undefined;
  corsOrigins: (string | RegExp)[];
  logLevel: string;
}

/** Lists everything that is wrong with the environment, by variable, and never a value. */
export class ConfigurationError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not valid:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigurationError';
  }
}

const number = (least: number, most: number, fallback: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be a whole number from ${least} to ${most}`)
    .default(fallback);

const databaseUrl = z.string().regex(/^postgres(ql)?:\/\/.+/, 'must be a postgresql:// URL');

const webUrl = z
  .string()
  .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), 'must be an http or https URL')
  .transform((value) => value.replace(/\/+$/, ''));

const permissionEntry = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*(\s*=\s*\S.*)?$/;

function toPermission(entry: string): { permission: string; description: string } {
  const [permission = '', ...rest] = entry.split('=');
  const description = rest.join('=').trim();
  return { permission: permission.trim(), description: description || `${permission.trim()}, which the app defines.` };
}

const environment = z.object({
  NODE_ENV: z.string().default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: number(0, 65_535, 4000),
  DATABASE_URL: databaseUrl.optional(),
  DATABASE_DIRECT_URL: databaseUrl.optional(),
  DATABASE_PREPARED_STATEMENTS: z.enum(['on', 'off'], 'must be on or off').default('on'),
  DATABASE_POOL_SIZE: number(1, 1000, 16),
  TENANTRY_DATA_DIR: z.string().default('.tenantry'),
  TENANTRY_SEED: z.enum(['demo', 'none'], 'must be demo or none').optional(),
  TENANTRY_PERMISSIONS: z
    .string()
    .transform((value) =>
      value
        .split(';')
        .map((entry) => entry.trim())
        .filter(Boolean),
    )
    .pipe(
      z.array(z.string().regex(permissionEntry, 'must read like tours.publish=Publish tours; tours.edit=Edit tours')),
    )
    .transform((entries) => entries.map(toPermission))
    .default([]),
  TENANTRY_SUPER_ADMIN_EMAIL: z.email('must be an e-mail address').optional(),
  TENANTRY_SUPER_ADMIN_PASSWORD: z
    .string()
    .min(8, 'must have 8 to 128 characters')
    .max(128, 'must have 8 to 128 characters')
    .optional(),
  TENANTRY_SECRET: z
    .string()
    .refine((value) => Buffer.from(value, 'base64').length === 32, 'must be 32 random bytes in base64')
    .transform((value) => new Uint8Array(Buffer.from(value, 'base64')))
    .optional(),
  APP_URL: webUrl.optional(),
  CORS_ORIGINS: z
    .string()
    .transform((value) => value.split(',').map((origin) => origin.trim()))
    .pipe(z.array(webUrl))
    .optional(),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'must be one of pino’s levels, such as info')
    .default('info'),
});

const localOrigins = ['https://studio.apollographql.com', /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/];

/**
 * Reads the configuration. An empty variable counts as absent.
 *
 * @throws {ConfigurationError} with every problem at once.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = environment.safeParse(given);
  const problems = result.success
    ? []
    : result.error.issues.map(({ path, message }) => `${path[0] as string} ${message}`);
  const production = given.NODE_ENV === 'production';
  if (production && !given.TENANTRY_SECRET) problems.push('TENANTRY_SECRET is required in production');
  if (production && given.TENANTRY_SEED === 'demo') {
    problems.push('TENANTRY_SEED cannot be demo in production: everybody knows the password');
  }
  if (Boolean(given.TENANTRY_SUPER_ADMIN_EMAIL) !== Boolean(given.TENANTRY_SUPER_ADMIN_PASSWORD)) {
    problems.push('TENANTRY_SUPER_ADMIN_EMAIL and TENANTRY_SUPER_ADMIN_PASSWORD go together');
  }
  if (!result.success || problems.length > 0) throw new ConfigurationError(problems);
  const values = result.data;
  return {
    production,
    host: values.HOST,
    port: values.PORT,
    databaseUrl: values.DATABASE_URL,
    databaseDirectUrl: values.DATABASE_DIRECT_URL ?? values.DATABASE_URL,
    preparedStatements: values.DATABASE_PREPARED_STATEMENTS === 'on',
    poolSize: values.DATABASE_POOL_SIZE,
    dataDir: values.TENANTRY_DATA_DIR,
    seed: values.TENANTRY_SEED,
    permissions: values.TENANTRY_PERMISSIONS,
    superAdmin: superAdminOf(values.TENANTRY_SUPER_ADMIN_EMAIL, values.TENANTRY_SUPER_ADMIN_PASSWORD),
    secret: values.TENANTRY_SECRET,
    appUrl: values.APP_URL,
    corsOrigins: values.CORS_ORIGINS ?? (production ? [] : localOrigins),
    logLevel: values.LOG_LEVEL,
  };
}

function superAdminOf(email: string | undefined, password: string | undefined): Config['superAdmin'] {
  return email && password ? { email, password } : undefined;
}
