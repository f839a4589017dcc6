import { CombinedGraphQLErrors } from '@apollo/client';
import type { ErrorCode } from '../generated/graphql.ts';

/** Why the gateway has said no. */
export interface Refusal {
  code: ErrorCode;
  /** A sentence for people. */
  message: string;
  /** What is wrong with an input, by the path of the field. */
  issues?: readonly { path: string; message: string }[] | null;
}

/** @returns undefined if the error is not an answer of the gateway. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!CombinedGraphQLErrors.is(error)) return undefined;
  const { message, extensions } = error.errors[0]!;
  const { code, issues } = extensions as Pick<Refusal, 'code' | 'issues'>;
  return { code, message, issues };
}

/** What is wrong with a field of an input, such as `input.email`. */
export function issueOf(error: unknown, path: string): string | undefined {
  return refusalOf(error)?.issues?.find((issue) => issue.path === path)?.message;
}

/** An error in words that help. */
export function explain(error: unknown): string {
  const refusal = refusalOf(error);
  return refusal ? explainRefusal(refusal) : 'The server cannot be reached. Check your connection, and try again.';
}

export function explainRefusal({ code, message, issues }: Refusal): string {
  switch (code) {
    case 'FORBIDDEN':
      return `You are not allowed to do this. ${message}`;
    case 'ROLE_CEILING':
      return `Nobody can give more than they have. ${message}`;
    case 'LAST_ADMINISTRATOR':
      return `An organization needs an administrator. ${message}`;
    case 'BAD_USER_INPUT':
      return issues?.map((issue) => issue.message).join(' ') || message;
    case 'NOT_FOUND':
      return `${message} It may be gone, or not yours to see.`;
    case 'ROLE_IN_USE':
    case 'CONFLICT':
    case 'INVITATION_NOT_PENDING':
    case 'ORGANIZATION_REQUIRED':
    case 'UNAUTHENTICATED':
    case 'RATE_LIMITED':
      return message;
    case 'SERVICE_UNAVAILABLE':
      return 'The service is busy. Nothing was changed; try again in a moment.';
    case 'QUERY_TOO_COMPLEX':
    case 'INTERNAL_SERVER_ERROR':
      return 'Something went wrong on our side. Try again, and tell us if it stays.';
    default:
      // A new code in the schema fails the type check here. Beside them there are those of Apollo Server itself.
      code satisfies never;
      return message;
  }
}
