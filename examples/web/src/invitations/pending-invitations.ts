import type { ApolloCache } from '@apollo/client';
import type { InvitationFieldsFragment } from '../generated/graphql.ts';
import { graphql } from '../generated/index.ts';

export const InvitationFields = graphql(`
  fragment InvitationFields on Invitation { id email status expiresAt sendCount role { id name } }
`);

/** The invitations that nobody has answered yet, and the roles to invite with. */
export const PendingInvitations = graphql(`
  query PendingInvitations($id: ID!) {
    organization(id: $id) {
      id
      roles { ...RoleChoice }
      invitations(first: 100, filter: { status: PENDING }, orderBy: { field: CREATED_AT, direction: DESC }) {
        nodes { ...InvitationFields }
      }
    }
  }
`);

/** Puts new invitations to the front of the list that is in the cache. */
export function addToPending(cache: ApolloCache, id: string, added: readonly InvitationFieldsFragment[]): void {
  cache.updateQuery({ query: PendingInvitations, variables: { id } }, (data) => {
    if (!data) return;
    const { organization } = data;
    const { invitations } = organization;
    return {
      ...data,
      organization: { ...organization, invitations: { ...invitations, nodes: [...added, ...invitations.nodes] } },
    };
  });
}
