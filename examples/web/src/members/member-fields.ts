import { graphql } from '../generated/index.ts';

/** What the table shows of a member. Mutations ask for the same, and so update the table by the cache alone. */
export const MemberFields = graphql(`
  fragment MemberFields on Member {
    id
    status
    joinedAt
    user { id fullName email }
    role { ...RoleChoice }
    teams { id name }
  }
`);

export const RoleChoice = graphql(`
  fragment RoleChoice on Role { id key name }
`);
