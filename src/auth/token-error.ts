import { errors } from 'jose';
import { DomainError } from '../platform/errors.js';

/** What jose says of a token that is wrong, as opposed to keys that could not be had. */
const faultsOfTokens = [
  errors.JWTInvalid,
  errors.JWTExpired,
  errors.JWTClaimValidationFailed,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
];

/** Whether it is the token that is wrong. Anything else is a fault of ours, and must not read as a bad token. */
export function isBadToken(error: unknown): boolean {
  return error instanceof DomainError || faultsOfTokens.some((fault) => error instanceof fault);
}

/** How far the clocks of whoever issues a token and of whoever verifies it may be apart. */
export const clockToleranceSeconds = 5;

/** Whether a token says that it will be issued later. jose asks this only of tokens that are too old after a time. */
export function isFromTheFuture(issuedAt: number): boolean {
  return issuedAt > Date.now() / 1_000 + clockToleranceSeconds;
}
