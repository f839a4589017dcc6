import type { GraphQLResolveInfo } from 'graphql';
import { Args, Resolver, Root, Subscription } from 'type-graphql';
import { standingIn } from '../../auth/scope.js';
import type { GraphQLContext } from '../../graphql/context.js';
import { withinScope } from '../../graphql/rules.js';
import { Reads } from '../../platform/reads.js';
import { OrganizationEventsArgs } from './audit.input.js';
import { auditPermissions } from './audit.permissions.js';
import { OrganizationEvent } from './audit.type.js';
import { followEvents, type StreamedEvent } from './organization-events.service.js';

@Resolver()
export class OrganizationEventsResolver {
  @Subscription(() => OrganizationEvent, {
    description:
      'What happens in an organization, as it is put on record, over graphql-ws. The first message has a cursor and no event: from there on nothing is left out.',
    subscribe: ({ args, context, info }) => follow(args as OrganizationEventsArgs, context as GraphQLContext, info),
  })
  organizationEvents(
    @Root() event: StreamedEvent,
    @Args(() => OrganizationEventsArgs) _: OrganizationEventsArgs,
  ): OrganizationEvent {
    return event as OrganizationEvent;
  }
}

/** The rule that has let the caller begin is asked again for whatever is delivered. */
const rule = withinScope('Subscription', auditPermissions.Subscription.organizationEvents);

async function follow(
  { organizationId, types, after }: OrganizationEventsArgs,
  context: GraphQLContext,
  info: GraphQLResolveInfo,
): Promise<AsyncIterableIterator<StreamedEvent, undefined>> {
  const { organization } = await standingIn(context, organizationId?.toLowerCase());
  // The current organization may become another one meanwhile; what is followed stays the same.
  const { id } = organization!;
  return followEvents(context, {
    organizationId: id,
    types: types ?? null,
    after: after ?? null,
    assertAllowed: () => rule(afresh(context), undefined, { organizationId: id }, info),
    charge: () => context.charge(context.cost ?? 1),
  });
}

/** Nothing that was read before counts, and requests do not wait for what is read. */
function afresh(context: GraphQLContext): GraphQLContext {
  const { background } = context.db;
  return { ...context, db: { ...context.db, batcher: background }, reads: new Reads(background) };
}
