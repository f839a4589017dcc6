import { type GraphQLRequestContextWillSendResponse, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { DomainError, type ErrorCode } from '../platform/errors.js';
import type { Log } from '../platform/log.js';
import { unavailable } from '../platform/unavailable.js';
import type { GraphQLContext } from './context.js';

type Answering = GraphQLRequestContextWillSendResponse<GraphQLContext>;
type InContext = Pick<Answering, 'contextValue'>;

/** Apollo Server's own codes that tell the client about its document, not about us. */
const protocolCodes = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'BAD_USER_INPUT',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
]);

/** What is wrong with the document or its variables, though the request itself is well formed. */
const documentCodes = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT']);

const faultMessage = 'Something went wrong on our side. Please try again.';

/** The one place that decides what a client sees of an error. */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { message, locations, path } = formatted;
  const where = { ...(locations && { locations }), ...(path && { path }) };
  const fault = causeOf(error);
  const cause = unavailable(fault) ?? fault;
  if (cause instanceof DomainError) {
    return { message: cause.message, ...where, extensions: { code: cause.code, ...cause.facts } };
  }
  const code = String(formatted.extensions?.code);
  if (!protocolCodes.has(code)) {
    const extensions = { code: 'INTERNAL_SERVER_ERROR' };
    return { message: faultMessage, ...where, extensions };
  }
  return { message: withoutValues(message), ...where, extensions: { code } };
}

/** What was thrown, before GraphQL wrapped it. */
function causeOf(error: unknown): unknown {
  return error instanceof GraphQLError ? (error.originalError ?? error) : error;
}

/** graphql-js repeats what it was given; it might be a password. */
export function withoutValues(message: string): string {
  return message
    .replace(/^(Variable "\$[A-Za-z0-9_]+") got invalid value [\s\S]*$/, '$1 is not valid.')
    .replace(/^(Syntax Error: [\s\S]*?(?:Name|String|BlockString|Int|Float)) "[\s\S]*"/, '$1')
    .replace(/(cannot represent [^:]*): [\s\S]*$/, '$1.')
    .replace(/(cannot represent an invalid [a-z-]+) [\s\S]*$/, '$1.')
    .replace(/^(Expected value of type "[^"]*"), found [\s\S]*$/, '$1.');
}

/** Logs faults under the request's id. */
export function logFaults({ errors, contextValue }: { errors: readonly GraphQLError[] } & InContext, log: Log): void {
  const operationName = contextValue.observed?.operation?.name;
  for (const error of errors) {
    if (!isFault(error)) continue;
    const { id, ip } = contextValue.request;
    log.error({ err: causeOf(error), requestId: id, ip, operationName, path: error.path }, 'request failed');
  }
}

/** Gives the answer the status of what went wrong, and tells the client under which id faults were logged. */
export function explainErrors({ response, contextValue, request }: Answering): void {
  if (response.body.kind !== 'single') return;
  const { errors = [] } = response.body.singleResult;
  if (isCredentialRefused(errors, contextValue)) response.http.status = 401;
  else if (errors.some(isOfDocument) && isOlderMediaType(request.http)) response.http.status = 200;
  for (const { extensions } of errors) {
    if (extensions?.code === 'INTERNAL_SERVER_ERROR') Object.assign(extensions, { requestId: contextValue.request.id });
  }
}

/** Whether the answer says that whoever asks is not who it claims to be, which is its status, too. */
export function isCredentialRefused(
  errors: readonly GraphQLFormattedError[],
  { principal }: Pick<GraphQLContext, 'principal'>,
): boolean {
  return principal.kind !== 'anonymous' && errors.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED');
}

function isOfDocument({ extensions }: GraphQLFormattedError): boolean {
  return documentCodes.has(String(extensions?.code));
}

/** What a client sees of errors that do not pass through Apollo Server: the same. Faults are logged. */
export function explained(
  errors: readonly GraphQLError[],
  contextValue: Pick<GraphQLContext, 'request' | 'observed'>,
  log: Log,
): GraphQLFormattedError[] {
  logFaults({ errors, contextValue: contextValue as GraphQLContext }, log);
  return errors.map((error) => {
    const { extensions, ...shown } = formatError(error.toJSON(), error);
    const isFault = extensions?.code === 'INTERNAL_SERVER_ERROR';
    return { ...shown, extensions: { ...extensions, ...(isFault && { requestId: contextValue.request.id }) } };
  });
}

/**
 * Whether the answer comes as `application/json`, where 200 says only that it is GraphQL's; the newer media type has the
 * status of what went wrong (GraphQL over HTTP, section 6.4).
 */
function isOlderMediaType(http: HTTPGraphQLRequest | undefined): boolean {
  return !http?.headers.get('accept')?.includes('application/graphql-response+json');
}

function isFault(error: GraphQLError): boolean {
  if (causeOf(error) instanceof DomainError) return false;
  return !protocolCodes.has(String(error.extensions?.code));
}

/** A fault before GraphQL has begun: logged, and told with the request's id like any other. */
export function faultyRequest(error: unknown, requestId: string, log: Log): GraphQLError {
  log.error({ err: error, requestId }, 'request failed');
  return refusedRequest(unavailable(error) ?? new DomainError('INTERNAL_SERVER_ERROR', faultMessage, { requestId }));
}

const statuses: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  RATE_LIMITED: 429,
  INTERNAL_SERVER_ERROR: 500,
  SERVICE_UNAVAILABLE: 503,
};

/** The HTTP status of a refusal that is the whole answer. */
export function statusOf({ code }: DomainError): number {
  return statuses[code] ?? 400;
}

/** A refusal before anything has run, with the HTTP status and headers that go with it. */
export function refusedRequest(error: DomainError): GraphQLError {
  const { retryAfter } = error.facts;
  const headers = new HeaderMap(retryAfter === undefined ? [] : [['retry-after', String(retryAfter)]]);
  return new GraphQLError(error.message, {
    originalError: error,
    extensions: { code: error.code, ...error.facts, http: { status: statusOf(error), headers } },
  });
}
