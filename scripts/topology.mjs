// Starts many replicas on this machine, as deploy/compose.yaml does with containers: PostgreSQL with a streaming standby,
// PgBouncer, gateways and HAProxy. Prints where they are, and stops everything at Ctrl-C.
//
//   node scripts/topology.mjs [replicas]
//
// It needs haproxy and pgbouncer: apt-get install haproxy pgbouncer

import { once } from 'node:events';
import { buildIfNeeded } from './build.mjs';

await buildIfNeeded();
const { startTopology } = await import('./topology/start.mjs');

const signalled = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
const topology = await startTopology({ replicas: Number(process.argv[2] ?? 2), env: { LOG_LEVEL: 'info' } });
const { url, balancer, gateways, primary, standby, pooler, folder } = topology;
process.stdout.write(`Everything is behind ${url}/graphql (HAProxy; its status: ${balancer?.statusUrl})
${gateways.map((gateway) => `${gateway.name}: ${gateway.url} (pid ${gateway.pid()})`).join('\n')}
PostgreSQL: ${primary.gatewayUrl()}
through PgBouncer: ${primary.gatewayUrl('tenantry', pooler?.port)}
its standby: ${standby?.readUrl}
Logs and captured mail: ${folder}
Ctrl-C stops everything and clears it.
`);
await signalled;
await topology.stop();
