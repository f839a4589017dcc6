import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { OrganizationRow } from '../../auth/standing.js';
import { connectionOf } from '../../graphql/connection.js';
import type { GraphQLContext } from '../../graphql/context.js';
import { ReadsAhead } from '../../graphql/read-ahead.js';
import { readPage } from '../../platform/page.js';
import { Organization } from '../organization/organization.type.js';
import { AuditEventsArgs } from './audit.input.js';
import { type AuditEventRow, eventsOfOrganization, matching } from './audit.loader.js';
import { AuditActor, AuditEvent, AuditTarget } from './audit.type.js';

const AuditEventConnection = connectionOf(() => AuditEvent, 'AuditEvent', 'audit events');

@Resolver(() => AuditEvent)
export class AuditEventResolver {
  @FieldResolver(() => AuditActor, { description: 'Who did it.' })
  actor(@Root() { actorType, actorUserId, actorApiKeyId }: AuditEventRow): AuditActor {
    return { type: actorType, userId: actorUserId, apiKeyId: actorApiKeyId };
  }

  @FieldResolver(() => AuditTarget, { description: 'What it was done to.' })
  target(@Root() { targetType, targetId }: AuditEventRow): AuditTarget {
    return { type: targetType, id: targetId };
  }
}

@Resolver(() => Organization)
export class OrganizationAuditResolver {
  @ReadsAhead()
  @FieldResolver(() => AuditEventConnection, { description: 'What was done in the organization, the latest first.' })
  auditEvents(
    @Root() { id }: OrganizationRow,
    @Args(() => AuditEventsArgs) { filter, ...page }: AuditEventsArgs,
    @Ctx() context: GraphQLContext,
  ) {
    return readPage(context.reads, eventsOfOrganization, [id], page, matching(filter));
  }
}
