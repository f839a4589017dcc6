import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { forgetAnswers } from '../../src/auth/idempotency.js';
import { useOwnGateway } from '../support/own-gateway.js';
import { aPerson, aWorld, type Person } from '../support/world.js';

const gateway = useOwnGateway();

interface Raw {
  status: number;
  text: string;
  headers: Headers;
  json: { data?: Record<string, unknown> | null; errors?: { message: string; extensions: Record<string, unknown> }[] };
}

type Sent = Record<string, string>;

async function post(query: string, headers: Sent = {}, variables: object = {}): Promise<Raw> {
  const response = await fetch(`${gateway().url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  return { status: response.status, text, headers: response.headers, json: JSON.parse(text) };
}

/** Ends the connection as soon as the request has gone out. */
async function sendAndLeave(body: string, headers: Sent): Promise<void> {
  const sent = request(`${gateway().url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
  });
  sent.on('error', () => {});
  sent.end(body, () => setTimeout(() => sent.destroy(), 5));
  await new Promise((resolve) => sent.once('close', resolve));
}

const as = ({ accessToken }: Pick<Person, 'accessToken'>, key?: string): Sent => ({
  authorization: `Bearer ${accessToken}`,
  ...(key !== undefined && { 'idempotency-key': key }),
});

const run = (statement: string, values: unknown[] = []) =>
  gateway().services.db.run<Record<string, unknown>>(statement, values);

const createTeam = `mutation ($input: CreateTeamInput!) { createTeam(input: $input) { team { id name slug } } }`;

async function aTeam(name = 'Guides') {
  const world = await aWorld(gateway());
  const input = { organizationId: world.organization.id, name };
  const teams = async () =>
    Number((await run('SELECT count(*) FROM teams WHERE organization_id = $1', [world.organization.id]))[0]!.count);
  return { ...world, input, teams };
}

const codes = ({ json }: Raw) => json.errors?.map(({ extensions }) => extensions.code);
const reasons = ({ json }: Raw) => json.errors?.map(({ extensions }) => extensions.reason);
const kept = async () => Number((await run('SELECT count(*) FROM idempotency_keys'))[0]!.count);

