import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { adapted } from './deployed.mjs';
import { freePort, untilListening } from './processes.mjs';
import { programAt } from './programs.mjs';

// What stands before the database and before the gateways, with the configuration that is deployed.

/** PgBouncer in transaction mode before a PostgreSQL. */
export async function startPooler(primary, { folder, processes, platform }) {
  const port = await freePort();
  const users = join(folder, 'pgbouncer-users.txt');
  const file = join(folder, 'pgbouncer.ini');
  await writeFile(users, `"gateway" "${primary.password}"\n`, { mode: 0o644 });
  await writeFile(
    file,
    adapted('pgbouncer.ini', {
      'host=postgres port=5432': `host=127.0.0.1 port=${primary.port}`,
      'listen_addr = 0.0.0.0': 'listen_addr = 127.0.0.1',
      'listen_port = 6432': `listen_port = ${port}`,
      '/etc/pgbouncer/users.txt': users,
    }),
    { mode: 0o644 },
  );
  const { commandAs } = await platform('postgres-account');
  // Like PostgreSQL it refuses to run as root.
  const pooler = processes.start('pgbouncer', commandAs(primary.cluster.account, programAt('pgbouncer'), [file]));
  await untilListening(pooler, port);
  return { port };
}

/** HAProxy before the gateways on these ports. */
export async function startBalancer(gateways, { folder, processes }) {
  const [port, statusPort] = [await freePort(), await freePort()];
  const file = join(folder, 'haproxy.cfg');
  const servers = gateways.map((gateway, index) => `server gateway-${index + 1} 127.0.0.1:${gateway}`);
  await writeFile(
    file,
    adapted('haproxy.cfg', {
      'bind :8080': `bind 127.0.0.1:${port}`,
      'bind :8404': `bind 127.0.0.1:${statusPort}`,
      'server gateway-1 gateway-1:4000\n  server gateway-2 gateway-2:4000': servers.join('\n  '),
    }),
  );
  const balancer = processes.start('haproxy', { file: programAt('haproxy'), args: ['-db', '-f', file] });
  await untilListening(balancer, port);
  const statusUrl = `http://127.0.0.1:${statusPort}`;
  return {
    url: `http://127.0.0.1:${port}`,
    statusUrl,
    /** Whether requests are sent to this gateway at present. */
    async sendsTo(gateway) {
      const lines = (await (await fetch(`${statusUrl}/;csv`)).text()).split('\n');
      return lines.some((line) => line.startsWith(`gateways,${gateway},`) && line.split(',').includes('UP'));
    },
  };
}
