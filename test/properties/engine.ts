import { execute, type GraphQLError, type GraphQLSchema, parse } from 'graphql';
import { afterAll, beforeAll } from 'vitest';
import { createAccessTokens } from '../../src/auth/access-token.js';
import { Catalogue } from '../../src/auth/permissions.js';
import { Plans } from '../../src/auth/plans.js';
import type { Scope, Services } from '../../src/auth/scope.js';
import { openSigningKeys } from '../../src/auth/signing-keys.js';
import { createThrottle } from '../../src/auth/throttle.js';
import { secretIn } from '../../src/platform/data-dir.js';
import { openDatabase } from '../../src/platform/database.js';
import { DomainError } from '../../src/platform/errors.js';
import { newId } from '../../src/platform/id.js';
import { createLog } from '../../src/platform/log.js';
import { openPulse } from '../../src/platform/pulse.js';
import { Reads } from '../../src/platform/reads.js';
import { createSeal } from '../../src/platform/secret.js';
import { prepareDatabase } from '../../src/prepare-database.js';
import { createSchema } from '../../src/schema.js';
import { testConfig } from '../support/gateway.js';
import { createDatabase } from '../support/own-gateway.js';
import { appPermission } from './authority.js';

export interface Caller {
  userId: string;
  sessionId: string;
}

export interface Outcome {
  requestId: string;
  /** Null if it was done. */
  code: string | null;
  facts: Readonly<Record<string, unknown>>;
  /** The secret of the invitation that it sent. */
  secret: string | undefined;
}

/** The whole gateway apart from HTTP and the worker: schema, rules and services on a database of their own. */
export interface Engine {
  services: Services;
  /** One mutation as one request. What is no refusal but a fault is thrown. */
  perform(caller: Caller, mutation: string, input: object): Promise<Outcome>;
}

export function useEngine(): () => Engine {
  let engine: Engine | undefined;
  let stop = async () => {};
  beforeAll(async () => {
    const log = createLog('silent');
    const database = await createDatabase();
    const { url } = database;
    const seal = createSeal(await secretIn(testConfig().dataDir));
    // The tables grow from nothing faster than their statistics, so plans made on the way would read them whole. What
    // waits for a lock keeps its connection, hence so many.
    const planned = new URL(url);
    planned.searchParams.set('options', '-c enable_seqscan=off -c plan_cache_mode=force_generic_plan');
    const db = openDatabase({ url: planned.toString(), poolSize: 24, log });
    const pulse = openPulse(url, log);
    stop = async () => {
      await pulse.end();
      await db.close();
      await database.drop();
    };
    await prepareDatabase({
      url,
      patienceMs: 5_000,
      services: { db, seal, plans: new Plans() },
      demo: false,
      superAdmin: undefined,
      log,
    });
    engine = createEngine(createSchema(), {
      db,
      pulse,
      signals: { tell() {}, watch: () => ({ next: async () => false, close() {} }), close: async () => {} },
      seal,
      accessTokens: createAccessTokens(await openSigningKeys(db, seal), 'tenantry'),
      throttle: createThrottle(db),
      externalTokens: null,
      plans: new Plans(),
      invitationDays: 7,
      issuer: 'tenantry',
      keyLeadSeconds: 300,
      organizationsPerUser: 100,
      admit: async () => {},
      catalogue: new Catalogue([{ permission: appPermission, description: 'Publish tours.' }]),
      appUrl: 'https://app.example.com',
    });
  });
  afterAll(() => stop());
  return () => engine!;
}

function createEngine(schema: GraphQLSchema, services: Services): Engine {
  const documents = new Map<string, ReturnType<typeof parse>>();
  const documentOf = (mutation: string) => {
    let document = documents.get(mutation);
    if (!document) {
      const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input!`;
      document = parse(`mutation ($input: ${type}) { ${mutation}(input: $input) { __typename } }`);
      documents.set(mutation, document);
    }
    return document;
  };
  return {
    services,
    async perform({ sessionId }, mutation, input) {
      const requestId = newId();
      let secret: string | undefined;
      // The secret of an invitation leaves the gateway in nothing but its mail, so it is caught on the way there.
      const close = (plain: string) => {
        secret = /\/invitations\/([\w-]{43})/.exec(plain)?.[1];
        return services.seal.close(plain);
      };
      const contextValue: Scope = {
        ...services,
        seal: { ...services.seal, close },
        principal: { kind: 'session', sessionId },
        currentOrganizationId: null,
        request: { id: requestId, ip: '127.0.0.1', userAgent: null },
        reads: new Reads(services.db.batcher),
      };
      const variableValues = { input };
      const { errors } = await execute({ schema, document: documentOf(mutation), variableValues, contextValue });
      const refusal = errors ? refusalOf(mutation, errors) : undefined;
      return { requestId, code: refusal?.code ?? null, facts: refusal?.facts ?? {}, secret };
    },
  };
}

function refusalOf(mutation: string, errors: readonly GraphQLError[]): DomainError {
  const [error] = errors;
  if (error?.originalError instanceof DomainError) return error.originalError;
  throw new Error(`${mutation} failed: ${error?.message}`, { cause: error?.originalError ?? error });
}
