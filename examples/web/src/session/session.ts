// The access token is kept in memory, and the refresh token in localStorage, so that a reload does not sign out and all tabs
// share one session. Any script that runs on the page can read both: keep foreign scripts out (Content-Security-Policy), or
// let a backend of your own hold the refresh token in a cookie that scripts cannot read.

export interface Tokens {
  accessToken: string;
  refreshToken: string;
}

/** Gives new tokens for a refresh token; undefined if it is not valid any longer. */
export type Exchange = (refreshToken: string) => Promise<Tokens | undefined>;

const storageKey = 'tenantry.refresh-token';

let accessToken: string | undefined;
const listeners = new Set<() => void>();

export const session = {
  begin(tokens: Tokens): void {
    accessToken = tokens.accessToken;
    localStorage.setItem(storageKey, tokens.refreshToken);
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
   * Renews the session. A refresh token works once, and using it twice ends the session: so there is only one exchange at a
   * time, in all tabs, and whoever has waited for it takes what came of it.
   *
   * @param refused the access token that is not accepted any longer.
   * @returns a new access token; undefined if the session is over.
   */
  renew(refused: string | undefined, exchange: Exchange): Promise<string | undefined> {
    return navigator.locks.request(storageKey, async () => {
      if (accessToken !== refused) return accessToken;
      const refreshToken = localStorage.getItem(storageKey);
      if (!refreshToken) return undefined;
      const tokens = await exchange(refreshToken);
      const hasEndedMeanwhile = localStorage.getItem(storageKey) !== refreshToken;
      if (hasEndedMeanwhile) return undefined;
      if (tokens) session.begin(tokens);
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
