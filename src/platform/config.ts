import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
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

function isWebUrl(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

const webUrl = z
  .string()
  .refine(isWebUrl, 'must be an http or https URL')
  .transform((value) => value.replace(/\/+$/, ''));

function hasHost(value: string): boolean {
  return URL.canParse(value) && new URL(value).hostname !== '';
}

function toList(value: string): string[] {
  return value
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
}

function isNetwork(value: string): boolean {
  return isIP(value) !== 0 || ipaddr.isValidCIDR(value);
}

/** A plan as the operator writes it: a limit that is left out is none. */
interface Plan {
  key: string;
  name: string;
  maximum: {
    members: number | null;
    pendingInvitations: number | null;
    teams: number | null;
    workspaces: number | null;
    apiKeys: number | null;
  };
}

const maximum = z.int().min(0).max(2_147_483_647).nullable().default(null);

const plansType = z
  .record(
    z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/),
    z.strictObject({
      name: z.string().min(1).max(100),
      members: maximum,
      pendingInvitations: maximum,
      teams: maximum,
      workspaces: maximum,
      apiKeys: maximum,
    }),
    'must be a JSON object like {"free": {"name": "Free", "members": 5, "teams": 2}}',
  )
  .transform((plans) =>
    Object.entries(plans).map(([key, { name, ...limits }]): Plan => ({ key, name, maximum: limits })),
  );

/** The variable, and where in its JSON the problem is. */
function pathText([variable, ...rest]: readonly PropertyKey[]): string {
  const names = rest.filter((part) => typeof part === 'string');
  return [String(variable), ...(names.length > 0 ? [names.join('.')] : [])].join(': ');
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

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
  TENANTRY_PLANS: z.string().transform(toJson).pipe(plansType).default([]),
  TENANTRY_INVITATION_DAYS: number(1, 365, 7),
  TENANTRY_ORGANIZATIONS_PER_USER: number(1, 1_000_000, 100),
  TENANTRY_KEY_LEAD_SECONDS: number(1, 86_400, 300),
  TENANTRY_SUPER_ADMIN_EMAIL: z.email('must be an e-mail address').optional(),
  TENANTRY_SUPER_ADMIN_PASSWORD: z
    .string()
    // In the form in which passwords are checked at log-in.
    .transform((value) => value.normalize('NFKC'))
    .refine((value) => [...value].length >= 8 && [...value].length <= 128, 'must have 8 to 128 characters')
    .optional(),
  TENANTRY_SECRET: z
    .string()
    .refine((value) => Buffer.from(value, 'base64').length === 32, 'must be 32 random bytes in base64')
    .transform((value) => new Uint8Array(Buffer.from(value, 'base64')))
    .optional(),
  APP_URL: webUrl.optional(),
  MAIL_URL: z
    .string()
    .refine((value) => /^smtps?:\/\/\S+$/.test(value) && hasHost(value), 'must be an smtp:// or smtps:// URL')
    .optional(),
  MAIL_FROM: z
    .string()
    .regex(
      /^(?:(?:[^<>,"\r\n]+ |"[^<>"\r\n]+" )?<[^\s<>@,]+@[^\s<>@,]+>|[^\s<>@,]+@[^\s<>@,]+)$/,
      'must be an address such as Acme <no-reply@acme.example>',
    )
    .optional(),
  CORS_ORIGINS: z.string().transform(toList).pipe(z.array(webUrl)).optional(),
  TRUST_PROXY: z
    .string()
    .transform(toList)
    .pipe(z.array(z.string().refine(isNetwork, 'must list addresses or networks such as 10.0.0.0/8')))
    .default([]),
  AUTH_JWKS_URL: z.string().refine(isWebUrl, 'must be an http or https URL').optional(),
  AUTH_ISSUER: z.string().optional(),
  AUTH_AUDIENCE: z.string().optional(),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'must be one of pino’s levels, such as info')
    .default('info'),
});

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
