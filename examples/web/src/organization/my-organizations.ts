import { graphql } from '../generated/index.ts';

/** Who is signed in, and where this person belongs. */
export const MyOrganizations = graphql(`
  query MyOrganizations {
    me { id fullName email }
    organizations(first: 100, orderBy: { field: NAME }) { nodes { ...OrganizationChoice } }
  }
`);

export const OrganizationChoice = graphql(`
  fragment OrganizationChoice on Organization { id name isPersonal }
`);
