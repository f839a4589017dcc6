// The four workloads, as each server has them: what is sent, and how its answer reads in the one shape in which all are
// compared. A request's content is `{ organizationId, memberId, userId, role }`, as far as the workload has them.

const page = {
  gateway: `query ($id: ID!) { organization(id: $id) {
    id
    members(first: 50) { nodes { user { id fullName email } role { key name } teams { id name } } }
    teams(first: 20) { nodes { id name } }
    invitations(first: 10, filter: { status: PENDING }) { nodes { id email } }
  } }`,
  postgraphile: `query ($id: UUID!) { organizationByRowId(rowId: $id) {
    rowId
    membersByOrganizationIdList(first: 50, orderBy: [JOINED_AT_ASC, ROW_ID_ASC]) {
      userByUserId { rowId fullName email }
      roleByOrganizationIdAndRoleId { key name }
      teamMembershipsByOrganizationIdAndMemberIdList { teamByOrganizationIdAndTeamId { rowId name } }
    }
    teamsByOrganizationIdList(first: 20, orderBy: [NAME_ASC, ROW_ID_ASC]) { rowId name }
    invitationsByOrganizationIdList(first: 10, condition: { status: PENDING }, orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) {
      rowId email
    }
  } }`,
  mercurius: `query ($id: ID!) { organization(id: $id) {
    id
    members(first: 50) { user { id fullName email } role { key name } teams { id name } }
    teams(first: 20) { id name }
    pendingInvitations(first: 10) { id email }
  } }`,
};

const count = {
  gateway: 'query ($id: ID!) { organization(id: $id) { id name slug memberCount } }',
  postgraphile: `query ($id: UUID!) { organizationByRowId(rowId: $id) {
    rowId name slug membersByOrganizationId { totalCount }
  } }`,
  mercurius: 'query ($id: ID!) { organization(id: $id) { id name slug memberCount } }',
};

const mine = {
  gateway: '{ organizations(first: 25) { nodes { id name slug viewerRole { key } memberCount } } }',
  postgraphile: `query ($id: UUID!) { userByRowId(rowId: $id) {
    membersByUserIdList(first: 25, orderBy: [ORGANIZATION_ID_ASC]) {
      organizationByOrganizationId { rowId name slug membersByOrganizationId { totalCount } }
      roleByOrganizationIdAndRoleId { key }
    }
  } }`,
  mercurius: `query ($id: ID!) { organizations(userId: $id, first: 25) { id name slug viewerRole { key } memberCount } }`,
};

const change = {
  gateway: `mutation ($organizationId: ID!, $memberId: ID!, $role: String!) {
    updateMemberRole(input: { organizationId: $organizationId, memberId: $memberId, role: $role }) {
      member { id role { key } }
    }
  }`,
  postgraphile: `mutation ($organizationId: UUID!, $memberId: UUID!, $role: String!, $userId: UUID!) {
    sideBySideChangeMemberRole(
      input: { organizationId: $organizationId, memberId: $memberId, roleKey: $role, actorId: $userId }
    ) { result { rowId roleByOrganizationIdAndRoleId { key } } }
  }`,
  mercurius: `mutation ($organizationId: ID!, $memberId: ID!, $role: String!, $userId: ID!) {
    updateMemberRole(organizationId: $organizationId, memberId: $memberId, role: $role, actorId: $userId) {
      id role { key }
    }
  }`,
};

const byOrganization = ({ organizationId: id }) => ({ id });
const byUser = ({ userId: id }) => ({ id });
const byMember = ({ organizationId, memberId, role, userId }) => ({ organizationId, memberId, role, userId });

/** What every workload is, and what the floor is sent, which knows no documents. */
export const workloads = {
  W1: { title: 'nested page', documents: page, variables: byOrganization, key: ({ organizationId }) => organizationId },
  W2: {
    title: 'organization with member count',
    documents: count,
    variables: byOrganization,
    key: ({ organizationId }) => organizationId,
  },
  W3: { title: 'my organizations', documents: mine, variables: byUser, key: ({ userId }) => userId },
  W4: {
    title: 'change a role',
    documents: change,
    variables: byMember,
    key: ({ organizationId, memberId, role, userId }) => [organizationId, memberId, role, userId],
  },
};

/** The body of a request. The gateway knows the caller by the token, so it is told nobody's id. */
export function bodyFor(server, workload, content) {
  const { documents, variables, key } = workloads[workload];
  if (server === 'floor') return JSON.stringify({ workload, key: key(content) });
  const { userId: _, ...others } = content;
  const given = variables(server === 'gateway' ? others : content);
  return JSON.stringify({
    query: documents[server],
    variables: server === 'gateway' && workload === 'W3' ? {} : given,
  });
}

/** What an answer has to contain, whoever gives it. */
export function expectedIn(workload, { organizationId, role, membershipOf }) {
  if (workload === 'W3') return membershipOf;
  return workload === 'W4' ? `"${role}"` : organizationId;
}

const byId = (a, b) => (a.id < b.id ? -1 : 1);
const sorted = (rows) => [...rows].sort(byId);

const readers = {
  W1: {
    gateway: ({ organization: o }) => ({
      id: o.id,
      members: o.members.nodes,
      teams: o.teams.nodes,
      invitations: o.invitations.nodes,
    }),
    postgraphile: ({ organizationByRowId: o }) => ({
      id: o.rowId,
      members: o.membersByOrganizationIdList.map((member) => ({
        user: renamed(member.userByUserId),
        role: member.roleByOrganizationIdAndRoleId,
        teams: member.teamMembershipsByOrganizationIdAndMemberIdList.map((membership) =>
          renamed(membership.teamByOrganizationIdAndTeamId),
        ),
      })),
      teams: o.teamsByOrganizationIdList.map(renamed),
      invitations: o.invitationsByOrganizationIdList.map(renamed),
    }),
    mercurius: ({ organization: { pendingInvitations: invitations, ...o } }) => ({ ...o, invitations }),
    floor: (page) => page,
  },
  W2: {
    gateway: ({ organization }) => organization,
    postgraphile: ({ organizationByRowId: o }) => counted(o),
    mercurius: ({ organization }) => organization,
    floor: (organization) => organization,
  },
  W3: {
    gateway: ({ organizations }) => organizations.nodes,
    postgraphile: ({ userByRowId }) =>
      userByRowId.membersByUserIdList.map((member) => ({
        ...counted(member.organizationByOrganizationId),
        viewerRole: member.roleByOrganizationIdAndRoleId,
      })),
    mercurius: ({ organizations }) => organizations,
    floor: (organizations) => organizations,
  },
  W4: {
    gateway: ({ updateMemberRole: { member } }) => member,
    postgraphile: ({ sideBySideChangeMemberRole: { result } }) => ({
      id: result.rowId,
      role: result.roleByOrganizationIdAndRoleId,
    }),
    mercurius: ({ updateMemberRole: member }) => member,
    floor: (member) => member,
  },
};

function renamed({ rowId: id, ...others }) {
  return { id, ...others };
}

function counted({ membersByOrganizationId: { totalCount }, ...others }) {
  return { ...renamed(others), memberCount: totalCount };
}

/** The one shape: lists in the order of ids, but pages of members, teams and invitations keep theirs. */
const shapes = {
  W1: ({ members, ...others }) => ({
    ...others,
    members: members.map(({ teams, ...member }) => ({ ...member, teams: sorted(teams) })),
  }),
  W2: (organization) => organization,
  W3: sorted,
  W4: (member) => member,
};

/** What a server has answered, in the shape in which all servers are compared. */
export function contentOf(server, workload, data) {
  return shapes[workload](readers[workload][server](data));
}
