import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { MemberRow, OrganizationRow } from '../../auth/standing.js';
import { AnswersWith } from '../../graphql/answers-with.js';
import type { GraphQLContext } from '../../graphql/context.js';
import { Member } from '../member/member.type.js';
import { loadOrganization } from '../organization/organization.loader.js';
import { Organization } from '../organization/organization.type.js';
import { type TeamRow, teamById } from '../team/team.loader.js';
import { Team } from '../team/team.type.js';
import { EngagementArgs, MemberEngagementArgs } from './engagement.input.js';
import { distribution, kpiCards, retention } from './engagement.policy.js';
import { type Engaged, keyOf } from './engagement.population.js';
import { engagementOfMember, engagementOfOrganization } from './engagement.service.js';
import {
  Engagement,
  EngagementDistribution,
  EngagementKpi,
  EngagementPulse,
  EngagementTrendDay,
} from './engagement.type.js';
import { figuresOf } from './kpis.loader.js';
import { distributionOf } from './people.loader.js';
import { pulseOf, type TrendDay, trendOf } from './pulse.loader.js';
import { cohortsOf } from './retention.loader.js';
import { EngagementRetention } from './retention.type.js';

@Resolver(() => Organization)
export class OrganizationEngagementResolver {
  @FieldResolver(() => Engagement, {
    description:
      'Who is active in the organization, or for one of its teams, and whether people stay. Needs `stats.read`, or managing the team.',
  })
  engagement(
    @Root() { id }: OrganizationRow,
    @Args(() => EngagementArgs) wanted: EngagementArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<Engaged> {
    return engagementOfOrganization(context, id, wanted);
  }
}

@Resolver(() => Member)
export class MemberEngagementResolver {
  @FieldResolver(() => Engagement, {
    description:
      'What this person did for the organization, in whatever team, in earlier memberships as well. For the member itself, and whoever holds `stats.read`.',
  })
  engagement(
    @Root() member: MemberRow,
    @Args(() => MemberEngagementArgs) days: MemberEngagementArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<Engaged> {
    return engagementOfMember(context, member, days);
  }
}

@Resolver(() => Engagement)
export class EngagementResolver {
  @AnswersWith('organization')
  @FieldResolver(() => Organization, { description: 'The organization that it is about.' })
  organization(@Root() { organizationId }: Engaged, @Ctx() context: GraphQLContext): Promise<OrganizationRow> {
    return loadOrganization(context, organizationId);
  }

  @FieldResolver(() => Team, { nullable: true, description: 'The team that it is about. Null: not about one team.' })
  async team(@Root() { organizationId, teamId }: Engaged, @Ctx() context: GraphQLContext): Promise<TeamRow | null> {
    return teamId === null ? null : context.reads.row(teamById, [organizationId, teamId]);
  }

  @FieldResolver(() => [EngagementKpi], {
    description:
      'The figures for the top of a dashboard, in this order: `ACTIVE_MEMBERS`, `TOTAL_ACTIVE_TIME`, `AVERAGE_ACTIVE_TIME`, `SESSIONS`, `ACTIVE_DAYS`, `RETENTION`, `NEW_MEMBERS`.',
  })
  async kpis(@Root() engaged: Engaged, @Ctx() context: GraphQLContext): Promise<EngagementKpi[]> {
    const figures = await context.reads.row(figuresOf[engaged.group], keyOf(engaged));
    return kpiCards(figures!.current, figures!.previous);
  }

  @FieldResolver(() => EngagementPulse, { description: 'The activity of every day, and what it comes to.' })
  async pulse(@Root() engaged: Engaged, @Ctx() context: GraphQLContext): Promise<EngagementPulse> {
    const pulse = await context.reads.row(pulseOf[engaged.group], keyOf(engaged));
    const { days, ...summary } = pulse!;
    const { startDate: periodStart, endDate: periodEnd } = engaged.range;
    return { days, summary: { ...summary, periodStart, periodEnd } };
  }

  @FieldResolver(() => [EngagementTrendDay], {
    description: 'The active time of every day of the range, all in all and for each who belonged there.',
  })
  trend(@Root() engaged: Engaged, @Ctx() context: GraphQLContext): Promise<TrendDay[]> {
    return context.reads.rows(trendOf[engaged.group], keyOf(engaged));
  }

  @FieldResolver(() => [EngagementDistribution], {
    description:
      'How many of the present members were active for how long in the range: every bucket, the lowest first.',
  })
  async activityDistribution(
    @Root() engaged: Engaged,
    @Ctx() context: GraphQLContext,
  ): Promise<EngagementDistribution[]> {
    return distribution(await context.reads.rows(distributionOf[engaged.group], keyOf(engaged)));
  }

  @FieldResolver(() => EngagementRetention, { description: 'Whether people stay, by the week of joining.' })
  async retention(@Root() engaged: Engaged, @Ctx() context: GraphQLContext): Promise<EngagementRetention> {
    return retention(await context.reads.rows(cohortsOf[engaged.group], keyOf(engaged)));
  }
}
