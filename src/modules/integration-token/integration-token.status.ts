/** What a key is used for at a moment. */
export enum IntegrationKeyStatus {
  NEXT = 'NEXT',
  ACTIVE = 'ACTIVE',
  RETIRING = 'RETIRING',
  RETIRED = 'RETIRED',
}

/** Whether a token still counts, and if not, why. */
export enum IntegrationTokenStatus {
  ACTIVE = 'ACTIVE',
  EXPIRED = 'EXPIRED',
  REVOKED = 'REVOKED',
  KEY_RETIRED = 'KEY_RETIRED',
}

/** Why a token does not count, as far as it is told. */
export enum IntegrationTokenInvalidReason {
  INVALID = 'INVALID',
  EXPIRED = 'EXPIRED',
  REVOKED = 'REVOKED',
}
