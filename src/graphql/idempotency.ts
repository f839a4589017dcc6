import {
  type GraphQLRequestContextResponseForOperation,
  type GraphQLRequestContextWillSendResponse,
  type GraphQLResponse,
  HeaderMap,
} from '@apollo/server';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLFormattedError,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { type Claim, claimKey, idempotencyKey } from '../auth/idempotency.js';
import { badInput, DomainError } from '../platform/errors.js';
import type { Log } from '../platform/log.js';
import type { GraphQLContext } from './context.js';
import { faultyRequest, formatError, refusedRequest } from './format-error.js';

/** An answer with one of these says that it can be tried again, so nothing may have been done. */
const triedAgain = new Set(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE', 'RATE_LIMITED', 'UNAUTHENTICATED']);

const statusOf: Readonly<Record<string, number>> = { IDEMPOTENCY_KEY_REUSED: 422, IDEMPOTENCY_KEY_IN_USE: 409 };

/** What is answered, as it can be repeated. */
interface Answer {
  status: number | undefined;
  result: { data?: unknown; errors?: readonly GraphQLFormattedError[] };
}

/**
 * Does a mutation with an Idempotency-Key header once, and answers its repetitions as the first: the claim of the key, all that
 * is done, and the answer are written by one transaction (draft-ietf-httpapi-idempotency-key-header).
 */
export class Idempotency {
  readonly #log: Log;
  readonly #claims = new WeakMap<GraphQLContext, Claim>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Claims the key of a mutation that has one; answers what was done before, and what cannot be done. */
  async begin(asked: GraphQLRequestContextResponseForOperation<GraphQLContext>): Promise<GraphQLResponse | null> {
    const { request, source, document, operation, contextValue } = asked;
    const header = request.http?.headers.get('idempotency-key');
    if (header === undefined || operation?.operation !== 'mutation') return null;
    try {
      const key = idempotencyKey(header);
      assertOneField(document, operation.selectionSet);
      const { operationName = null, variables = {} } = request;
      const found = await claimKey(contextValue, key, { document: source, operationName, variables });
      if ('answer' in found) return repeated(JSON.parse(found.answer));
      this.#claims.set(contextValue, found);
      Object.assign(contextValue, found.scope);
      return null;
    } catch (error) {
      return refused(error, contextValue, this.#log);
    }
  }

  /** Keeps the answer with all that was done, or nothing of both. Has to be the last that changes the answer. */
  async end({ response, contextValue }: GraphQLRequestContextWillSendResponse<GraphQLContext>): Promise<void> {
    const claim = this.#claims.get(contextValue);
    if (!claim) return;
    try {
      if (response.body.kind !== 'single') throw new Error('An answer in parts cannot be kept.');
      const { singleResult: result } = response.body;
      const fate = fateOf(result);
      if (fate === 'keep') await claim.keep(JSON.stringify({ status: response.http.status, result }));
      else if (fate === 'withdraw') await claim.withdraw();
      else if (result.data != null) result.data = null;
    } catch (error) {
      Object.assign(response, { body: failure(faultyRequest(error, contextValue.request.id, this.#log)) });
    } finally {
      await claim.undo();
    }
  }

  /** Undoes what was done, where no answer comes about. */
  async fail({ contextValue }: { contextValue: GraphQLContext }): Promise<void> {
    await this.#claims.get(contextValue)?.undo();
  }
}

/**
 * What becomes of all that was done. A credential that was refused at once may have been noted as such, and that stays;
 * anything else that can be tried again is undone.
 */
function fateOf({ errors = [] }: Answer['result']): 'keep' | 'withdraw' | 'undo' {
  const again = errors.filter(({ extensions }) => triedAgain.has(String(extensions?.code)));
  if (again.length === 0) return 'keep';
  const refused = again.every(({ extensions, path }) => extensions?.code === 'UNAUTHENTICATED' && path?.length === 1);
  return refused ? 'withdraw' : 'undo';
}

/** Only of one field it can be said whether it was done. */
function assertOneField(document: DocumentNode, selections: SelectionSetNode): void {
  if (rootFields(document, selections) === 1) return;
  throw badInput({ path: 'Idempotency-Key', message: 'goes with a document that has one root field' });
}

function rootFields(document: DocumentNode, { selections }: SelectionSetNode): number {
  let count = 0;
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) count += selection.name.value === '__typename' ? 0 : 1;
    else {
      const part = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragmentNamed(document, selection.name.value);
      count += part ? rootFields(document, part.selectionSet) : 0;
    }
  }
  return count;
}

function fragmentNamed({ definitions }: DocumentNode, name: string): FragmentDefinitionNode | undefined {
  return definitions.find(
    (definition): definition is FragmentDefinitionNode =>
      definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name,
  );
}

function repeated({ status, result }: Answer): GraphQLResponse {
  return {
    http: { status, headers: new HeaderMap([['idempotency-replayed', 'true']]) },
    body: { kind: 'single', singleResult: result as Record<string, never> },
  };
}

function refused(error: unknown, { request }: GraphQLContext, log: Log): GraphQLResponse {
  const shown = error instanceof DomainError ? refusedRequest(error) : faultyRequest(error, request.id, log);
  const { status } = shown.extensions.http as { status: number };
  const reason = error instanceof DomainError ? String(error.facts.reason) : '';
  return { http: { status: statusOf[reason] ?? status, headers: new HeaderMap() }, body: failure(shown) };
}

function failure(error: GraphQLError): GraphQLResponse['body'] {
  return { kind: 'single', singleResult: { errors: [formatError(error.toJSON(), error)] } };
}
