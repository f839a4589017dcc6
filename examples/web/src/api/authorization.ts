import { type ApolloClient, ApolloLink } from '@apollo/client';
import { ErrorLink } from '@apollo/client/link/error';
import { from, mergeMap, throwError } from 'rxjs';
import { graphql } from '../generated/index.ts';
import { type Renewal, session, type Tokens } from '../session/session.ts';
import { refusalOf } from './refusal.ts';

const RefreshSession = graphql(`
  mutation RefreshSession($refreshToken: String!) {
    refreshSession(input: { refreshToken: $refreshToken }) { session { accessToken refreshToken } }
  }
`);

/** Sends the access token along, where there is a session. An operation with `isRefresh` in its context goes without. */
export const authorize = new ApolloLink((operation, forward) => {
  const { headers, isRefresh } = operation.getContext();
  if (isRefresh) return forward(operation);
  const token = session.token((renewal) => exchange(operation.client, renewal));
  return from(token).pipe(
    mergeMap((accessToken) => {
      if (accessToken) {
        operation.setContext({ accessToken, headers: { ...headers, authorization: `Bearer ${accessToken}` } });
      }
      return forward(operation);
    }),
  );
});

/** An access token lives for minutes. When one is refused, the session is renewed, and the operation is sent once more. */
export const renewAndRetry = new ErrorLink(({ error, operation, forward }) => {
  const { accessToken, isRetry } = operation.getContext();
  if (refusalOf(error)?.code !== 'UNAUTHENTICATED' || !accessToken || isRetry) return;
  const renewed = session.renew(accessToken, (renewal) => exchange(operation.client, renewal));
  return from(renewed).pipe(
    mergeMap((next) => {
      if (!next) return throwError(() => error);
      operation.setContext({ isRetry: true });
      return forward(operation);
    }),
  );
});

/** @returns undefined if the session is over. Throws if the gateway cannot be reached: then it may not be. */
async function exchange(client: ApolloClient, { refreshToken, key }: Renewal): Promise<Tokens | undefined> {
  try {
    const { data } = await client.mutate({
      mutation: RefreshSession,
      variables: { refreshToken },
      context: { isRefresh: true, headers: { 'Idempotency-Key': key } },
      fetchPolicy: 'no-cache',
    });
    return data?.refreshSession.session;
  } catch (error) {
    if (refusalOf(error)?.code === 'UNAUTHENTICATED') return undefined;
    throw error;
  }
}
