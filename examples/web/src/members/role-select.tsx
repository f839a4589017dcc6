import { useMutation } from '@apollo/client/react';
import type { MemberFieldsFragment, RoleChoiceFragment } from '../generated/graphql.ts';
import { graphql } from '../generated/index.ts';
import { OrganizationHome } from '../organization/organization-home.ts';
import { useOrganization } from '../organization/use-organization.ts';
import { announce, announceFailure } from '../parts/announcements.tsx';
import { RoleOptions } from './role-options.tsx';

const UpdateMemberRole = graphql(`
  mutation UpdateMemberRole($organizationId: ID!, $memberId: ID!, $role: String!) {
    updateMemberRole(input: { organizationId: $organizationId, memberId: $memberId, role: $role }) {
      member { ...MemberFields }
    }
  }
`);

interface Props {
  member: MemberFieldsFragment;
  roles: readonly RoleChoiceFragment[];
}

/** Gives a member another role. It shows at once, and goes back if the gateway refuses. */
export function RoleSelect({ member, roles }: Props) {
  const { id: organizationId, viewerId } = useOrganization();
  const [updateRole] = useMutation(UpdateMemberRole, {
    onCompleted({ updateMemberRole: { member } }) {
      announce(`${member.user.fullName} has the role ${member.role.name} now.`);
    },
    onError: announceFailure,
    // Who steps down may do less from now on. For all others the cache knows enough.
    refetchQueries: member.user.id === viewerId ? [OrganizationHome] : [],
  });

  function choose(key: string) {
    const role = roles.find((choice) => choice.key === key) ?? member.role;
    void updateRole({
      variables: { organizationId, memberId: member.id, role: key },
      optimisticResponse: {
        __typename: 'Mutation',
        updateMemberRole: { __typename: 'UpdateMemberRolePayload', member: { ...member, role } },
      },
    });
  }

  return (
    <select
      aria-label={`Role of ${member.user.fullName}`}
      value={member.role.key}
      onChange={({ target }) => choose(target.value)}
    >
      <RoleOptions roles={roles} />
    </select>
  );
}
