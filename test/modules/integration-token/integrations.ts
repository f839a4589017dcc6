import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { expect } from 'vitest';
import type { Gateway } from '../../../src/gateway.js';
import { Writes } from '../../../src/platform/writes.js';
import { type Part, tokenOf } from '../../auth/forging.js';
import type { Answer } from '../../support/client.js';
import { partner, writeIntegrationKey } from '../../support/integrations.js';
import { aWorld, scopeOf, type World } from '../../support/world.js';
import type { Caller } from '../adversaries.js';

export type Place = Pick<World, 'organization'>;

export interface Issued {
  token: string;
  jti: string;
  kid: string;
  expiresAt: string;
}

export interface Verification {
  valid: boolean;
  reason: string | null;
  claims: (Part & { exp: number; iat: number }) | null;
  kid: string | null;
  organizationId: string | null;
}

export interface Revocation {
  jti: string;
  reason: string | null;
  revokedAt: string;
  expiresAt: string | null;
  revokedBy: { id: string };
  token: { jti: string; status: string } | null;
}

export interface KeyAnswer {
  id: string;
  kid: string;
  alg: string;
  fingerprint: string;
  status: string;
  createdAt: string;
  activatesAt: string;
  retiresAt: string | null;
}

const issued = '{ token jti kid expiresAt }';
const revocation = 'jti reason revokedAt expiresAt revokedBy { id } token { jti status }';
const key = 'id kid alg fingerprint status createdAt activatesAt retiresAt';

export const documents = {
  issue: `mutation ($input: IssueIntegrationTokenInput!) { issueIntegrationToken(input: $input) ${issued} }`,
  rotate: `mutation ($input: RotateIntegrationTokenInput!) { rotateIntegrationToken(input: $input) ${issued} }`,
  verify: `query ($input: VerifyIntegrationTokenInput!) {
    verifyIntegrationToken(input: $input) { valid reason claims kid organizationId }
  }`,
  revoke: `mutation ($input: RevokeIntegrationTokenInput!) {
    revokeIntegrationToken(input: $input) { revocation { ${revocation} } }
  }`,
  rotateKey: `mutation ($input: RotateIntegrationKeyInput!) {
    rotateIntegrationKey(input: $input) { integrationKey { ${key} } }
  }`,
  keys: `query ($id: ID!) { organization(id: $id) { integrationKeys { ${key} } } }`,
};

const asking =
  <Data>(document: string) =>
  ({ organization }: Place, caller: Caller, input: object = {}): Promise<Answer<Data>> =>
    caller.send<Data, object>(document, { input: { organizationId: organization.id, ...input } });

const issueAsked = asking<{ issueIntegrationToken: Issued }>(documents.issue);

/** Issues a token for the partner that names nothing, unless the input says otherwise. */
export const issue = (place: Place, caller: Caller, input: object = {}) =>
  issueAsked(place, caller, { audience: partner, subject: 'importer', scopes: [], ...input });

const verifyAsked = asking<{ verifyIntegrationToken: Verification }>(documents.verify);

export const verify = (place: Place, caller: Caller, token: string, audience = partner) =>
  verifyAsked(place, caller, { token, audience });

export const rotate = asking<{ rotateIntegrationToken: Issued }>(documents.rotate);
export const revoke = asking<{ revokeIntegrationToken: { revocation: Revocation | null } }>(documents.revoke);
export const rotateKey = asking<{ rotateIntegrationKey: { integrationKey: KeyAnswer } }>(documents.rotateKey);

/** What is answered where nothing is wrong. */
export async function good<Data>(asked: Promise<Answer<Data>>): Promise<Data> {
  const { data, errors } = await asked;
  expect(errors).toBeUndefined();
  return data;
}

export async function aToken(place: Place, caller: Caller, input: object = {}): Promise<Issued> {
  return (await good(issue(place, caller, input))).issueIntegrationToken;
}

export async function aNewKey(place: Place, caller: Caller, graceSeconds?: number): Promise<KeyAnswer> {
  return (await good(rotateKey(place, caller, { graceSeconds }))).rotateIntegrationKey.integrationKey;
}

/** What the founder is told of a token. */
export async function verdictOn(world: World, token: string, audience?: string): Promise<Verification> {
  return (await good(verify(world, world.admin, token, audience))).verifyIntegrationToken;
}

export const not = (reason: string): Verification => {
  return { valid: false, reason, claims: null, kid: null, organizationId: null };
};

/** The keys that the founder sees, the newest first. */
export async function keysOf({ organization, admin }: World): Promise<KeyAnswer[]> {
  const asked = admin.send<{ organization: { integrationKeys: KeyAnswer[] } }, object>(documents.keys, {
    id: organization.id,
  });
  return (await good(asked)).organization.integrationKeys;
}

/** An organization that has its key already: the one of all such organizations. */
export async function aPlace(gateway: Gateway): Promise<World> {
  const world = await aWorld(gateway);
  const writes = new Writes();
  await writeIntegrationKey(writes, scopeOf(gateway), world.organization.id);
  await writes.commit(gateway.services.db.write);
  return world;
}

/** Lets time pass for the keys of an organization, as PostgreSQL would put it. */
export async function pass({ services }: Gateway, { organization }: Place, time: string): Promise<void> {
  await services.db.run(
    `UPDATE integration_keys SET created_at = created_at - $2::interval, activates_at = activates_at - $2::interval,
     retires_at = retires_at - $2::interval WHERE organization_id = $1`,
    [organization.id, time],
  );
}

/** Lets the time of all tokens of an organization be over, as far as is known of them. */
export async function expireTokens({ services }: Gateway, { organization }: Place): Promise<void> {
  await services.db.run(
    `UPDATE integration_tokens SET expires_at = now() - interval '1 second' WHERE organization_id = $1`,
    [organization.id],
  );
}

export const setStatus = ({ services }: Gateway, { organization }: Place, status: string, deletedAt: Date | null) =>
  services.db.run('UPDATE organizations SET status = $2::organization_status, deleted_at = $3 WHERE id = $1', [
    ...[organization.id, status, deletedAt],
  ]);

/** A private key of an organization, the newest unless its name is given. */
export async function ownKeyOf({ services }: Gateway, { organization }: Place, kid?: string) {
  const row = await services.db.prisma.integrationKey.findFirstOrThrow({
    where: { organizationId: organization.id, ...(kid && { kid }) },
    orderBy: { id: 'desc' },
  });
  const jwk = JSON.parse(await services.seal.open(row.privateJwk!));
  return { kid: row.kid, key: createPrivateKey({ key: jwk, format: 'jwk' }), publicJwk: row.publicJwk as Part };
}

/** The signature of RS256: RSASSA-PKCS1-v1_5 with SHA-256. */
export function rs256(key: KeyObject): (input: Buffer) => Buffer {
  return (input) => sign('sha256', input, key);
}

/** Signs anything as the gateway itself would for an organization. */
export async function signed(gateway: Gateway, place: Place, header: Part | string, claims: Part | string) {
  return tokenOf(header, claims, rs256((await ownKeyOf(gateway, place)).key));
}
