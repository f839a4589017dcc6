// How a third party verifies an integration token: offline with the keys that the organization publishes, and then online for
// what no signature can tell, which is whether the token was revoked. It needs nothing but jose: copy it into your service.
//
// As a command it reads a token from standard input. Node.js 20 runs no TypeScript, so compile it first (jose is found from
// there, because dist lies beside node_modules):
//
//   npx tsc --ignoreConfig --module nodenext --target es2023 --types node --outDir dist/examples examples/verify-integration-token.ts
//
//   node dist/examples/verify-integration-token.js --gateway https://gateway.example --organization <id> \
//     --issuer https://app.example --audience https://partner.example --api-key-file <file> < <file with the token>
//
// It exits with 0 and prints the claims if the token is valid, with 1 if it is not, and with 2 if nobody can say. Without an
// API key it asks nobody whether the token was revoked.

import { readFileSync, realpathSync } from 'node:fs';
import { argv, stderr, stdin, stdout } from 'node:process';
import { text as textOf } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';

export interface VerifyOptions {
  /** The organization's key set: https://gateway.example/organizations/<id>/.well-known/jwks.json */
  jwksUrl: string;
  /** Who has to have issued the token, in full: https://app.example/organizations/<id> */
  issuer: string;
  /** Who you are. A token for somebody else is none for you. */
  audience: string;
  /** Where to ask for revocation. Left out, a revoked token is accepted until it expires. */
  online?: OnlineCheck;
}

export interface OnlineCheck {
  /** https://gateway.example/graphql */
  graphqlUrl: string;
  /** A key of this organization with the scope organizations:read, whose maker may do integrations.read. */
  apiKey: string;
  /**
   * What becomes of a token with a good signature when the gateway does not answer. By default it is refused. Accept it only
   * where an outage costs more than a revoked token that gets through while the outage lasts.
   */
  ifUnreachable?: 'refuse' | 'accept';
  /** For how long "not revoked" is believed without asking again: so much later, at most, a revocation counts. */
  rememberMs?: number;
}

/** Answer 401 to the first three. UNKNOWN is not the bearer's fault: answer 503. */
export type Refusal = 'INVALID' | 'EXPIRED' | 'REVOKED' | 'UNKNOWN';

export class TokenRefused extends Error {
  readonly reason: Refusal;

  constructor(reason: Refusal, options?: ErrorOptions) {
    super(`The token is refused: ${reason}`, options);
    this.name = 'TokenRefused';
    this.reason = reason;
  }
}

/**
 * Returns the claims of a token that counts. Whether its `scope` suffices for what the bearer wants is for you to decide.
 *
 * @throws {TokenRefused} for every other token.
 */
export async function verifyIntegrationToken(token: string, options: VerifyOptions): Promise<JWTPayload> {
  const claims = await verifyOffline(token, options);
  if (options.online) await assertNotRevoked(token, claims, options, options.online);
  return claims;
}

/** One key set for each URL, for as long as the process lives: jose keeps the keys, and fetches them again when it has to. */
const keySets = new Map<string, ReturnType<typeof createRemoteJWKSet>>();

function keysAt(jwksUrl: string): ReturnType<typeof createRemoteJWKSet> {
  let keys = keySets.get(jwksUrl);
  if (!keys) {
    keys = createRemoteJWKSet(new URL(jwksUrl), {
      // A token with an unknown kid leads to another fetch, but only so often. It has to be less than the time for which a new
      // key is published before it signs (TENANTRY_KEY_LEAD_SECONDS, 300 unless set): then no key is ever missed.
      cooldownDuration: 30_000,
      // A key that was withdrawn is believed no longer than this; the gateway allows caches as much.
      cacheMaxAge: 300_000,
      timeoutDuration: 5_000,
    });
    keySets.set(jwksUrl, keys);
  }
  return keys;
}

