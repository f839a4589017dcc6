import pg from 'pg';
import { describe, expect, it, vi } from 'vitest';
import { standingsWith } from '../../src/auth/standing-sql.js';
import { aKey, type Key } from '../modules/api-key/keys.js';
import { codeOf, send } from '../support/client.js';
import { useOwnGateway } from '../support/own-gateway.js';
import { countingStatements, isStanding } from '../support/statements.js';
import { aPerson, aWorld, type Person, sessionIdOf, type World, write } from '../support/world.js';

const gateway = useOwnGateway();

const whoAmI = '{ me { id } currentOrganization { id members { totalCount } } }';

type Answered = { me: { id: string }; currentOrganization: { id: string } };

const inside = ({ organization }: World) => ({ 'x-organization-id': organization.id });

/** The statements that find out who a caller is. */
const standings = (statements: string[]) => statements.filter(isStanding);

/** Holds the statements that find out who callers are back, until all that is asked at once has been asked. */
async function whileDatabaseIsBusy<Result>(work: () => Promise<Result>): Promise<Result> {
  const { query } = pg.Client.prototype;
  const free = new Promise((resolve) => setTimeout(resolve, 500));
  pg.Client.prototype.query = function held(this: pg.Client, ...args: unknown[]) {
    const go = () => (query as (...rest: unknown[]) => unknown).apply(this, args);
    const { text } = args[0] as { text?: string };
    return standings([text ?? '']).length > 0 ? free.then(go) : go();
  } as typeof query;
  try {
    return await work();
  } finally {
    pg.Client.prototype.query = query;
  }
}

const past = () => new Date(Date.now() - 1000);

/** Uses a key, and waits until that is noted; for the next minute its uses are not written. */
async function used(key: Key): Promise<Key> {
  await key.send('{ me { id } }');
  await vi.waitFor(
    async () => {
      const { lastUsedAt } = await gateway().services.db.prisma.apiKey.findFirstOrThrow({ where: { id: key.id } });
      if (!lastUsedAt) throw new Error('The use has not been noted yet.');
    },
    { timeout: 10_000, interval: 20 },
  );
  return key;
}

