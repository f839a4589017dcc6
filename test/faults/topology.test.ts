import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { until } from '../../scripts/topology/processes.mjs';
import { codeOf } from '../support/client.js';
import { found, password, register } from './people.js';
import { ask, askWell, bearing } from './requests.js';
import { figure, useTopology } from './use-topology.js';

// HAProxy, two replicas, PgBouncer in transaction mode, PostgreSQL and a streaming standby of it.

const topology = useTopology({});
const me = { query: '{ me { id fullName } }' };

describe('two replicas behind one address', () => {
  it('do the main job between them without a fault', async () => {
    const { url, mailFolder } = topology();
    const founder = await register(url);
    const { organizationId } = await found(url, founder);
    const email = `${randomUUID()}@example.com`;
    await askWell(
      url,
      {
        query: 'mutation Invite($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { status } } }',
        variables: { input: { organizationId, email, role: 'member' } },
      },
      bearing(founder.accessToken),
    );
    const token = await invitationTo(email, mailFolder);
    const colleague = await register(url, email);
    const { acceptInvitation } = await askWell(
      url,
      {
        query: 'mutation Accept($token: String!) { acceptInvitation(input: { token: $token }) { member { id } } }',
        variables: { token },
      },
      bearing(colleague.accessToken),
    );
    await askWell(
      url,
      {
        query: `mutation Promote($input: UpdateMemberRoleInput!) {
          updateMemberRole(input: $input) { member { role { key } } }
        }`,
        variables: { input: { organizationId, memberId: acceptInvitation.member.id, role: 'developer' } },
      },
      bearing(founder.accessToken),
    );
    const { organization } = await askWell(
      url,
      {
        query: `query Members($id: ID!) {
          organization(id: $id) { members(first: 10) { totalCount nodes { role { key } } } }
        }`,
        variables: { id: organizationId },
      },
      bearing(colleague.accessToken),
    );
    expect(organization.members.totalCount).toBe(2);
    expect(organization.members.nodes.map(({ role }: { role: { key: string } }) => role.key).sort()).toEqual([
      'administrator',
      'developer',
    ]);
  });

  it('take turns', async () => {
    const { url, gateways, balancer } = topology();
    const { accessToken } = await register(url);
    let faults = 0;
    for (let count = 0; count < 500; count += 1) {
      const { status, errors } = await ask(url, me, bearing(accessToken));
      if (status !== 200 || errors) faults += 1;
    }
    const lines = (await (await fetch(`${balancer!.statusUrl}/;csv`)).text()).split('\n');
    const names = lines[0]!.split(',');
    const served = gateways.map(({ name }) => {
      const values = lines.find((line) => line.startsWith(`gateways,${name},`))!.split(',');
      return Number(values[names.indexOf('stot')]);
    });
    figure(
      `500 requests through HAProxy and PgBouncer: ${faults} faults; sessions of the replicas: ${served.join(' and ')}`,
    );
    expect(faults).toBe(0);
    expect(Math.min(...served)).toBeGreaterThan(200);
  });

  it('know each other’s sessions, and their ends', async () => {
    const [one, other] = topology().gateways;
    const { accessToken } = await register(one!.url);
    const { me: seen } = await askWell(other!.url, me, bearing(accessToken));
    expect(seen.fullName).toBe('Somebody');

    await askWell(other!.url, { query: 'mutation { logout(input: {}) { __typename } }' }, bearing(accessToken));
    for (const { url } of [one!, other!]) {
      expect(codeOf(await ask(url, me, bearing(accessToken)))).toBe('UNAUTHENTICATED');
    }
  });

  it('count wrong passwords together', async () => {
    const { gateways } = topology();
    const { email } = await register(gateways[0]!.url);
    const logIn = (round: number, tried: string) =>
      ask(gateways[round % 2]!.url, {
        query: 'mutation LogIn($input: LoginInput!) { login(input: $input) { user { id } } }',
        variables: { input: { email, password: tried } },
      });
    for (let round = 0; round < 10; round += 1)
      expect(codeOf(await logIn(round, 'a wrong passphrase'))).toBe('UNAUTHENTICATED');
    for (const round of [0, 1]) expect(codeOf(await logIn(round, password))).toBe('RATE_LIMITED');
  });
});

describe('a streaming standby', () => {
  it('answers for statistics, and is done without while it is away', async () => {
    const { url, standby } = topology();
    const founder = await register(url);
    const { organizationId } = await found(url, founder);
    const entry = { startedAt: new Date(Date.now() - 3_600_000), activeSeconds: 1500, idempotencyId: randomUUID() };
    await askWell(
      url,
      {
        query: 'mutation Record($input: RecordActivityInput!) { recordActivity(input: $input) { accepted } }',
        variables: { input: { organizationId, entries: [entry] } },
      },
      bearing(founder.accessToken),
    );
    const total = async () => {
      const { organization } = await askWell(
        url,
        {
          query: `query Pulse($id: ID!) {
            organization(id: $id) { engagement { pulse { summary { totalActiveSeconds } } } }
          }`,
          variables: { id: organizationId },
        },
        bearing(founder.accessToken),
      );
      return organization.engagement.pulse.summary.totalActiveSeconds;
    };
    const recordedAt = performance.now();
    await until('the standby has it', async () => (await total()) === 1500);
    figure(`statistics tell of an activity ${Math.round(performance.now() - recordedAt)} ms after it was recorded`);
    expect(await readers(standby!)).toBeGreaterThan(0);

    await standby!.stop('SIGQUIT');
    expect(await total()).toBe(1500);
    await standby!.start();
    expect(await total()).toBe(1500);
  });

  async function readers(server: { query<Row>(text: string): Promise<Row[]> }): Promise<number> {
    const [found] = await server.query<{ count: number }>(
      "SELECT count(*)::int AS count FROM pg_stat_activity WHERE usename = 'gateway'",
    );
    return found!.count;
  }
});

/** The secret in the mail to this address, once a worker has delivered it. */
async function invitationTo(address: string, folder: string): Promise<string> {
  let token: string | undefined;
  await until('the invitation has arrived', () => {
    for (const file of readdirSync(folder, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.json'))) {
      const { to, text } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { to: string; text: string };
      if (to === address) token = /\/invitations\/(\S+)/.exec(text)?.[1];
    }
    return token !== undefined;
  });
  return token!;
}
