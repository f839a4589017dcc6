import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import type { SigningKey } from '../generated/prisma/client.js';
import { ConfigurationError } from '../platform/config.js';
import type { Database } from '../platform/database.js';
import type { Seal } from '../platform/secret.js';

export const signingAlgorithm = 'ES256';

const minuteMs = 60_000;
/** A key signs for so long; then another takes its turn. */
const signsForMs = 30 * 24 * 60 * minuteMs;
/** A new key is published so long before it signs, so that whoever keeps a copy of the key set has it in time. */
const publishedAheadMs = 15 * minuteMs;
/** After its successor has begun to sign, the last token of a key outlives it by less than this. */
const keptAfterMs = 30 * minuteMs;
/** Replicas look for keys that others have made as often as this. */
const readAgainAfterMs = minuteMs;
/** A token that names an unknown key makes us look at once, but not more often than this. */
const lookedForAfterMs = 5_000;

/** The keys that sign access tokens. All replicas share them. */
export interface SigningKeys {
  /** The key to sign with. */
  signing(): Promise<{ kid: string; key: CryptoKey }>;
  /** The public key of a kid; undefined if there is none, or no longer. */
  verifying(kid: string): Promise<CryptoKey | undefined>;
  /** All public keys, as they are published (RFC 7517). */
  published(): Promise<JWK[]>;
}

/**
 * Sees to it that there is a key, that no key signs for longer than 30 days, and that a key is forgotten, its private half
 * too, when no token of it can be left. To be called by one process at a time, now and then.
 */
export async function rotateSigningKeys(db: Database, seal: Seal, now = Date.now()): Promise<void> {
  const rows = await allKeys(db);
  const [newest] = rows;
  if (!newest || now - newest.createdAt.getTime() > signsForMs - publishedAheadMs) {
    await db.prisma.signingKey.create({ data: { ...(await newKey(seal)), createdAt: new Date(now) } });
  }
  const successor = rows.find(({ createdAt }) => now - createdAt.getTime() > publishedAheadMs + keptAfterMs);
  if (successor) await db.prisma.signingKey.deleteMany({ where: { createdAt: { lt: successor.createdAt } } });
}

async function newKey(seal: Seal) {
  const { publicKey, privateKey } = await generateKeyPair(signingAlgorithm, { extractable: true });
  const publicJwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  return {
    kid,
    algorithm: signingAlgorithm,
    publicJwk: { ...publicJwk, kid, alg: signingAlgorithm, use: 'sig' },
    privateJwk: await seal.close(JSON.stringify(await exportJWK(privateKey))),
  };
}

interface Keys {
  signing: { kid: string; key: CryptoKey };
  verifying: ReadonlyMap<string, CryptoKey>;
  published: JWK[];
}

/** Reads the keys, and reads them again when they may have been rotated. */
export async function openSigningKeys(db: Database, seal: Seal): Promise<SigningKeys> {
  let keys = await readKeys(db, seal);
  let readAt = Date.now();

  let reading: Promise<Keys> | undefined;

  async function readAgain(): Promise<Keys> {
    try {
      keys = await readKeys(db, seal);
      return keys;
    } finally {
      readAt = Date.now();
      reading = undefined;
    }
  }

  /** Whoever comes while the keys are being read waits for them: the old ones may be the wrong ones. */
  async function notOlderThan(ageMs: number): Promise<Keys> {
    if (!reading && Date.now() - readAt < ageMs) return keys;
    reading ??= readAgain();
    return reading;
  }

  return {
    signing: async () => (await notOlderThan(readAgainAfterMs)).signing,
    published: async () => (await notOlderThan(readAgainAfterMs)).published,
    async verifying(kid) {
      return keys.verifying.get(kid) ?? (await notOlderThan(lookedForAfterMs)).verifying.get(kid);
    },
  };
}

async function readKeys(db: Database, seal: Seal): Promise<Keys> {
  const rows = await allKeys(db);
  if (rows.length === 0) throw new Error('There is no signing key: the database has not been prepared.');
  const published = rows.map((row) => row.publicJwk as unknown as JWK);
  const verifying = new Map<string, CryptoKey>();
  for (const jwk of published) verifying.set(jwk.kid!, (await importJWK(jwk, signingAlgorithm)) as CryptoKey);
  const ripe = rows.find(({ createdAt }) => Date.now() - createdAt.getTime() > publishedAheadMs);
  return { signing: await privateKeyOf(ripe ?? rows.at(-1)!, seal), verifying, published };
}

async function privateKeyOf({ kid, privateJwk }: SigningKey, seal: Seal): Promise<Keys['signing']> {
  const opened = await seal.open(privateJwk).catch(() => {
    throw new ConfigurationError(['TENANTRY_SECRET is not the one that this database was set up with']);
  });
  return { kid, key: (await importJWK(JSON.parse(opened), signingAlgorithm)) as CryptoKey };
}

/** The newest first. */
function allKeys(db: Database): Promise<SigningKey[]> {
  return db.prisma.signingKey.findMany({
    where: { retiredAt: null },
    orderBy: [{ createdAt: 'desc' }, { kid: 'asc' }],
  });
}
