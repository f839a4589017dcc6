import { setImmediate } from 'node:timers/promises';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../graphql/context.js';
import { issuesOf } from '../../graphql/validation.js';
import type { InputIssue } from '../../platform/errors.js';
import { badInput, type DomainError } from '../../platform/errors.js';
import { type ActivityEntryInput, RecordActivityInput } from './activity.input.js';
import { RecordActivityPayload } from './activity.payload.js';
import { recordActivity } from './activity.service.js';

@Resolver()
export class ActivityResolver {
  @Mutation(() => RecordActivityPayload, {
    description:
      'Records activity, once for each `idempotencyId`. With a session one’s own; with an API key that may write, that of every member. What is wrong with one entry does not keep the others from being recorded.',
  })
  async recordActivity(
    @Arg('input', () => RecordActivityInput, { description: 'What to record.' }) input: RecordActivityInput,
    @Ctx() context: GraphQLContext,
  ): Promise<RecordActivityPayload> {
    const entries: (ActivityEntryInput | DomainError)[] = [];
    for (const [index, entry] of input.entries.entries()) {
      // To judge a whole batch at once would hold up everybody else.
      if (index % 100 === 99) await setImmediate();
      const issues = issuesOf(entry, ['input', 'entries', index]);
      entries.push(issues.length > 0 ? badInput(...issues) : entry);
    }
    const { rejected, ...counts } = await recordActivity(context, input.organizationId, entries);
    return {
      ...counts,
      rejected: rejected.map(({ index, error: { code, message, facts } }) => ({
        index,
        code,
        message,
        issues: (facts.issues ?? []) as InputIssue[],
      })),
    };
  }
}
