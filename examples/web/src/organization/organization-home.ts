import { graphql } from '../generated/index.ts';

/** An organization, and what the viewer may do in it. */
export const OrganizationHome = graphql(`
  query OrganizationHome($id: ID!) {
    organization(id: $id) { id name timezone viewerRole { id name } }
    myPermissions(organizationId: $id) { granted }
  }
`);
