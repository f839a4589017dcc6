// The access token is kept in memory, and the refresh token in localStorage, so that a reload does not sign out and all tabs
// share one session. Any script that runs on the page can read both: keep foreign scripts out (Content-Security-Policy), or
// let a backend of your own hold the refresh token in a cookie that scripts cannot read.

export interface Tokens {
  accessToken: string;
  refreshToken: string;
}

/** What renews the session. */
export interface Renewal {
  /** It works once; used twice, it ends the session. */
  refreshToken: string;
  /**
   * The idempotency key of the session. Who repeats it with a used token is given the same answer again, so nothing is lost
   * when a reload loses the answer, or when localStorage tells a tab a moment late what another one has renewed. The price:
   * a thief of both is not noticed by the token being used twice.
   */
  key: string;
}

/** Asks for new tokens; undefined if the session is over. */
export type Exchange = (renewal: Renewal) => Promise<Tokens | undefined>;

const storageKey = 'tenantry.session';

let accessToken: string | undefined;
const listeners = new Set<() => void>();

export const session = {
  begin(tokens: Tokens, key: string = crypto.randomUUID()): void {
    const renewal: Renewal = { refreshToken: tokens.refreshToken, key };
    accessToken = tokens.accessToken;
    localStorage.setItem(storageKey, JSON.stringify(renewal));
    announce();
  },

  /** Forgets the tokens. To have the gateway refuse them, too, is for `logout`. */
  end(): void {
    accessToken = undefined;
    localStorage.removeItem(storageKey);
    announce();
  },

  isActive(): boolean {
    return localStorage.getItem(storageKey) !== null;
  },

  /** The access token; after a reload, one that is asked for anew. Undefined without a session. */
  async token(exchange: Exchange): Promise<string | undefined> {
    return accessToken ?? session.renew(undefined, exchange);
  },

  /**
   * Renews the session, of all tabs one at a time, and whoever has waited takes what came of it.
   *
   * @param refused the access token that is not accepted any longer.
   * @returns a new access token; undefined if the session is over.
   */
  renew(refused: string | undefined, exchange: Exchange): Promise<string | undefined> {
    return navigator.locks.request(storageKey, async () => {
      if (accessToken !== refused) return accessToken;
      const kept = localStorage.getItem(storageKey);
      if (!kept) return undefined;
      const renewal: Renewal = JSON.parse(kept);
      const tokens = await exchange(renewal);
      const hasEndedMeanwhile = !session.isActive();
      if (hasEndedMeanwhile) return undefined;
      if (tokens) session.begin(tokens, renewal.key);
      else session.end();
      return accessToken;
    });
  },

  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

function announce(): void {
  for (const listener of listeners) listener();
}

/** Another tab has signed out, or in as somebody else. */
window.addEventListener('storage', ({ key, newValue }) => {
  if (key !== storageKey || newValue !== null) return;
  accessToken = undefined;
  announce();
});
