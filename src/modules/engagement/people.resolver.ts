import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { standingIn } from '../../auth/scope.js';
import type { MemberRow, UserRow } from '../../auth/standing.js';
import { connectionOf } from '../../graphql/connection.js';
import type { GraphQLContext } from '../../graphql/context.js';
import { readPage } from '../../platform/page.js';
import { Member } from '../member/member.type.js';
import { type TeamRow, teamById } from '../team/team.loader.js';
import { Team } from '../team/team.type.js';
import { loadUser } from '../user/user.loader.js';
import { User } from '../user/user.type.js';
import { type Affiliation as AffiliationRow, loadAffiliations } from './affiliations.loader.js';
import { ActivitySessionsArgs, MemberActivityArgs, MemberDirectoryArgs } from './engagement.input.js';
import { type Engaged, keyOf } from './engagement.population.js';
import { Engagement } from './engagement.type.js';
import {
  activityOfMembers,
  type DirectoryRow,
  directoryOf,
  type MemberActivityRow,
  matching,
  type SessionRow,
  sessionsOf,
} from './people.loader.js';
import { ActivitySession, Affiliation, EngagementStatus, MemberActivity, MemberDirectoryEntry } from './people.type.js';

const MemberActivityConnection = connectionOf(() => MemberActivity, 'MemberActivity', 'members with what they did');
const MemberDirectoryConnection = connectionOf(
  () => MemberDirectoryEntry,
  'MemberDirectory',
  'people in the directory',
);
const ActivitySessionConnection = connectionOf(() => ActivitySession, 'ActivitySession', 'recorded entries');

@Resolver(() => Engagement)
export class EngagementPeopleResolver {
  @FieldResolver(() => MemberActivityConnection, {
    description: 'The present members with what they did in the range, the most active first. Needs `users.read`.',
  })
  memberActivity(
    @Root() engaged: Engaged,
    @Args(() => MemberActivityArgs) page: MemberActivityArgs,
    @Ctx() context: GraphQLContext,
  ) {
    return readPage(context.reads, activityOfMembers[engaged.group], keyOf(engaged), page);
  }

  @FieldResolver(() => MemberDirectoryConnection, {
    description: 'The present members and where else they belong, by name. Needs `users.read`.',
  })
  async memberDirectory(
    @Root() engaged: Engaged,
    @Args(() => MemberDirectoryArgs) { filter, ...page }: MemberDirectoryArgs,
    @Ctx() context: GraphQLContext,
  ) {
    return readPage(context.reads, directoryOf[engaged.group], keyOf(engaged), page, matching(filter));
  }

  @FieldResolver(() => ActivitySessionConnection, {
    description: 'The entries of the range, the latest first. Those of others need `users.read`.',
  })
  sessions(
    @Root() engaged: Engaged,
    @Args(() => ActivitySessionsArgs) page: ActivitySessionsArgs,
    @Ctx() context: GraphQLContext,
  ) {
    return readPage(context.reads, sessionsOf[engaged.group], keyOf(engaged), page);
  }
}

@Resolver(() => MemberActivity)
export class MemberActivityResolver {
  @FieldResolver(() => Member, { description: 'The member.' })
  member(@Root() row: MemberActivityRow): MemberRow {
    return row;
  }

  @FieldResolver(() => EngagementStatus, { description: 'How recently the member was active.' })
  status(@Root() { engagementStatus }: MemberActivityRow): EngagementStatus {
    return engagementStatus;
  }
}

@Resolver(() => MemberDirectoryEntry)
export class MemberDirectoryResolver {
  @FieldResolver(() => User, { description: 'The person.' })
  user(@Root() { userId }: DirectoryRow, @Ctx() context: GraphQLContext): Promise<UserRow | null> {
    return loadUser(context, userId);
  }

  @FieldResolver(() => String, { description: 'The key of the plan of the organization.' })
  async plan(@Root() { organizationId }: DirectoryRow, @Ctx() context: GraphQLContext): Promise<string | undefined> {
    return (await standingIn(context, organizationId)).organization?.plan;
  }

  @FieldResolver(() => [Affiliation], {
    description:
      'The organizations and teams of this person, by name, once for each team: of this organization, and of others in which you are an active member who may see members. An API key sees those of its own organization.',
  })
  async affiliations(
    @Root() { organizationId, userId }: DirectoryRow,
    @Ctx() context: GraphQLContext,
  ): Promise<AffiliationRow[]> {
    return loadAffiliations(context, await standingIn(context, organizationId), userId);
  }
}

@Resolver(() => ActivitySession)
export class ActivitySessionResolver {
  @FieldResolver(() => User, { description: 'Who was active.' })
  user(@Root() { userId }: SessionRow, @Ctx() context: GraphQLContext): Promise<UserRow | null> {
    return loadUser(context, userId);
  }

  @FieldResolver(() => Team, {
    nullable: true,
    description: 'For which team. Null for none, or if it has been deleted.',
  })
  async team(@Root() { organizationId, teamId }: SessionRow, @Ctx() context: GraphQLContext): Promise<TeamRow | null> {
    return teamId === null ? null : context.reads.row(teamById, [organizationId, teamId]);
  }
}
