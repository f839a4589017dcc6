const mostTokens = 10_000;

/**
 * Tokens whose signature was found right, until they expire: jose asks WebCrypto, which takes longer than a small read.
 *
 * It tells nothing of whether the holder may still do anything: that is read from the database for every request.
 */
export class VerifiedTokens<Claims> {
  readonly #known = new Map<string, { claims: Claims; expiresAt: number }>();

  recall(token: string): Claims | undefined {
    const known = this.#known.get(token);
    if (!known) return undefined;
    if (known.expiresAt > Date.now()) return known.claims;
    this.#known.delete(token);
    return undefined;
  }

  remember(token: string, claims: Claims, expiresAt: number): void {
    // A map keeps the order of insertion, so the first is the one that expires first, or nearly so.
    if (this.#known.size >= mostTokens) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(token, { claims, expiresAt });
  }
}
