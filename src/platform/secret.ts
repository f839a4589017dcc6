import { createHash, randomBytes } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';

/** A new secret of 256 random bits, in base64url. It is shown once and never stored (R11). */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of a secret. SHA-256 suffices because the secret is random: there is nothing to guess. */
export function hashSecret(secret: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(secret).digest());
}

/** Encrypts what has to be stored and read again, such as private keys, under TENANTRY_SECRET. */
export interface Seal {
  close(plain: string): Promise<string>;
  open(sealed: string): Promise<string>;
}

/** A seal that makes compact JWE (RFC 7516) with direct A256GCM. */
export function createSeal(key: Uint8Array): Seal {
  return {
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
