// A router in a process of its own, as one stands in front of subgraphs: it is sent a supergraph, tells the port on which it
// listens, and ends with whoever has started it. It hands on who calls.
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import http from '@graphql-mesh/transport-http';

process.once('disconnect', () => process.exit());

process.once('message', (supergraph) => {
  const runtime = createGatewayRuntime({
    supergraph,
    transports: { http },
    logging: false,
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) => ({ authorization: request.headers.get('authorization') }),
    },
  });
  const server = createServer(runtime);
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
});
