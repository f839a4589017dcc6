import { afterEach, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../../../src/gateway.js';
import { type Config, ConfigurationError, readConfig } from '../../../src/platform/config.js';
import { createLog } from '../../../src/platform/log.js';
import { codeOf, send } from '../../support/client.js';
import { testConfig } from '../../support/gateway.js';
import { createDatabase } from '../../support/own-gateway.js';
import { aPerson, type Person } from '../../support/world.js';

const endings: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A database of the test's own, on which gateways are started and stopped. */
async function aDatabase() {
  const { url, drop } = await createDatabase();
  endings.push(drop);
  return async (superAdmin: Config['superAdmin'], work: (gateway: Gateway) => Promise<void>) => {
    const config = testConfig({ databaseUrl: url, databaseDirectUrl: url, superAdmin });
    const gateway = await startGateway(config, createLog('silent'));
    await work(gateway).finally(() => gateway.stop());
  };
}

const root = { email: 'root@example.com', password: 'a long password' };
const other = { email: 'other@example.com', password: 'another password' };

const Login = `mutation ($input: LoginInput!) {
  login(input: $input) { session { accessToken } user { id email isSuperAdmin } }
}`;

interface LoggedIn {
  login: { session: { accessToken: string }; user: { id: string; email: string; isSuperAdmin: boolean } };
}

const login = ({ url }: Gateway, account: typeof root) => send<LoggedIn, object>(url, Login, { input: account });

const superAdminsOf = async ({ services }: Gateway) =>
  (await services.db.prisma.user.findMany({ where: { isSuperAdmin: true } })).map(({ email }) => email);

const setSuperAdmin = (actor: Pick<Person, 'send'>, userId: string, isSuperAdmin: boolean) =>
  actor.send(`mutation ($input: SetSuperAdminInput!) { setSuperAdmin(input: $input) { user { id } } }`, {
    input: { userId, isSuperAdmin },
  });

describe('the super admin whom the configuration names', () => {
  it('gets an account at the first start, and may do what super admins do', async () => {
    const onDatabase = await aDatabase();
    await onDatabase(root, async (gateway) => {
      const { data, errors } = await login(gateway, root);
      expect(errors).toBeUndefined();
      expect(data.login.user).toMatchObject({ email: root.email, isSuperAdmin: true });
      const headers = { authorization: `Bearer ${data.login.session.accessToken}` };
      const all = await send(gateway.url, '{ allOrganizations { nodes { isPersonal } } }', {}, headers);
      expect(all.data).toEqual({ allOrganizations: { nodes: [{ isPersonal: true }] } });
      expect(codeOf(await login(gateway, { ...root, password: 'not the password' }))).toBe('UNAUTHENTICATED');
    });
  });

  it('is made once: later starts change neither accounts nor passwords', async () => {
    const onDatabase = await aDatabase();
    await onDatabase(root, async () => {});
    for (const superAdmin of [root, { ...root, password: 'a new password' }, other, undefined]) {
      await onDatabase(superAdmin, async (gateway) => {
        expect(await superAdminsOf(gateway)).toEqual([root.email]);
        expect(await gateway.services.db.prisma.user.count()).toBe(1);
        expect(codeOf(await login(gateway, root))).toBeUndefined();
        expect(codeOf(await login(gateway, { ...root, password: 'a new password' }))).toBe('UNAUTHENTICATED');
      });
    }
  });

  it('is not whoever has registered the address before, with another password', async () => {
    const onDatabase = await aDatabase();
    await onDatabase(undefined, async ({ url }) => {
      const input = { ...root, password: 'a squatted account', fullName: 'Somebody Else' };
      await send(url, 'mutation ($input: RegisterInput!) { register(input: $input) { user { id } } }', { input });
    });
    const start = onDatabase(root, async () => {});
    await expect(start).rejects.toThrow(ConfigurationError);
    await expect(start).rejects.toThrow('TENANTRY_SUPER_ADMIN_EMAIL');
    await onDatabase(undefined, async (gateway) => expect(await superAdminsOf(gateway)).toEqual([]));
  });

  it('stays an ordinary user once another super admin has said so', async () => {
    const onDatabase = await aDatabase();
    await onDatabase(root, async (gateway) => {
      const second = await aPerson(gateway, { isSuperAdmin: true });
      const { user } = (await login(gateway, root)).data.login;
      expect(codeOf(await setSuperAdmin(second, user.id, false))).toBeUndefined();
    });
    await onDatabase(root, async (gateway) => {
      expect(await superAdminsOf(gateway)).not.toContain(root.email);
      expect((await login(gateway, root)).data.login.user.isSuperAdmin).toBe(false);
    });
  });

  it('is there once, however many gateways start at the same time', async () => {
    const onDatabase = await aDatabase();
    const together = [0, 1, 2].map(() =>
      onDatabase(root, async (gateway) => {
        expect(await superAdminsOf(gateway)).toEqual([root.email]);
      }),
    );
    await Promise.all(together);
  });

  it('is made of two variables that go together', () => {
    const [email, password] = ['root@example.com', 'a long password'];
    expect(readConfig({}).superAdmin).toBeUndefined();
    const both = { TENANTRY_SUPER_ADMIN_EMAIL: email, TENANTRY_SUPER_ADMIN_PASSWORD: password };
    expect(readConfig(both).superAdmin).toEqual({ email, password });
    for (const wrong of [
      { TENANTRY_SUPER_ADMIN_EMAIL: email },
      { TENANTRY_SUPER_ADMIN_PASSWORD: password },
      { ...both, TENANTRY_SUPER_ADMIN_EMAIL: 'root' },
      { ...both, TENANTRY_SUPER_ADMIN_PASSWORD: 'short' },
      { ...both, TENANTRY_SUPER_ADMIN_PASSWORD: 'x'.repeat(129) },
    ]) {
      expect(() => readConfig(wrong)).toThrow(ConfigurationError);
      expect(() => readConfig(wrong)).not.toThrow(password);
    }
  });
});

describe('the last super admin', () => {
  it('stays one, also beside super admins who may not sign in', async () => {
    const onDatabase = await aDatabase();
    await onDatabase(undefined, async (gateway) => {
      const last = await aPerson(gateway, { isSuperAdmin: true });
      await aPerson(gateway, { isSuperAdmin: true, status: 'SUSPENDED' });
      const answer = await setSuperAdmin(last, last.user.id, false);
      expect(codeOf(answer)).toBe('CONFLICT');
      expect(answer.errors![0]!.extensions.reason).toBe('LAST_SUPER_ADMIN');
      expect(codeOf(await last.send('{ allOrganizations { totalCount } }'))).toBeUndefined();
    });
  });

  it('may go once there is another one', async () => {
    const onDatabase = await aDatabase();
    await onDatabase(undefined, async (gateway) => {
      const [first, second] = [
        await aPerson(gateway, { isSuperAdmin: true }),
        await aPerson(gateway, { isSuperAdmin: true }),
      ];
      expect(codeOf(await setSuperAdmin(first, first.user.id, false))).toBeUndefined();
      expect(await superAdminsOf(gateway)).toEqual([second.user.email]);
      expect(codeOf(await setSuperAdmin(second, second.user.id, false))).toBe('CONFLICT');
    });
  });
});