describe('a mutation with an Idempotency-Key', () => {
  it('is done once, and answered as the first time, byte by byte', async () => {
    const { admin, input, teams } = await aTeam();
    const headers = as(admin, `"${randomUUID()}"`);
    const first = await post(createTeam, headers, { input });
    const second = await post(createTeam, headers, { input });
    expect(first.json.errors).toBeUndefined();
    expect(second.text).toBe(first.text);
    expect(second.status).toBe(first.status);
    const apart = new Set(['x-request-id', 'date', 'idempotency-replayed']);
    const told = (headers: Headers) => [...headers].filter(([name]) => !apart.has(name));
    expect(told(second.headers)).toEqual(told(first.headers));
    expect([first, second].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true']);
    expect(await teams()).toBe(1);
  });

  it('is the same with quotes and without, and with its variables in another order', async () => {
    const { admin, input, teams } = await aTeam();
    const key = randomUUID();
    await post(createTeam, as(admin, key), { input });
    const turned = Object.fromEntries(Object.entries(input).reverse());
    const again = await post(createTeam, as(admin, `"${key}"`), { input: turned });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await teams()).toBe(1);
  });

  it('is refused if the key came with something else before', async () => {
    const { admin, input, organization } = await aTeam();
    const headers = as(admin, randomUUID());
    await post(createTeam, headers, { input });
    const others = [
      await post(createTeam, headers, { input: { ...input, name: 'Others' } }),
      await post(`${createTeam} `, headers, { input }),
      await post(createTeam, { ...headers, 'x-organization-id': organization.id }, { input }),
    ];
    for (const other of others) {
      expect([other.status, codes(other), reasons(other)]).toEqual([422, ['CONFLICT'], ['IDEMPOTENCY_KEY_REUSED']]);
    }
  });

  it('is somebody else’s with another caller', async () => {
    const one = await aTeam();
    const two = await aTeam();
    const key = randomUUID();
    await post(createTeam, as(one.admin, key), { input: one.input });
    const other = await post(createTeam, as(two.admin, key), { input: two.input });
    expect(other.json.errors).toBeUndefined();
    expect(await two.teams()).toBe(1);
  });

  it('is still the same person’s after a refresh', async () => {
    const { admin, input, teams } = await aTeam();
    const key = randomUUID();
    const first = await post(createTeam, as(admin, key), { input });
    const refresh = `mutation { refreshSession(input: { refreshToken: "${admin.refreshToken}" }) { session { accessToken } } }`;
    const { json } = await post(refresh);
    const { session } = json.data!.refreshSession as { session: { accessToken: string } };
    expect((await post(createTeam, as(session, key), { input })).text).toBe(first.text);
    expect(await teams()).toBe(1);
  });

  it('is not answered again to a session that has ended', async () => {
    const { admin, input } = await aTeam();
    const headers = as(admin, randomUUID());
    await post(createTeam, headers, { input });
    await post('mutation { logout(input: {}) { ok } }', as(admin));
    const again = await post(createTeam, headers, { input });
    expect([again.status, codes(again)]).toEqual([401, ['UNAUTHENTICATED']]);
    expect(again.text).not.toContain(input.name);
  });

  it('is done anew after 24 hours', async () => {
    const { admin, input, teams } = await aTeam();
    const headers = as(admin, randomUUID());
    await post(createTeam, headers, { input });
    await run(`UPDATE idempotency_keys SET created_at = created_at - interval '25 hours'`);
    const again = await post(createTeam, headers, { input });
    expect(again.headers.get('idempotency-replayed')).toBeNull();
    expect(await teams()).toBe(2);
  });

  it('is forgotten after 24 hours, and not before', async () => {
    const { admin, input } = await aTeam();
    await run('DELETE FROM idempotency_keys');
    await post(createTeam, as(admin, randomUUID()), { input });
    await run(
      `INSERT INTO idempotency_keys (caller, key, input, created_at)
       SELECT '', int4send(n), '', now() - interval '24 hours 1 second' FROM generate_series(1, 2500) n`,
    );
    await forgetAnswers(gateway().services.db);
    expect(await kept()).toBe(1);
  });

  it('answers a refusal again, which is recorded once', async () => {
    const { join, input, organization } = await aTeam();
    const viewer = await join('viewer');
    const headers = as(viewer, randomUUID());
    const answers = [await post(createTeam, headers, { input }), await post(createTeam, headers, { input })];
    expect(answers.map(codes)).toEqual([['FORBIDDEN'], ['FORBIDDEN']]);
    expect(answers[1]!.text).toBe(answers[0]!.text);
    const events = await run(`SELECT 1 FROM audit_events WHERE organization_id = $1 AND action = 'ACCESS_REFUSED'`, [
      organization.id,
    ]);
    expect(events).toHaveLength(1);
  });

  it('can still be refused by what is taken, and tried with something else', async () => {
    const { admin, input, teams } = await aTeam();
    const taken = { ...input, slug: 'guides' };
    await post(createTeam, as(admin), { input: taken });
    const headers = as(admin, randomUUID());
    const answers = [
      await post(createTeam, headers, { input: taken }),
      await post(createTeam, headers, { input: taken }),
    ];
    expect(answers.map(reasons)).toEqual([['SLUG_TAKEN'], ['SLUG_TAKEN']]);
    expect(await teams()).toBe(1);
  });

  it('makes do with random ends where others have the slug, as without a key', async () => {
    const one = await aPerson(gateway());
    const found = `mutation { createOrganization(input: { name: "Acme Engines" }) { organization { slug } } }`;
    const answers = [await post(found, as(one, randomUUID())), await post(found, as(one, randomUUID()))];
    expect(answers.map(codes)).toEqual([undefined, undefined]);
    expect(answers[0]!.text).not.toBe(answers[1]!.text);
  });
});

