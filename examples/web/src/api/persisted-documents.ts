import type { ApolloLink } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import type { DocumentNode } from 'graphql';

/**
 * Built with `VITE_PERSISTED=on`, the app sends the hash of a document in the place of its text. The gateway knows the
 * texts from `src/generated/persisted-documents.json` (TENANTRY_TRUSTED_DOCUMENTS), and may refuse all others.
 */
export const sendHashes: ApolloLink[] =
  import.meta.env.VITE_PERSISTED === 'on'
    ? [new PersistedQueryLink({ generateHash: hashOf, retry: () => false, disable: () => false })]
    : [];

/** The hash that codegen has put into the document, without the name of the algorithm. */
function hashOf(document: DocumentNode & { __meta__?: { hash: string } }): string {
  return document.__meta__!.hash.replace('sha256:', '');
}