describe('verifying a caller takes one statement', () => {
  it('for a session, which is all there is of a request that asks for nothing more', async () => {
    const person = await aPerson(gateway());
    const { result, statements } = await countingStatements(() => person.send('{ me { id email fullName } }'));
    expect(result.errors).toBeUndefined();
    expect(statements).toEqual([standingsWith('user').session.text]);
  });

  it('for an API key, which is all there is of a request that asks for nothing more', async () => {
    const world = await aWorld(gateway());
    const key = await used(await aKey(gateway(), world, world.admin));
    const { result, statements } = await countingStatements(() => key.send('{ me { id email fullName } }'));
    expect(result.errors).toBeUndefined();
    expect(statements).toEqual([standingsWith('user').apiKey.text]);
  });

  it('together with the organization, the role and the permissions there', async () => {
    const world = await aWorld(gateway());
    const key = await used(await aKey(gateway(), world, world.admin));
    const document = '{ me { id } currentOrganization { id name } myPermissions { granted role { key } } }';
    for (const caller of [key, world.admin]) {
      const { result, statements } = await countingStatements(() => caller.send(document, {}, inside(world)));
      expect(result.errors).toBeUndefined();
      expect(statements).toHaveLength(1);
      expect(standings(statements)).toHaveLength(1);
    }
  });

  it('also where fields answer with what decisions do not look at', async () => {
    const world = await aWorld(gateway());
    const { id } = world.organization;
    const documents = [
      '{ me { timezone createdAt } }',
      `{ organization(id: "${id}") { slug description createdAt memberCount viewerRole { name description } } }`,
      `{ me { createdAt } ...Place } fragment Place on Query { currentOrganization { slug viewerRole { description } } }`,
      '{ myPermissions { organization { slug } role { description } } }',
    ];
    for (const document of documents) {
      const { result, statements } = await countingStatements(() => world.admin.send(document, {}, inside(world)));
      expect(result.errors).toBeUndefined();
      expect([document, statements.length, standings(statements).length]).toEqual([document, 1, 1]);
    }
  });

  it('for an API key that names its organization in twenty places', async () => {
    const world = await aWorld(gateway());
    const key = await used(await aKey(gateway(), world, world.admin));
    const { id } = world.organization;
    const fields = Array.from({ length: 20 }, (_, index) => `f${index}: organization(id: "${id}") { id name }`);
    const { result, statements } = await countingStatements(() => key.send(`{ me { id } ${fields.join(' ')} }`));
    expect(result.errors).toBeUndefined();
    expect(statements).toEqual([standingsWith('user', 'organization').apiKey.text]);
  });

  it('for a credential that is no longer good, and none for one that cannot be', async () => {
    const world = await aWorld(gateway());
    const expired = await aKey(gateway(), world, world.admin, { expiresAt: past() });
    const person = await aPerson(gateway());
    await write(gateway(), (set) => set.update('sessions', { id: sessionIdOf(person), revokedAt: past() }));
    for (const ended of [expired, person]) {
      const { result, statements } = await countingStatements(() => ended.send(whoAmI));
      expect([result.status, codeOf(result)]).toEqual([401, 'UNAUTHENTICATED']);
      expect(statements).toHaveLength(1);
    }
    const forged: Record<string, string>[] = [
      { 'x-api-key': 'tnt_x' },
      { authorization: `Bearer ${person.accessToken}x` },
      { authorization: `Bearer ${person.accessToken}`, 'x-api-key': 'tnt_x' },
    ];
    for (const headers of forged) {
      const { result, statements } = await countingStatements(() => send(gateway().url, whoAmI, {}, headers));
      expect(result.status).toBe(401);
      expect(statements).toEqual([]);
    }
  });

  it('for a change that an API key makes', async () => {
    const world = await aWorld(gateway());
    const key = await used(await aKey(gateway(), world, world.admin));
    const { result, statements } = await countingStatements(() =>
      key.send('mutation { createTeam(input: { name: "Red" }) { team { name } } }'),
    );
    expect(result.errors).toBeUndefined();
    expect(standings(statements)).toHaveLength(1);
  });
});

