import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { auditActions } from '../../auth/audit.js';
import { AuditActorType } from '../../generated/prisma/enums.js';
import { DateTime } from '../../graphql/scalars.js';

type ActionName = keyof typeof auditActions;

/** What can happen, as a GraphQL enum. */
export const AuditAction = Object.fromEntries(Object.keys(auditActions).map((action) => [action, action])) as {
  [Name in ActionName]: Name;
};

registerEnumType(AuditAction, {
  name: 'AuditAction',
  description: 'What has happened.',
  valuesConfig: Object.fromEntries(
    Object.entries(auditActions).map(([action, description]) => [action, { description: description as string }]),
  ) as never,
});

registerEnumType(AuditActorType, {
  name: 'AuditActorType',
  description: 'In which capacity somebody acted.',
  valuesConfig: {
    USER: { description: 'A user with a session.' },
    API_KEY: { description: 'An API key, for the user who made it.' },
    SUPER_ADMIN: { description: 'A super admin.' },
    SYSTEM: { description: 'The gateway itself.' },
  },
});

@ObjectType({ description: 'Who did something.', simpleResolvers: true })
export class AuditActor {
  @Field(() => AuditActorType, { description: 'In which capacity.' })
  type!: AuditActorType;

  @Field(() => ID, { nullable: true, description: 'The id of the user, also when the account is gone.' })
  userId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The id of the API key that was used.' })
  apiKeyId!: string | null;
}

@ObjectType({ description: 'What something was done to.', simpleResolvers: true })
export class AuditTarget {
  @Field(() => String, { description: 'What kind of thing it is, such as MEMBER or TEAM.' })
  type!: string;

  @Field(() => ID, { nullable: true, description: 'The id of the thing, also when it is gone.' })
  id!: string | null;
}

@ObjectType({
  description: 'A record of what was done in an organization. Records are never changed.',
  simpleResolvers: true,
})
export class AuditEvent {
  @Field(() => ID, { description: 'The id of the record.' })
  id!: string;

  @Field(() => DateTime, { description: 'When it happened.' })
  at!: Date;

  @Field(() => AuditAction, { description: 'What has happened.' })
  action!: ActionName;

  @Field(() => GraphQLJSONObject, { description: 'Field by field, the value before and after.' })
  changes!: object;

  @Field(() => String, { nullable: true, description: 'The network address that the request came from.' })
  ip!: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The id of the request, as in the X-Request-Id header of its answer.',
  })
  requestId!: string | null;
}

@ObjectType({ description: 'A message of a stream of events.', simpleResolvers: true })
export class OrganizationEvent {
  @Field(() => String, {
    description:
      'Where the stream stands after this message. Pass the latest one as `after` to go on after a disconnect.',
  })
  cursor!: string;

  @Field(() => AuditEvent, {
    nullable: true,
    description: 'What has happened. Null in the first message, which says that the stream has begun.',
  })
  event!: AuditEvent | null;
}
