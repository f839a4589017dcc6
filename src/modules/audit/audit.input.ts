import { ArgsType, Field, ID, InputType } from 'type-graphql';
import type { AuditAction as ActionName } from '../../auth/audit.js';
import { orderedBy } from '../../graphql/connection.js';
import { DateTime } from '../../graphql/scalars.js';
import { id, optional, Valid } from '../../graphql/validation.js';
import { AuditAction } from './audit.type.js';

@InputType({ description: 'Which records to list. All conditions have to hold.' })
export class AuditEventFilter {
  @Field(() => [AuditAction], { nullable: true, description: 'What has happened: any of these.' })
  actions?: ActionName[] | null;

  @Field(() => ID, { nullable: true, description: 'The id of the user who did it.' })
  @Valid(optional(id))
  actorUserId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The id of what it was done to.' })
  @Valid(optional(id))
  targetId?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'From this moment on.' })
  since?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Before this moment.' })
  until?: Date | null;
}

export enum AuditEventOrderField {
  AT = 'AT',
}

@ArgsType()
export class AuditEventsArgs extends orderedBy('AuditEvent', AuditEventOrderField, { AT: 'By the moment.' }) {
  @Field(() => AuditEventFilter, { nullable: true, description: 'Which records to list. Default: all.' })
  filter?: AuditEventFilter | null;
}

@ArgsType()
export class OrganizationEventsArgs {
  @Field(() => ID, { nullable: true, description: 'The organization. Default: the current one.' })
  organizationId?: string | null;

  @Field(() => [AuditAction], { nullable: true, description: 'Which events to send: any of these. Default: all.' })
  types?: ActionName[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The cursor of the last message that was received: everything after it is sent first. Default: begin now.',
  })
  after?: string | null;
}