describe('without a credential', () => {
  it('a log-in is done once, and its tokens are not in the table', async () => {
    const email = `${randomUUID()}@example.com`;
    const register = `mutation { register(input: { email: "${email}", fullName: "Ada", password: "correct horse battery" }) { session { accessToken refreshToken } } }`;
    const key = randomUUID();
    const first = await post(register, { 'idempotency-key': key });
    const second = await post(register, { 'idempotency-key': key });
    expect(first.json.errors).toBeUndefined();
    expect(second.text).toBe(first.text);
    const rows = await run('SELECT row_to_json(k)::text AS text FROM idempotency_keys k');
    const text = rows.map((row) => row.text).join('\n');
    const { session } = first.json.data!.register as { session: Record<string, string> };
    for (const secret of [...Object.values(session), key, email]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(secret).toString('hex'));
    }
    const users = await run('SELECT 1 FROM users WHERE email = $1', [email]);
    expect(users).toHaveLength(1);
  });

  it('a key tells nothing of the password that came with it', async () => {
    const email = `${randomUUID()}@example.com`;
    const account = (password: string) => `email: "${email}", password: "${password}"`;
    await post(
      `mutation { register(input: { ${account('correct horse battery')}, fullName: "Ada" }) { user { id } } }`,
    );
    const login = (password: string) => `mutation { login(input: { ${account(password)} }) { user { id } } }`;
    const headers = { 'idempotency-key': randomUUID() };
    await post(login('correct horse battery'), headers);
    expect(codes(await post(login('another horse'), headers))).toEqual(['UNAUTHENTICATED']);
  });

  it('what was wrong is tried again, and counted each time', async () => {
    const login = `mutation { login(input: { email: "${randomUUID()}@example.com", password: "wrong horse" }) { user { id } } }`;
    const headers = { 'idempotency-key': randomUUID() };
    const before = await kept();
    const answers: Raw[] = [];
    for (let time = 0; time < 11; time += 1) answers.push(await post(login, headers));
    expect(answers.map((answer) => codes(answer)?.[0])).toEqual([
      ...Array.from({ length: 10 }, () => 'UNAUTHENTICATED'),
      'RATE_LIMITED',
    ]);
    expect(await kept()).toBe(before);
  });

  it('a refresh token that comes twice still ends its session', async () => {
    const person = await aPerson(gateway());
    const refresh = `mutation { refreshSession(input: { refreshToken: "${person.refreshToken}" }) { session { accessToken } } }`;
    await post(refresh);
    const again = await post(refresh, { 'idempotency-key': randomUUID() });
    expect(codes(again)).toEqual(['UNAUTHENTICATED']);
    expect(codes(await post('{ me { id } }', as(person)))).toEqual(['UNAUTHENTICATED']);
  });
});

describe('the header', () => {
  const longest = 'k'.repeat(255);
  it.each([longest, '"quoted"', '"with\\"and\\\\"', "!#$%&'()*+,-./:;<=>?@[]^_`{|}~"])('may be %s', async (key) => {
    const { admin, input } = await aTeam();
    expect((await post(createTeam, as(admin, key), { input })).json.errors).toBeUndefined();
  });

  it.each(['""', `${longest}k`, 'two words', '"open', 'clo"sed"', '"a"b"', 'umläut', 'a, b'])(
    'may not be %j',
    async (key) => {
      const { admin, input, teams } = await aTeam();
      const answer = await post(createTeam, as(admin, key), { input });
      expect(codes(answer)).toEqual(['BAD_USER_INPUT']);
      expect(answer.json.errors![0]!.extensions.issues).toEqual([
        { path: 'Idempotency-Key', message: expect.any(String) },
      ]);
      expect(await teams()).toBe(0);
    },
  );

  it('means nothing for a query', async () => {
    const person = await aPerson(gateway());
    const before = await kept();
    const answer = await post('{ me { id } }', as(person, 'not a key'));
    expect(answer.json.data).toEqual({ me: { id: person.user.id } });
    expect(await kept()).toBe(before);
  });

  it('goes with one root field, however it is written', async () => {
    const { admin, organization, teams } = await aTeam();
    const field = (alias: string) =>
      `${alias}: createTeam(input: { organizationId: "${organization.id}", name: "A" }) { team { id } }`;
    const documents = [
      `mutation { ${field('a')} ${field('b')} }`,
      `mutation { ${field('a')} ... { ${field('b')} } }`,
      `mutation { ...F ...F2 } fragment F on Mutation { ${field('a')} } fragment F2 on Mutation { ...G } fragment G on Mutation { ${field('b')} }`,
    ];
    for (const document of documents)
      expect(codes(await post(document, as(admin, randomUUID())))).toEqual(['BAD_USER_INPUT']);
    expect(await teams()).toBe(0);
    expect(codes(await post(`mutation { __typename ${field('a')} }`, as(admin, randomUUID())))).toBeUndefined();
  });
});

