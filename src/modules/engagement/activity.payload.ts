import { Field, Int, ObjectType } from 'type-graphql';
import { ErrorCodes, InputIssue } from '../../graphql/error-code.js';
import type { ErrorCode } from '../../platform/errors.js';

@ObjectType({ description: 'Why one of several entries was not recorded.', simpleResolvers: true })
export class RejectedActivity {
  @Field(() => Int, { description: 'Which entry of the input, counted from 0.' })
  index!: number;

  @Field(() => ErrorCodes, { description: 'What `extensions.code` would be.' })
  code!: ErrorCode;

  @Field(() => String, { description: 'What is wrong, for people.' })
  message!: string;

  @Field(() => [InputIssue], { description: 'What is wrong with which field, if the entry is not valid.' })
  issues!: InputIssue[];
}

@ObjectType({
  description: 'What has become of the entries. Each is either accepted, a duplicate or rejected.',
  simpleResolvers: true,
})
export class RecordActivityPayload {
  @Field(() => Int, { description: 'How many were recorded.' })
  accepted!: number;

  @Field(() => Int, { description: 'How many had been recorded before, or came twice in this input.' })
  duplicates!: number;

  @Field(() => [RejectedActivity], { description: 'Those that were not recorded, in the order of the input.' })
  rejected!: RejectedActivity[];
}
