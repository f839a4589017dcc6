import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import { session } from '../session/session.ts';
import { authorize, renewAndRetry } from './authorization.ts';
import { sendHashes } from './persisted-documents.ts';

/** Everything has an `id` and a `__typename`, so the cache needs to be told nothing but which lists grow page by page. */
const cache = new InMemoryCache({
  typePolicies: {
    Organization: { fields: { members: relayStylePagination(['filter', 'orderBy']) } },
  },
});

export const client = new ApolloClient({
  cache,
  link: ApolloLink.from([renewAndRetry, authorize, ...sendHashes, new HttpLink({ uri: '/graphql' })]),
});

/** Whoever signs in next must not see what the cache holds of the person before. */
session.subscribe(() => {
  if (!session.isActive()) void client.clearStore();
});
