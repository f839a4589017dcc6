import { Ctx, Query, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../graphql/context.js';
import { serviceHealth } from './service-health.service.js';
import { ServiceHealth } from './service-health.type.js';

@Resolver()
export class ServiceHealthResolver {
  @Query(() => ServiceHealth, {
    description:
      'How the gateway and its database are, for whoever operates them. The database is asked anew each time.',
  })
  serviceHealth(@Ctx() context: GraphQLContext) {
    return serviceHealth(context);
  }
}