describe('fifty callers at once', () => {
  /** Ten in each of five organizations: five with a session, five with a key; in the end one of each is no longer good. */
  async function aCrowd() {
    const worlds = await Promise.all(Array.from({ length: 5 }, () => aWorld(gateway())));
    const callers = await Promise.all(
      worlds.flatMap((world) =>
        Array.from({ length: 5 }, async () => {
          const [member, maker] = [await world.join('member'), await world.join('developer')];
          const key = await aKey(gateway(), world, maker);
          const right = (person: Person) => ({ me: person.user.id, organization: world.organization.id });
          return [
            {
              good: true,
              id: sessionIdOf(member),
              world,
              right: right(member),
              ask: () => member.send<Answered, object>(whoAmI, {}, inside(world)),
            },
            { good: true, id: key.id, world, right: right(maker), ask: () => key.send<Answered, object>(whoAmI) },
          ];
        }),
      ),
    );
    const crowd = callers.flat();
    const [revoked, expired] = [crowd[20]!, crowd[31]!];
    await write(gateway(), (set) => {
      set.update('sessions', { id: revoked.id, revokedAt: past() });
      set.update('api_keys', { organizationId: expired.world.organization.id, id: expired.id, expiresAt: past() });
    });
    revoked.good = false;
    expired.good = false;
    return crowd;
  }

  type Crowd = Awaited<ReturnType<typeof aCrowd>>;

  /** Lets all ask at the same moment, looks at the answers, and counts what it took to verify the callers. */
  async function askAll(crowd: Crowd): Promise<number> {
    const { result, statements } = await countingStatements(() => Promise.all(crowd.map(({ ask }) => ask())));
    for (const [index, { status, data, errors }] of result.entries()) {
      const { good, right } = crowd[index]!;
      const code = errors?.[0]?.extensions.code;
      if (!good) expect([status, code, data]).toEqual([401, 'UNAUTHENTICATED', null]);
      else expect([code, data.me.id, data.currentOrganization.id]).toEqual([undefined, right.me, right.organization]);
    }
    return standings(statements).length;
  }

  it('get each its own answer, with at most one statement each', async () => {
    const crowd = await aCrowd();
    expect(crowd).toHaveLength(50);
    for (let round = 0; round < 3; round += 1) expect(await askAll(crowd)).toBeLessThanOrEqual(50);
  });

  it('share statements while the database is busy, and still get each its own answer', async () => {
    const crowd = await aCrowd();
    const statements = await whileDatabaseIsBusy(() => askAll(crowd));
    expect(statements).toBeGreaterThan(0);
    expect(statements).toBeLessThanOrEqual(20);
  });

  it('share statements also with one and the same credential', async () => {
    const world = await aWorld(gateway());
    const key = await aKey(gateway(), world, world.admin);
    const { result, statements } = await countingStatements(() =>
      whileDatabaseIsBusy(() => Promise.all(Array.from({ length: 50 }, () => key.send<Answered, object>(whoAmI)))),
    );
    for (const { data } of result) expect(data.me.id).toBe(world.admin.user.id);
    expect(standings(statements).length).toBeLessThanOrEqual(20);
  });
});

describe('nothing of a caller is remembered between two requests', () => {
  const expectEnded = async (caller: Pick<Person, 'send'>) => {
    const { status, errors } = await caller.send(whoAmI);
    expect([status, errors?.[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
  };

  it('so what is revoked in the database is refused the next time', async () => {
    const world = await aWorld(gateway());
    const { organization, admin } = world;
    const [deleted, expired] = [await aKey(gateway(), world, admin), await aKey(gateway(), world, admin)];
    const [revoked, suspended] = [await world.join('member'), await world.join('member')];
    const ofSuspended = await aKey(gateway(), world, suspended);
    const all = [deleted, expired, revoked, suspended, ofSuspended];
    for (const caller of all) expect(codeOf(await caller.send(whoAmI, {}, inside(world)))).toBeUndefined();
    const { db } = gateway().services;
    await db.run('DELETE FROM api_keys WHERE organization_id = $1 AND id = $2', [organization.id, deleted.id]);
    await expectEnded(deleted);
    await db.run('UPDATE api_keys SET expires_at = now() WHERE organization_id = $1 AND id = $2', [
      organization.id,
      expired.id,
    ]);
    await expectEnded(expired);
    await db.run('UPDATE sessions SET revoked_at = now() WHERE id = $1', [sessionIdOf(revoked)]);
    await expectEnded(revoked);
    await db.run(`UPDATE users SET status = 'SUSPENDED' WHERE id = $1`, [suspended.user.id]);
    await expectEnded(suspended);
    await expectEnded(ofSuspended);
  });

  it('so a role that is lowered in the database counts the next time', async () => {
    const world = await aWorld(gateway());
    const member = await world.join('member');
    const key = await aKey(gateway(), world, member);
    const document = '{ currentOrganization { members { totalCount } } }';
    for (const caller of [member, key]) expect(codeOf(await caller.send(document, {}, inside(world)))).toBeUndefined();
    await gateway().services.db.run('UPDATE members SET role_id = $3 WHERE organization_id = $1 AND id = $2', [
      world.organization.id,
      member.memberId,
      world.roles.viewer,
    ]);
    for (const caller of [member, key])
      expect(codeOf(await caller.send(document, {}, inside(world)))).toBe('FORBIDDEN');
  });
});
