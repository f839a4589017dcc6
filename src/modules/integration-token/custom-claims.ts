import { z } from 'zod';
import { opaque } from '../../graphql/validation.js';

const mostClaims = 20;
const mostBytes = 4_096;
const deepest = 8;

/**
 * Claims that already mean something: those of RFC 7519, those by which other standards hand out authority (RFC 8693, 9068,
 * 7800, 9396, OpenID Connect), and the gateway's own.
 */
const reserved = new Set([
  ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'],
  ...['scope', 'scp', 'client_id', 'azp', 'act', 'may_act', 'cnf', 'authorization_details'],
  ...['sid', 'nonce', 'auth_time', 'acr', 'amr', 'at_hash', 'c_hash', 'events', 'sub_id'],
  'organization_id',
]);

/** A name as in `plan` or `https://acme.example/plan`, which nobody can take for a part of an object itself. */
const namePattern = /^[A-Za-z][A-Za-z0-9_.:/-]{0,127}$/;

/** Further claims of a token. They are carried as they are, so all of them have to be plain JSON of a sane size. */
export const customClaims = opaque(
  z.custom<Record<string, unknown>>().superRefine((claims, context) => {
    const refuse = (message: string, ...path: string[]) => context.addIssue({ code: 'custom', message, path });
    const names = Object.keys(claims);
    if (names.length > mostClaims) return refuse(`must have at most ${mostClaims} entries`);
    for (const name of names) {
      if (!namePattern.test(name)) return refuse('must have names of letters, digits and _ . : / - only');
      if (reserved.has(name)) return refuse('is a registered claim', name);
      if (!isShallow(claims[name], deepest)) return refuse(`must not be nested deeper than ${deepest} levels`, name);
    }
    if (Buffer.byteLength(JSON.stringify(claims)) > mostBytes) refuse(`must be at most ${mostBytes} bytes of JSON`);
  }),
);

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1));
}
