import type { JSONWebKeySet } from 'jose';
import { changeOrganization, type MemberChange } from '../../auth/change-organization.js';
import type { Scope, Services } from '../../auth/scope.js';
import type { IntegrationKey } from '../../generated/prisma/client.js';
import { conflict } from '../../platform/errors.js';
import { newId } from '../../platform/id.js';
import { type NewKeyPair, newKeyPair } from './integration-key.js';
import { type IntegrationKeyRow, keysOfOrganization, publishedKeys, signingKeyOf } from './integration-key.loader.js';
import { IntegrationKeyStatus } from './integration-token.status.js';

/**
 * Replaces the key of an organization's integration tokens. The new one is published at once and signs when everybody can
 * have it; until then the old one goes on. Tokens of the keys so far count until they expire, or for the grace that is given.
 *
 * @param input.graceSeconds for how long earlier tokens still count; with 0 the new key signs at once.
 * @throws {DomainError} CONFLICT with ROTATION_PENDING while a new key waits for its turn, unless there is no grace.
 */
export function rotateIntegrationKey(
  scope: Scope,
  input: { organizationId?: string | null; graceSeconds?: number | null },
): Promise<IntegrationKeyRow> {
  return changeOrganization(scope, input.organizationId, 'integrations.rotate', async (change) => {
    const { organization, writes } = change;
    const keys = await change.rows(keysOfOrganization, organization.id);
    const pending = keys.find(({ status }) => status === IntegrationKeyStatus.NEXT);
    if (pending && input.graceSeconds !== 0) {
      const { kid, activatesAt } = pending;
      const message = 'A new key is published already and waits for its turn. With graceSeconds 0 it is replaced, too.';
      throw conflict('ROTATION_PENDING', message, { kid, activatesAt });
    }
    const present = keys.filter(({ status }) => status !== IntegrationKeyStatus.RETIRED);
    const pair = await newKeyPair(scope.seal);
    // Only now: to make a key takes a while, and it is not published before.
    const now = Date.now();
    if (input.graceSeconds != null) {
      const end = now + input.graceSeconds * 1_000;
      const retired = present.map(({ organizationId, id, retiresAt }) => {
        return { organizationId, id, retiresAt: new Date(Math.min(end, retiresAt?.getTime() ?? end)) };
      });
      writes.update('integration_keys', ...retired);
    }
    const wait = present.length === 0 ? 0 : Math.min(scope.keyLeadSeconds, input.graceSeconds ?? Infinity) * 1_000;
    const { privateJwk: _, publicJwk: __, ...key } = addKey(change, pair, new Date(now), new Date(now + wait));
    const status = wait === 0 ? IntegrationKeyStatus.ACTIVE : IntegrationKeyStatus.NEXT;
    return { ...key, alg: key.algorithm, status };
  });
}

/** The key to sign with. An organization gets its first one when it is first needed. */
export async function signingKey(scope: Scope, change: MemberChange): Promise<IntegrationKey> {
  const present = await change.row(signingKeyOf, change.organization.id);
  if (present) return present;
  const pair = await firstKeyPair(scope, change.organization.id);
  const now = new Date();
  return addKey(change, pair, now, now);
}

const firstKeyPairs = new Map<string, Promise<NewKeyPair>>();

/** Many may need the first key at once, and only one of them can write it; so it is made once for all of them. */
function firstKeyPair({ seal }: Scope, organizationId: string): Promise<NewKeyPair> {
  const underWay = firstKeyPairs.get(organizationId);
  if (underWay) return underWay;
  const pair = newKeyPair(seal).finally(() => firstKeyPairs.delete(organizationId));
  firstKeyPairs.set(organizationId, pair);
  return pair;
}

function addKey(
  { organization, writes, tell }: MemberChange,
  pair: NewKeyPair,
  createdAt: Date,
  activatesAt: Date,
): IntegrationKey {
  const key = {
    organizationId: organization.id,
    id: newId(),
    ...pair,
    publicJwk: pair.publicJwk as IntegrationKey['publicJwk'],
    createdAt,
    activatesAt,
    retiresAt: null,
  };
  writes.insert('integration_keys', key);
  tell(
    'INTEGRATION_KEY_CREATED',
    { type: 'INTEGRATION_KEY', id: key.id },
    { kid: { before: null, after: key.kid }, activatesAt: { before: null, after: activatesAt } },
  );
  return key;
}

/**
 * The public keys of an organization, for whoever verifies its tokens (RFC 7517).
 *
 * @returns null if there is no such organization, or if it is not active: its tokens do not count.
 */
export async function integrationJwks(
  { db }: Pick<Services, 'db'>,
  organizationId: string,
): Promise<JSONWebKeySet | null> {
  const rows = await db.batcher.load(publishedKeys, [organizationId]);
  if (rows.length === 0) return null;
  return { keys: rows.filter(({ kid }) => kid !== null).map(({ publicJwk }) => publicJwk) };
}

/** A private key that does not sign any more is of use only to thieves. To be called now and then. */
export async function forgetPrivateKeys({ db }: Pick<Services, 'db'>): Promise<void> {
  await db.write(
    `UPDATE integration_keys k SET private_jwk = NULL WHERE k.private_jwk IS NOT NULL AND (k.retires_at <= now()
      OR EXISTS (SELECT 1 FROM integration_keys later WHERE later.organization_id = k.organization_id
        AND later.activates_at > k.activates_at AND later.activates_at < now() - interval '1 hour'
        AND (later.retires_at IS NULL OR later.retires_at > now())))`,
    [],
  );
}
