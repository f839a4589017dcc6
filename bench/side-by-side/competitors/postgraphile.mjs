// PostGraphile 5 over node:http, as its documentation has it for production: the amber preset, prepared statements (which it
// has by default), answers written to text directly, no GraphiQL, no websockets, no watching. It checks no rights.
//
//   NODE_ENV=production GRAPHILE_ENV=production node postgraphile.mjs <database url> <connections>

import { createServer } from 'node:http';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';

const [url, connections] = process.argv.slice(2);

const pgl = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [
    makePgService({
      connectionString: url,
      // The tables, and the function that changes a role.
      schemas: ['public', 'side_by_side'],
      poolConfig: { max: Number(connections), idleTimeoutMillis: 0 },
      pubsub: false,
    }),
  ],
  // Plain lists cost less than connections where nobody asks for a cursor.
  schema: { defaultBehavior: '+list +connection' },
  grafserv: { graphqlPath: '/graphql', graphiql: false, websockets: false, watch: false, outputDataAsString: true },
  grafast: { explain: false },
});

const server = createServer();
server.on('error', (error) => {
  throw error;
});
await pgl.createServ(grafserv).addTo(server);
await pgl.getSchema();
server.listen(0, '127.0.0.1', () => process.stdout.write(`ready http://127.0.0.1:${server.address().port}/graphql\n`));
