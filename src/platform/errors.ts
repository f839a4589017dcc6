/** Every code that the gateway itself answers with; clients may switch on it. */
export const errorCodes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'CONFLICT',
  'LAST_ADMINISTRATOR',
  'ROLE_CEILING',
  'ROLE_IN_USE',
  'INVITATION_NOT_PENDING',
  'ORGANIZATION_REQUIRED',
  'RATE_LIMITED',
  'QUERY_TOO_COMPLEX',
  'SERVICE_UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** One thing that is wrong with an input: where, and what to do about it. */
export interface InputIssue {
  /** The path of the field in dot notation, such as `input.email`. */
  path: string;
  message: string;
}

/**
 * A refusal that the caller may read: a code for the machine, a sentence for the person, facts for both.
 *
 * Everything else that is thrown is a fault of the gateway, and is masked on the way out.
 */
export class DomainError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly facts: Readonly<Record<string, unknown>> = {},
  ) {
    // Nobody asks where in our code something was refused, and finding out takes longer than most refusals.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
    this.name = 'DomainError';
  }
}

/** The answer for what is not there, and, word for word, for what the caller must not know to be there (R7). */
export function notFound(what: string): DomainError {
  return new DomainError('NOT_FOUND', `${what} not found.`);
}

export function badInput(...issues: InputIssue[]): DomainError {
  const [first] = issues;
  const message =
    issues.length === 1 && first ? `${first.path}: ${first.message}` : `${issues.length} fields are not valid.`;
  return new DomainError('BAD_USER_INPUT', message, { issues });
}

/** The change collides with something that is already there; `reason` is stable, for programs. */
export function conflict(reason: string, message: string, facts: Record<string, unknown> = {}): DomainError {
  return new DomainError('CONFLICT', message, { reason, ...facts });
}

export function unauthenticated(message: string): DomainError {
  return new DomainError('UNAUTHENTICATED', message);
}
