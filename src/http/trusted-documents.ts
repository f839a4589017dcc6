import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { FastifyRequest } from 'fastify';
import { GraphQLError, type GraphQLSchema, Kind, parse, validate } from 'graphql';
import { assertWithinLimits } from '../graphql/document-limits.js';
import { type Config, ConfigurationError } from '../platform/config.js';
import { DomainError } from '../platform/errors.js';

/** What a request says of its document: its text, its hash, or both. */
export interface AskedDocument {
  query?: unknown;
  /** `sha256:` and the hash (GraphQL over HTTP, appendix A), or the hash alone. */
  documentId?: unknown;
  /** What Apollo's clients send: `persistedQuery.sha256Hash`. */
  extensions?: unknown;
}

/** Finds the text of the document that a request means. */
export interface Documents {
  /**
   * @returns an empty text where there is none, or where a hash is for Apollo Server to know, which clients register there.
   * @throws {GraphQLError} for a hash that is not known, or one that comes with the text of something else.
   * @throws {DomainError} FORBIDDEN for what is not trusted, if nothing else is accepted.
   */
  textOf(request: AskedDocument): string;
}

const hashPattern = /^[0-9a-f]{64}$/;

/**
 * Documents that were made known before anybody sends them, by the SHA-256 of their text.
 *
 * @throws {ConfigurationError} if the file cannot be read, or a document in it could never be run.
 */
export async function openDocuments(config: Config['trustedDocuments'], schema: GraphQLSchema): Promise<Documents> {
  const trusted = config ? await readManifest(config.file, schema) : new Map<string, string>();
  const texts = new Set(trusted.values());
  const only = config?.only ?? false;
  return {
    textOf({ query, documentId, extensions }) {
      const sent = typeof query === 'string' ? query : '';
      const hasId = documentId !== undefined && documentId !== null;
      const hash = hasId ? hashIn(documentId) : apolloHashIn(extensions);
      const known = hash === undefined ? undefined : trusted.get(hash);
      if (known !== undefined) {
        if (sent === '' || sent === known) return known;
        throw refusal(400, 'BAD_REQUEST', 'The request names one document, and has the text of another.');
      }
      if (hasId || (only && hash !== undefined && sent === '')) {
        throw refusal(404, 'PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
      }
      if (only && sent !== '' && !texts.has(sent)) {
        throw new DomainError('FORBIDDEN', 'Only trusted documents are accepted here.');
      }
      return sent;
    },
  };
}

/** Where a request says which document it means: in the body, or in the address. */
export function askedDocument({ method, query, body }: FastifyRequest): AskedDocument {
  const asked = ((method === 'GET' ? query : body) ?? {}) as AskedDocument;
  return typeof asked.extensions === 'string' ? { ...asked, extensions: toJson(asked.extensions) } : asked;
}

function hashIn(documentId: unknown): string {
  const hash = typeof documentId === 'string' ? documentId.replace(/^sha256:/, '') : '';
  if (hashPattern.test(hash)) return hash;
  throw refusal(400, 'BAD_REQUEST', 'documentId has to be sha256: and 64 hexadecimal digits in lower case.');
}

function apolloHashIn(extensions: unknown): string | undefined {
  const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: { sha256Hash?: unknown } | null };
  const hash = persistedQuery?.sha256Hash;
  return typeof hash === 'string' ? hash : undefined;
}

function refusal(status: number, code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status } } });
}

async function readManifest(file: string, schema: GraphQLSchema): Promise<ReadonlyMap<string, string>> {
  const entries = Object.entries(await readObject(file));
  const problems = entries.flatMap(([id, text]) => problemsOf(id, text, schema));
  if (problems.length > 0) throw wrong(...problems);
  return new Map(entries.map(([id, text]) => [id.replace(/^sha256:/, ''), text as string]));
}

async function readObject(file: string): Promise<object> {
  const text = await readFile(file, 'utf8').catch(({ code }: NodeJS.ErrnoException) => {
    throw wrong(`the file cannot be read (${code})`);
  });
  const manifest = toJson(text);
  if (typeof manifest === 'object' && manifest !== null && !Array.isArray(manifest)) return manifest;
  throw wrong('the file has to hold a JSON object of documents by the SHA-256 of their text');
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Why a document could never be asked for by this id. */
function problemsOf(id: string, text: unknown, schema: GraphQLSchema): string[] {
  if (typeof text !== 'string') return [`${id} is not a text`];
  const hash = createHash('sha256').update(text).digest('hex');
  if (id !== hash && id !== `sha256:${hash}`) return [`${id} is not the SHA-256 of its text`];
  try {
    assertWithinLimits(text);
    const document = parse(text);
    const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    const name = operation?.kind === Kind.OPERATION_DEFINITION && operation.name ? ` (${operation.name.value})` : '';
    return validate(schema, document).map(({ message }) => `${id}${name}: ${message}`);
  } catch (error) {
    return [`${id}: ${(error as Error).message}`];
  }
}

function wrong(...problems: string[]): ConfigurationError {
  return new ConfigurationError(problems.map((problem) => `TENANTRY_TRUSTED_DOCUMENTS: ${problem}`));
}
