// TypeGraphQL's decorators need it before the first of them runs.
import 'reflect-metadata';
import { GraphQLObjectType, GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchemaSync, type NonEmptyArray } from 'type-graphql';
import { answerIncluded } from './graphql/included.js';
import type { RuleTree } from './graphql/rules.js';
import { guard } from './graphql/shield.js';
import { validateArgument } from './graphql/validation.js';
import { apiKeyPermissions } from './modules/api-key/api-key.permissions.js';
import { ApiKeyResolver, OrganizationApiKeysResolver } from './modules/api-key/api-key.resolver.js';
import { auditPermissions } from './modules/audit/audit.permissions.js';
import { AuditEventResolver, OrganizationAuditResolver } from './modules/audit/audit.resolver.js';
import { OrganizationEventsResolver } from './modules/audit/organization-events.resolver.js';
import { ActivityResolver } from './modules/engagement/activity.resolver.js';
import { engagementPermissions } from './modules/engagement/engagement.permissions.js';
import {
  EngagementResolver,
  MemberEngagementResolver,
  OrganizationEngagementResolver,
} from './modules/engagement/engagement.resolver.js';
import {
  ActivitySessionResolver,
  EngagementPeopleResolver,
  MemberActivityResolver,
  MemberDirectoryResolver,
} from './modules/engagement/people.resolver.js';
import { federationPermissions } from './modules/federation/federation.permissions.js';
import { FederationResolver } from './modules/federation/federation.resolver.js';
import { entityNames } from './modules/federation/federation.service.js';
import { integrationTokenPermissions } from './modules/integration-token/integration-token.permissions.js';
import {
  IntegrationTokenResolver,
  IntegrationTokenRevocationResolver,
  OrganizationIntegrationsResolver,
} from './modules/integration-token/integration-token.resolver.js';
import { invitationPermissions } from './modules/invitation/invitation.permissions.js';
import { InvitationResolver, OrganizationInvitationsResolver } from './modules/invitation/invitation.resolver.js';
import { memberPermissions } from './modules/member/member.permissions.js';
import {
  MemberResolver,
  OrganizationMembersResolver,
  UserMembershipsResolver,
} from './modules/member/member.resolver.js';
import { organizationPermissions } from './modules/organization/organization.permissions.js';
import { OrganizationResolver } from './modules/organization/organization.resolver.js';
import { permissionPermissions } from './modules/permission/permission.permissions.js';
import { PermissionResolver } from './modules/permission/permission.resolver.js';
import { planPermissions } from './modules/plan/plan.permissions.js';
import { PlanResolver } from './modules/plan/plan.resolver.js';
import { rolePermissions } from './modules/role/role.permissions.js';
import { OrganizationRolesResolver, RoleResolver } from './modules/role/role.resolver.js';
import { serviceHealthPermissions } from './modules/service-health/service-health.permissions.js';
import { ServiceHealthResolver } from './modules/service-health/service-health.resolver.js';
import { teamPermissions } from './modules/team/team.permissions.js';
import {
  MemberTeamsResolver,
  OrganizationTeamsResolver,
  TeamMemberEdgeResolver,
  TeamMembershipResolver,
  TeamResolver,
} from './modules/team/team.resolver.js';
import { AccountResolver } from './modules/user/account.resolver.js';
import { userPermissions } from './modules/user/user.permissions.js';
import { UserResolver } from './modules/user/user.resolver.js';
import { workspacePermissions } from './modules/workspace/workspace.permissions.js';
import { OrganizationWorkspacesResolver, WorkspaceResolver } from './modules/workspace/workspace.resolver.js';

const resolvers: NonEmptyArray<new () => object> = [
  UserResolver,
  AccountResolver,
  OrganizationResolver,
  RoleResolver,
  OrganizationRolesResolver,
  WorkspaceResolver,
  OrganizationWorkspacesResolver,
  MemberResolver,
  OrganizationMembersResolver,
  UserMembershipsResolver,
  TeamResolver,
  TeamMemberEdgeResolver,
  TeamMembershipResolver,
  MemberTeamsResolver,
  OrganizationTeamsResolver,
  InvitationResolver,
  OrganizationInvitationsResolver,
  ApiKeyResolver,
  OrganizationApiKeysResolver,
  IntegrationTokenResolver,
  IntegrationTokenRevocationResolver,
  OrganizationIntegrationsResolver,
  PlanResolver,
  PermissionResolver,
  AuditEventResolver,
  OrganizationAuditResolver,
  OrganizationEventsResolver,
  ActivityResolver,
  OrganizationEngagementResolver,
  MemberEngagementResolver,
  EngagementResolver,
  EngagementPeopleResolver,
  MemberActivityResolver,
  MemberDirectoryResolver,
  ActivitySessionResolver,
  ServiceHealthResolver,
];

const rules: RuleTree[] = [
  userPermissions,
  organizationPermissions,
  rolePermissions,
  workspacePermissions,
  memberPermissions,
  teamPermissions,
  invitationPermissions,
  apiKeyPermissions,
  integrationTokenPermissions,
  planPermissions,
  permissionPermissions,
  auditPermissions,
  engagementPermissions,
  serviceHealthPermissions,
];

/**
 * The whole API: what the resolvers offer, behind the rules of who may use it.
 *
 * @param options.federation whether it is a subgraph as well.
 * @param options.introspection whether a subgraph tells its schema to anybody.
 */
export function createSchema({ federation = false, introspection = true } = {}): GraphQLSchema {
  if (!federation) return answerIncluded(guard(describedSchema(), rules));
  const subgraph = describedSchema([...resolvers, FederationResolver], { subgraph: printedSubgraph() });
  return answerIncluded(guard(subgraph, [...rules, federationPermissions(introspection)]));
}

/** The text of `schema.graphql`, sorted, so that a change shows only where something has changed. */
export function printedSchema(): string {
  return `${printSchema(lexicographicSortSchema(describedSchema()))}\n`;
}

const federationLink =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key", "@shareable"])';

/** Entities have a key; what each subgraph with pages has alike is shared. */
const federationDirectives: Readonly<Record<string, string>> = {
  ...Object.fromEntries(entityNames.map((name) => [name, '@key(fields: "id")'])),
  PageInfo: '@shareable',
};

/** The text of `schema.federation.graphql`: the same schema as a subgraph of Apollo Federation 2, to compose a supergraph from. */
export function printedSubgraph(): string {
  const types = printedSchema().replace(/^type (\w+)/gm, (type, name) =>
    [type, federationDirectives[name] ?? []].flat().join(' '),
  );
  return `${federationLink}\n\n${types}`;
}

function described(type: GraphQLObjectType | null | undefined, description: string) {
  return type && new GraphQLObjectType({ ...type.toConfig(), description });
}

function describedSchema(from = resolvers, extensions = {}): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: from,
    validateFn: (value, _type, { args }) => validateArgument(value, args),
    // Asked for by TypeGraphQL; every subscription says itself what it follows.
    pubSub: { publish() {}, async *subscribe() {} },
  }).toConfig();
  return new GraphQLSchema({
    ...schema,
    extensions,
    query: described(schema.query, 'What can be read.'),
    mutation: described(schema.mutation, 'What can be changed. Several in one document run one after the other.'),
    subscription: described(schema.subscription, 'What can be followed, over graphql-ws.'),
    types: schema.types.filter(({ name }) => !['Query', 'Mutation', 'Subscription'].includes(name)),
  });
}
