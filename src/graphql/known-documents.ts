import { getOperationAST } from 'graphql';
import type { Log } from '../platform/log.js';
import type { GraphQLContext } from './context.js';
import type { DocumentStore } from './document-store.js';
import { isCredentialRefused } from './format-error.js';
import { noteAnswer, noteOperation, noteStart } from './observe.js';
import { answeredBy, type Operations } from './operations.js';
import type { Plan, Variables } from './plan.js';

/** What is answered over HTTP. */
export interface Answer {
  status: number;
  /** In JSON. */
  body: string;
}

/** Answers a request; null is for Apollo Server to answer. Until then nothing has been done, noted or paid for. */
export type AnswerKnown = (body: unknown, context: GraphQLContext) => Promise<Answer> | null;

/**
 * Answers requests whose document Apollo Server has parsed and found valid before, as it would, with the same operations and on the
 * same terms. It would only hash the text to find the document again, and take several turns for each plugin (ADR 0029).
 *
 * Whatever is not quite so goes through Apollo Server: documents that are new or none, what is to be refused, extensions,
 * subscriptions, questions about the schema.
 */
export function answeringKnown(
  { coerced, costRefusal, standings, planFor }: Operations,
  store: DocumentStore,
  log: Log,
): AnswerKnown {
  return (body, context) => {
    const document = store.withText(context.document);
    if (!document || !isPlain(body)) return null;
    const operation = getOperationAST(document, body.operationName);
    if (!operation) return null;
    const sent = body.variables ?? {};
    const { variables } = coerced(operation, document, sent);
    const plan = variables && planFor(operation, document, variables);
    if (!plan || costRefusal(operation, document, sent, context)) return null;
    noteStart(context);
    noteOperation(context, operation, document);
    context.variables = variables;
    context.standings = standings(operation, document);
    return answerOf(plan, variables, context, log);
  };
}

async function answerOf(plan: Plan, variables: Variables, context: GraphQLContext, log: Log): Promise<Answer> {
  const result = await answeredBy(plan, variables, context, log);
  noteAnswer(context, result.errors);
  const status = result.errors && isCredentialRefused(result.errors, context) ? 401 : 200;
  return { status, body: `${JSON.stringify(result)}\n` };
}

interface PlainBody {
  /** Anything; no operation is named by what is no text. */
  operationName?: string | null;
  variables?: Variables | null;
}

/** Whether it is a request of the usual kind. What is wrong with others, Apollo Server says. */
function isPlain(body: unknown): body is PlainBody {
  if (!isObject(body)) return false;
  const { query, variables, extensions } = body;
  const isText = query === undefined || typeof query === 'string';
  return isText && (variables == null || isObject(variables)) && extensions == null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
