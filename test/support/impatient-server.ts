import { afterAll, beforeAll, inject } from 'vitest';
import type { Gateway } from '../../src/gateway.js';
import { Readiness } from '../../src/http/health.js';
import { type Patience, usualPatience } from '../../src/http/slow-clients.js';
import { openDocuments } from '../../src/http/trusted-documents.js';
import { createLog } from '../../src/platform/log.js';
import type { Metrics } from '../../src/platform/metrics.js';
import { openPulse } from '../../src/platform/pulse.js';
import { startTelemetry } from '../../src/platform/telemetry.js';
import { createSchema } from '../../src/schema.js';
import { createServer } from '../../src/server.js';
import { testConfig } from './gateway.js';

interface ImpatientServer {
  url: string;
  metrics: Metrics;
}

/** Another server on what a gateway is made of, which waits for clients as long as a test can. */
export function useImpatientServer(gateway: () => Gateway, patience: Partial<Patience>): () => ImpatientServer {
  let server: ImpatientServer | undefined;
  let close: () => Promise<unknown>;
  beforeAll(async () => {
    const log = createLog('silent');
    const pulse = openPulse(inject('databaseUrl'), log);
    const telemetry = await startTelemetry(testConfig(), log);
    const schema = createSchema();
    const documents = await openDocuments(undefined, schema);
    const readiness = new Readiness(pulse, log);
    const surroundings = { schema, documents, readiness, telemetry, patience: { ...usualPatience, ...patience } };
    const app = await createServer(gateway().services, testConfig(), log, surroundings);
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    server = { url, metrics: telemetry.metrics };
    close = () => Promise.all([app.close(), pulse.end()]);
  });
  afterAll(() => close());
  return () => server!;
}
