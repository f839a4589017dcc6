import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemRoles } from '../../src/auth/permissions.js';
import { send } from '../support/client.js';
import { graphql } from '../support/generated/index.js';
import {
  failToStart,
  isPostgresRunning,
  newDataDir,
  removeDataDir,
  type StartedGateway,
  startTenantry,
} from './started-gateway.js';

const LogIn = graphql(`
  mutation DemoLogIn($email: String!, $password: String!) {
    login(input: { email: $email, password: $password }) { session { accessToken } }
  }
`);

const Demo = graphql(`
  query DemoOrganization {
    organizations { nodes { name isPersonal viewerRole { key } } }
    organizationBySlug(slug: "northwind") {
      members(first: 100) { nodes { joinedAt user { fullName } role { key } } }
      teams { nodes { memberCount members { edges { role node { role { key } } } } } }
      workspaces { totalCount }
      invitations(filter: { status: PENDING }) { nodes { email teams { name } } }
    }
  }
`);

const dataDir = newDataDir();
const otherDataDir = newDataDir();
let gateway: StartedGateway;

beforeAll(async () => {
  gateway = await startTenantry({ dataDir });
});

afterAll(async () => {
  await gateway?.stop();
  removeDataDir(dataDir);
  removeDataDir(otherDataDir);
});

it('the printed log-in works, and shows an organization with every role', async () => {
  const [, email, password] = /^Demo log-in: (\S+) with the password (\S+)$/m.exec(gateway.output())!;
  const signedIn = await send(gateway.url, LogIn, { email: email!, password: password! });
  expect(signedIn.errors).toBeUndefined();
  const authorization = `Bearer ${signedIn.data.login.session.accessToken}`;
  const { data, errors } = await send(gateway.url, Demo, {}, { authorization });
  expect(errors).toBeUndefined();

  expect(data.organizations.nodes.map(({ isPersonal, viewerRole }) => [isPersonal, viewerRole?.key])).toEqual([
    [true, 'administrator'],
    [false, 'member'],
    [false, 'administrator'],
  ]);
  const { members, teams, workspaces, invitations } = data.organizationBySlug;
  expect(members.nodes).toHaveLength(24);
  expect(new Set(members.nodes.map(({ role }) => role.key))).toEqual(new Set(systemRoles.map(({ key }) => key)));
  expect(workspaces.totalCount).toBe(3);
  expect(invitations.nodes).toHaveLength(2);
  for (const { teams } of invitations.nodes) expect(teams).not.toEqual([]);

  expect(teams.nodes).toHaveLength(3);
  const managers = teams.nodes.flatMap(({ members }) => members.edges.filter(({ role }) => role === 'MANAGER'));
  expect(managers.map(({ node }) => node.role.key)).toEqual(['team_manager', 'team_manager']);

  const days = members.nodes.map(({ joinedAt }) => Math.floor((Date.now() - Date.parse(joinedAt)) / 86_400_000));
  expect(Math.max(...days)).toBe(90);
  expect(Math.min(...days)).toBe(5);
  expect(new Set(days).size).toBe(24);
});

it('the printed command works as it is pasted', () => {
  const [, command] = /^Try: (curl .+)$/m.exec(gateway.output())!;
  const answer = JSON.parse(execFileSync('sh', ['-c', command!], { encoding: 'utf8' })) as {
    data: { login: { user: { fullName: string }; session: { accessToken: string } } };
  };
  expect(answer.data.login.user.fullName).toBe('Ada Lindqvist');
  expect(answer.data.login.session.accessToken).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
});

it('a second gateway on the same data directory says so and leaves the first one alone', async () => {
  const { code, output } = await failToStart({ dataDir });
  expect(code).toBe(1);
  expect(output).toContain(dataDir);
  expect(output).not.toMatch(/^\s+at /m);
  expect(isPostgresRunning(dataDir, gateway.postgres)).toBe(true);
  expect(await isAnswering()).toBe(true);
});

it('a gateway whose port is taken says so and takes its PostgreSQL with it', async () => {
  const { port } = new URL(gateway.url);
  const { code, output } = await failToStart({ dataDir: otherDataDir, env: { PORT: port } });
  expect(code).toBe(1);
  expect(output).toContain(`Port ${port} on 127.0.0.1 is in use.`);
  expect(output).not.toMatch(/^\s+at /m);
  expect(output).not.toContain('Tenantry is ready');
  expect(isPostgresRunning(otherDataDir)).toBe(false);
  expect(await isAnswering()).toBe(true);
});

it('a second start does not bring the demo back to what it was', async () => {
  const change = `mutation { updateMe(input: { fullName: "Ada Changed" }) { user { fullName } } }`;
  const { session } = (await send(gateway.url, LogIn, { email: 'ada@example.com', password: 'demo-password' })).data
    .login;
  await send(gateway.url, change, {}, { authorization: `Bearer ${session.accessToken}` });
  expect(await gateway.stop()).toBe(0);
  expect(isPostgresRunning(dataDir, gateway.postgres)).toBe(false);

  gateway = await startTenantry({ dataDir });
  const again = await send<{ me: { fullName: string } }, object>(
    gateway.url,
    '{ me { fullName } }',
    {},
    { authorization: `Bearer ${session.accessToken}` },
  );
  expect(again.data.me.fullName).toBe('Ada Changed');
});

async function isAnswering(): Promise<boolean> {
  const { data } = await send<{ __typename: string }, object>(gateway.url, '{ __typename }');
  return data.__typename === 'Query';
}
