import { createHash, createHmac, randomBytes } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';

/** A new secret of 256 random bits, in base64url. It is shown once and never stored (R11). */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of a secret. SHA-256 suffices because the secret is random: there is nothing to guess. */
export function hashSecret(secret: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(secret).digest());
}

/** The same for a statement that looks the secret up: PostgreSQL's text form of the bytes. */
export function secretHashText(secret: string): string {
  return `\\x${Buffer.from(hashSecret(secret)).toString('hex')}`;
}

/** What can be done with TENANTRY_SECRET. */
export interface Seal {
  /** Encrypts what has to be stored and read again, such as a private key. */
  close(plain: string): Promise<string>;
  open(sealed: string): Promise<string>;
  /** 32 bytes that look random, and are always the same for a text (HMAC-SHA-256). */
  digest(text: string): Uint8Array;
}

/** A seal that makes compact JWE (RFC 7516) with direct A256GCM. */
export function createSeal(key: Uint8Array): Seal {
  return {
    digest: (text) => createHmac('sha256', key).update(text).digest(),
    close: (plain) =>
      new CompactEncrypt(new TextEncoder().encode(plain))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .encrypt(key),
    open: async (sealed) => {
      const { plaintext } = await compactDecrypt(sealed, key, {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
      });
      return new TextDecoder().decode(plaintext);
    },
  };
}
