import { Field, ID, InputType, Int } from 'type-graphql';
import { z } from 'zod';
import { OrganizationInput } from '../../graphql/organization-input.js';
import { DateTime } from '../../graphql/scalars.js';
import { id, oneByOne, optional, Valid } from '../../graphql/validation.js';
import { largestBatch, mayHaveStarted, oldestDays, secondsOfDay } from './activity.policy.js';

const startOfActivity = z
  .date('must be a date and time')
  .refine((moment) => mayHaveStarted(moment) !== 'FUTURE', 'must not be in the future')
  .refine((moment) => mayHaveStarted(moment) !== 'PAST', `must be at most ${oldestDays} days ago`);

const activeSeconds = z
  .int('must be a whole number')
  .min(1, 'must be at least 1')
  .max(secondsOfDay, `must be at most ${secondsOfDay}, which is a day`);

const idempotencyId = z
  .string('must be a text')
  .refine((text) => /^[\x21-\x7e]{1,100}$/.test(text), 'must have 1 to 100 characters, none of them a space');

@InputType({
  description: 'Somebody’s activity without a pause. Without `memberId` and `userId` it is the caller’s own.',
})
export class ActivityEntryInput {
  @Field(() => ID, { nullable: true, description: 'The member who was active. This or `userId`.' })
  @Valid(optional(id))
  memberId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The user who was active. This or `memberId`.' })
  @Valid(optional(id))
  userId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The team for which this person was active, one of its own. Null: for none.',
  })
  @Valid(optional(id))
  teamId?: string | null;

  @Field(() => DateTime, {
    description: 'When it began: at most 366 days ago, and at most 5 minutes ahead, as clocks differ.',
  })
  @Valid(startOfActivity)
  startedAt!: Date;

  @Field(() => Int, { description: 'How long it lasted, 1 to 86,400 seconds.' })
  @Valid(activeSeconds)
  activeSeconds!: number;

  @Field(() => String, {
    description:
      'What tells this entry from all others of the organization, 1 to 100 characters without a space. What comes again with the same one counts once.',
  })
  @Valid(idempotencyId)
  idempotencyId!: string;
}

@InputType({ description: 'Activity to record.' })
export class RecordActivityInput extends OrganizationInput {
  @Field(() => [ActivityEntryInput], { description: 'What to record, 1 to 1,000 entries.' })
  @Valid(oneByOne(largestBatch))
  entries!: ActivityEntryInput[];
}
