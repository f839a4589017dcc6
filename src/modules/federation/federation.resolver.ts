import type { GraphQLResolveInfo } from 'graphql';
import { Args, Ctx, Info, Query, Resolver } from 'type-graphql';
import { AnswersWith } from '../../graphql/answers-with.js';
import type { GraphQLContext } from '../../graphql/context.js';
import { loadEntities } from './federation.service.js';
import { EntitiesArgs, Entity, Service } from './federation.type.js';

/** What a router asks of a subgraph, beside the fields that clients ask for. */
@Resolver()
export class FederationResolver {
  @Query(() => Service, { name: '_service', description: 'For whoever composes a supergraph.' })
  service(@Info() { schema }: GraphQLResolveInfo): Service {
    return { sdl: schema.extensions.subgraph as string };
  }

  @AnswersWith('user', 'organization')
  @Query(() => [Entity], {
    name: '_entities',
    nullable: 'items',
    description:
      'What other subgraphs refer to, in the order of the references. Null with NOT_FOUND for what is not there or not for the caller to read.',
  })
  entities(@Args(() => EntitiesArgs) { representations }: EntitiesArgs, @Ctx() context: GraphQLContext) {
    return loadEntities(context, representations);
  }
}
