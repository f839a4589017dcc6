import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be a whole number from ${least} to ${most}`);

const number = (least: number, most: number, fallback: number) => wholeNumber(least, most).default(fallback);

const onOrOff = z.enum(['on', 'off'], 'must be on or off');

const databaseUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\/.+/, { message: 'must be a postgresql:// URL', abort: true })
  .refine(hasDatabaseHost, 'must name a host');

/** A socket is named as a parameter. */
function hasDatabaseHost(value: string): boolean {
  return hasHost(value) || (URL.canParse(value) && new URL(value).searchParams.has('host'));
}

/** What comes from a generator has bytes of all kinds; words and repetitions have not (none of 10^13 random ones is refused). */
function isRandomKey(value: string): boolean {
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(value)) return false;
  const bytes = Buffer.from(value, 'base64');
  return new Set(bytes).size >= 16 && bytes.some((byte) => byte < 0x20 || byte > 0x7e);
}

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
export interface Plan {
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
export function pathText([variable, ...rest]: readonly PropertyKey[]): string {
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

/** The variables, each by itself. What they mean together, `readConfig` says. */
export const environment = z.object({
  // A word that is nearly right would open what production closes.
  NODE_ENV: z
    .enum(['development', 'test', 'production'], 'must be development, test or production')
    .default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: number(0, 65_535, 4000),
  DATABASE_URL: databaseUrl.optional(),
  DATABASE_DIRECT_URL: databaseUrl.optional(),
  DATABASE_READ_URL: databaseUrl.optional(),
  DATABASE_PREPARED_STATEMENTS: onOrOff.default('on'),
  DATABASE_POOL_SIZE: number(1, 1000, 16),
  DATABASE_CONNECT_TIMEOUT_MS: number(100, 60_000, 5_000),
  DATABASE_LOCK_TIMEOUT_MS: number(100, 60_000, 10_000),
  DATABASE_STATEMENT_TIMEOUT_MS: number(100, 600_000, 30_000),
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
    .refine((value) => !/\p{Cc}/u.test(value), 'must not contain control characters')
    .optional(),
  TENANTRY_SECRET: z
    .string()
    .refine(isRandomKey, 'must be 32 random bytes in base64')
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
  TENANTRY_RATE_LIMIT_CALLER: number(0, 1_000_000_000, 100_000),
  TENANTRY_RATE_LIMIT_NETWORK: number(0, 1_000_000_000, 1_000_000),
  TENANTRY_MOST_REQUESTS: number(1, 100_000, 100),
  TENANTRY_MOST_DELAY_MS: number(10, 60_000, 500),
  TENANTRY_MOST_SOCKETS: number(0, 1_000_000, 5_000),
  TENANTRY_TRUSTED_DOCUMENTS: z.string().optional(),
  TENANTRY_TRUSTED_DOCUMENTS_ONLY: onOrOff.default('off'),
  TENANTRY_INTROSPECTION: onOrOff.optional(),
  TENANTRY_FEDERATION: onOrOff.default('off'),
  TENANTRY_EXPLORER: onOrOff.optional(),
  TENANTRY_METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, 'must have at least 16 characters, none of them a space')
    .refine((value) => new Set(value).size >= 8, 'must be random: it repeats a few characters')
    .optional(),
  TENANTRY_DRAIN_SECONDS: wholeNumber(0, 300).optional(),
  TENANTRY_STOP_SECONDS: number(1, 600, 20),
  OTEL_EXPORTER_OTLP_ENDPOINT: webUrl.optional(),
  OTEL_SERVICE_NAME: z.string().default('tenantry'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'must be one of pino’s levels, such as info')
    .default('info'),
});
