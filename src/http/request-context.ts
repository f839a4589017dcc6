import type { FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { authenticate } from '../auth/authenticate.js';
import type { Services } from '../auth/scope.js';
import type { GraphQLContext } from '../graphql/context.js';
import { assertWithinLimits } from '../graphql/document-limits.js';
import { faultyRequest, refusedRequest } from '../graphql/format-error.js';
import { badInput, DomainError } from '../platform/errors.js';
import { isId } from '../platform/id.js';
import type { Log } from '../platform/log.js';
import { Reads } from '../platform/reads.js';
import type { Budget } from './request-budget.js';
import { askedDocument, type Documents } from './trusted-documents.js';

/** One request's scope, and a note of who asks, or why nobody may. What is wrong with its document, its credential or its headers is refused before GraphQL begins. */
export async function contextOf(
  request: FastifyRequest,
  services: Services,
  { documents, budget }: { documents: Documents; budget: Budget },
  log: Log,
): Promise<GraphQLContext> {
  const { observed } = request;
  try {
    const document = documents.textOf(askedDocument(request));
    assertWithinLimits(document);
    const principal = await authenticate(request.headers, services);
    budget.callBy(principal);
    if (observed) observed.principal = principal;
    // The services come last: for an object that begins with a spread and goes on, V8 of Node.js 20 makes a hidden class of its own.
    return {
      principal,
      currentOrganizationId: organizationHeader(request.headers['x-organization-id']),
      request: { id: request.id, ip: request.ip, userAgent: request.headers['user-agent']?.slice(0, 500) ?? null },
      reads: new Reads(services.db.batcher),
      document,
      charge: budget.charge,
      observed,
      ...services,
    };
  } catch (error) {
    const refusal = refusalOf(error, request.id, log);
    if (observed) observed.codes = [String(refusal.extensions.code)];
    throw refusal;
  }
}

/** What is answered where something is refused, or fails, before GraphQL begins. */
export function refusalOf(error: unknown, requestId: string, log: Log): GraphQLError {
  if (error instanceof GraphQLError) return error;
  return error instanceof DomainError ? refusedRequest(error) : faultyRequest(error, requestId, log);
}

/** @throws {DomainError} BAD_USER_INPUT for what is no id. */
export function organizationHeader(value: string | string[] | undefined): string | null {
  if (value === undefined || value === '') return null;
  if (!isId(value)) throw badInput({ path: 'X-Organization-Id', message: 'is not a UUID' });
  return value.toLowerCase();
}