/** Everything that the token must say is named here, so that nothing in the token itself can choose how it is verified. */
async function verifyOffline(token: string, { jwksUrl, issuer, audience }: VerifyOptions): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keysAt(jwksUrl), {
      algorithms: ['RS256'],
      typ: 'integration+jwt',
      issuer,
      audience,
      requiredClaims: ['sub', 'exp', 'iat', 'jti', 'organization_id'],
    });
    return payload;
  } catch (error) {
    throw new TokenRefused(reasonOf(error), { cause: error });
  }
}

/** No keys at all is another matter than a bad token: of the former jose and fetch have errors without a code of their own. */
function reasonOf(error: unknown): Refusal {
  if (error instanceof errors.JWTExpired) return 'EXPIRED';
  if (!(error instanceof errors.JOSEError)) return 'UNKNOWN';
  return ['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'].includes(error.code) ? 'UNKNOWN' : 'INVALID';
}

const query = `query Verify($input: VerifyIntegrationTokenInput!) {
  verifyIntegrationToken(input: $input) { valid reason }
}`;

/** Until when a token is taken for not revoked. Its key holds no token: issuer and jti are signed, and nobody shares them. */
const notRevoked = new Map<string, number>();
const mostRemembered = 10_000;

async function assertNotRevoked(
  token: string,
  { iss, jti }: JWTPayload,
  { audience }: VerifyOptions,
  { graphqlUrl, apiKey, ifUnreachable = 'refuse', rememberMs = 5_000 }: OnlineCheck,
): Promise<void> {
  const name = `${iss} ${jti}`;
  if ((notRevoked.get(name) ?? 0) > Date.now()) return;

  const response = await fetch(graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
    body: JSON.stringify({ query, variables: { input: { token, audience } } }),
    redirect: 'error',
    signal: AbortSignal.timeout(3_000),
  }).catch((error: unknown) => error as Error);
  if (response instanceof Error || response.status >= 500) {
    if (ifUnreachable === 'accept') return;
    throw new TokenRefused('UNKNOWN', { cause: response });
  }

  // An API key that does not work, say, is nothing that passes by itself: never accept a token because of it.
  const { data } = (await response.json().catch(() => ({}))) as { data?: Verdict | null };
  if (!data) throw new TokenRefused('UNKNOWN', { cause: new Error(`The gateway answers ${response.status}.`) });
  const { valid, reason } = data.verifyIntegrationToken;
  if (!valid) throw new TokenRefused(reason ?? 'INVALID');
  if (notRevoked.size >= mostRemembered) notRevoked.clear();
  notRevoked.set(name, Date.now() + rememberMs);
}

interface Verdict {
  verifyIntegrationToken: { valid: boolean; reason: 'INVALID' | 'EXPIRED' | 'REVOKED' | null };
}

async function main(): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { gateway: text, organization: text, issuer: text, audience: text, 'api-key-file': text },
  });
  const { gateway, organization, issuer, audience, 'api-key-file': keyFile } = values;
  if (!gateway || !organization || !issuer || !audience) {
    throw new Error('Needed: --gateway, --organization, --issuer and --audience');
  }
  const apiKey = keyFile && readFileSync(keyFile, 'utf8').trim();
  try {
    const claims = await verifyIntegrationToken((await textOf(stdin)).trim(), {
      jwksUrl: `${gateway}/organizations/${organization}/.well-known/jwks.json`,
      issuer: `${issuer}/organizations/${organization}`,
      audience,
      ...(apiKey && { online: { graphqlUrl: `${gateway}/graphql`, apiKey } }),
    });
    stdout.write(`${JSON.stringify(claims, null, 2)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    stdout.write(`${error.reason}\n`);
    return error.reason === 'UNKNOWN' ? 2 : 1;
  }
}

if (argv[1] && import.meta.url === pathToFileURL(realpathSync(argv[1])).href) {
  process.exitCode = await main().catch((error: Error) => {
    stderr.write(`${error.message}\n`);
    return 2;
  });
}