describe('what goes wrong', () => {
  const statements: string[] = [];
  afterEach(async () => {
    for (const statement of statements.splice(0)) await gateway().services.db.write(statement, []);
  });
  /** Has something in the database until the end of the test. */
  async function having(make: string[], drop: string[]): Promise<void> {
    statements.push(...drop);
    for (const statement of make) await gateway().services.db.write(statement, []);
  }

  it('leaves nothing done if something fails after it was done, and says so', async () => {
    const { admin, input, teams } = await aTeam();
    // The team is written; its members cannot be read.
    await having(
      ['ALTER TABLE team_memberships RENAME TO team_memberships_gone'],
      ['ALTER TABLE team_memberships_gone RENAME TO team_memberships'],
    );
    const document =
      'mutation ($input: CreateTeamInput!) { createTeam(input: $input) { team { id members { nodes { id } } } } }';
    const headers = as(admin, randomUUID());
    const failed = await post(document, headers, { input });
    expect(codes(failed)).toEqual(['INTERNAL_SERVER_ERROR']);
    expect(failed.json.data ?? null).toBeNull();
    expect(await teams()).toBe(0);
    await gateway().services.db.write(statements.pop()!, []);
    const again = await post(document, headers, { input });
    expect(again.json.errors).toBeUndefined();
    expect(await teams()).toBe(1);
  });

  it.each([
    ['40001', 'SERVICE_UNAVAILABLE', { retryAfter: 1 }],
    ['XX000', 'INTERNAL_SERVER_ERROR', { requestId: expect.any(String) }],
  ])('is told as it is if only the COMMIT fails: %s', async (state, code, facts) => {
    const { admin, input, teams } = await aTeam();
    await having(
      [
        `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not now' USING ERRCODE = '${state}'; END $$`,
        `CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON teams DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()`,
      ],
      ['DROP FUNCTION refuse CASCADE'],
    );
    const headers = as(admin, randomUUID());
    const failed = await post(createTeam, headers, { input });
    expect(failed.json.data ?? null).toBeNull();
    expect(failed.json.errors).toEqual([{ message: expect.any(String), extensions: { code, ...facts } }]);
    expect(failed.text).not.toContain('not now');
    expect(await teams()).toBe(0);
    await gateway().services.db.write(statements.pop()!, []);
    expect(codes(await post(createTeam, headers, { input }))).toBeUndefined();
    expect(await teams()).toBe(1);
  });

  it('does not matter to a client that has gone meanwhile', async () => {
    const { admin, input, teams } = await aTeam();
    const headers = as(admin, randomUUID());
    await sendAndLeave(JSON.stringify({ query: createTeam, variables: { input } }), headers);
    const again = await post(createTeam, headers, { input });
    expect(again.json.errors).toBeUndefined();
    expect(await teams()).toBe(1);
  });

  it('leaves no connection behind', async () => {
    const pool = gateway()
      .services.db.pools()
      .find(({ name }) => name === 'request')!;
    expect([pool.open - pool.idle, pool.waiting]).toEqual([0, 0]);
  });
});
