import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { limitNames } from '../../auth/plans.js';
import type { OrganizationRow } from '../../auth/standing.js';
import { AnswersWith } from '../../graphql/answers-with.js';
import type { GraphQLContext } from '../../graphql/context.js';
import { Organization } from '../organization/organization.type.js';
import { UpdateOrganizationPlanInput } from './plan.input.js';
import { UpdateOrganizationPlanPayload } from './plan.payload.js';
import { limitsOf, updateOrganizationPlan } from './plan.service.js';
import { OrganizationLimit, Plan } from './plan.type.js';

@Resolver(() => Organization)
export class PlanResolver {
  @Query(() => [Plan], { description: 'The plans that organizations can be on; a new one begins with the first.' })
  plans(@Ctx() { plans }: GraphQLContext): Plan[] {
    return plans.all.map(({ key, name, maximum }) => ({
      key,
      name,
      limits: limitNames.map((limit) => ({ name: limit, maximum: maximum[limit] })),
    }));
  }

  @AnswersWith('organization')
  @Mutation(() => UpdateOrganizationPlanPayload, {
    description: 'Puts an organization on another plan. What it has beyond the new limits stays.',
  })
  async updateOrganizationPlan(
    @Arg('input', () => UpdateOrganizationPlanInput, { description: 'Which plan.' }) input: UpdateOrganizationPlanInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { organization: await updateOrganizationPlan(context, input) };
  }

  @FieldResolver(() => [OrganizationLimit], { description: 'What the plan limits, and how much of it there is.' })
  limits(@Root() organization: OrganizationRow, @Ctx() context: GraphQLContext) {
    return limitsOf(context, organization);
  }
}
