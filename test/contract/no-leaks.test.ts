import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { getNamedType } from 'graphql';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { type Gateway, startGateway } from '../../src/gateway.js';
import { createLog, type Log } from '../../src/platform/log.js';
import { testConfig } from '../support/gateway.js';
import { aPerson, aWorld } from '../support/world.js';
import { databaseNames, dump, formsOf, insideOf } from './leaks.js';
import {
  aScene,
  bearer,
  call,
  callerOf,
  documentOf,
  fieldsWithArguments,
  goodPassword,
  literalOf,
  operations,
  type Position,
  positionsOf,
  post,
  type Raw,
  type Scene,
  schema,
  type Values,
  valueAt,
  withValue,
} from './operations.js';
import { createDatabase, useOwnGateway } from './own-gateway.js';

/** The gateway's own log with its own redaction, but kept in memory. */
function logInMemory(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  const log = createLog('trace');
  (log as unknown as Record<symbol, unknown>)[pino.symbols.streamSym] = { write: (line: string) => lines.push(line) };
  return { log, lines };
}

const { log, lines } = logInMemory();
const gateway = useOwnGateway({}, log);

/** A word that stands nowhere else, to be looked for afterwards. */
const canary = () => `Canary${randomBytes(9).toString('hex')}`;

/** Everything that was answered, and every secret that was sent or handed out. */
const answers: Raw[] = [];
const planted = new Set<string>();

function plant<S extends string>(secret: S): S {
  planted.add(secret);
  return secret;
}

/** Sends a request with a secret in it. The answer must not repeat it, which is looked at by `expectNothingRepeated`. */
async function provoke(body: string, secret: string, headers: Record<string, string> = {}): Promise<void> {
  plant(secret);
  const answer = await post(gateway().url, body, headers);
  answers.push(answer);
  if (shows(answer, secret)) repeated.push(`${body.slice(0, 300)} → ${answer.text.slice(0, 300)}`);
}

function shows(answer: Raw, secret: string): boolean {
  const shown = JSON.stringify([...answer.headers]) + answer.text;
  return formsOf(secret).some((form) => shown.includes(form));
}

const repeated: string[] = [];

function expectNothingRepeated(): void {
  expect(repeated.splice(0)).toEqual([]);
}

/** The places of the schema in which a secret travels. */
function secretsOf(coordinate: string): Position[] {
  return positionsOf(coordinate).filter(
    ({ name, type }) => /password|token|secret/i.test(name) && getNamedType(type) === schema.getType('String'),
  );
}

const withSecrets = [...fieldsWithArguments().keys()].flatMap((coordinate) =>
  secretsOf(coordinate).map((position) => ({ coordinate, position, where: `${coordinate} ${position.path}` })),
);

beforeAll(async () => {
  // Jobs are gone as soon as they are done; a copy of each stays for the search.
  await gateway().services.db.prisma.$executeRawUnsafe('CREATE TABLE kept_jobs (payload text)');
  await gateway().services.db.prisma.$executeRawUnsafe(
    `CREATE FUNCTION keep_job() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN INSERT INTO public.kept_jobs VALUES (row_to_json(NEW)::text); RETURN NULL; END $$`,
  );
  await gateway().services.db.prisma.$executeRawUnsafe(
    'CREATE TRIGGER keep AFTER INSERT ON graphile_worker._private_jobs FOR EACH ROW EXECUTE FUNCTION keep_job()',
  );
});

describe('a secret that is sent', () => {
  it('is one of these', () => {
    expect(withSecrets.map(({ where }) => where).sort()).toEqual([
      'Mutation.acceptInvitation input.token',
      'Mutation.login input.password',
      'Mutation.refreshSession input.refreshToken',
      'Mutation.register input.password',
      'Query.invitationByToken token',
    ]);
  });

  /** A call that is right but for the secret. */
  async function prepared(coordinate: string, position: Position) {
    const scene = await aScene(gateway());
    const variants = await operations[coordinate]!.valid(scene);
    const variables = variants.find((values) => valueAt(values, position.path) !== undefined)!;
    const headers = callerOf(scene, coordinate);
    const withSecret = (value: unknown) => withValue(variables, position.path, value);
    return { scene, headers, withSecret };
  }

  it.each(withSecrets)('is not repeated, whatever is wrong with it: $where', async ({ coordinate, position }) => {
    const { scene, headers, withSecret } = await prepared(coordinate, position);
    const digits = () => String(10 ** 14 + Math.floor(Math.random() * 10 ** 14));
    const values: [string, (secret: string) => unknown][] = [
      [canary(), (secret) => secret],
      [canary(), (secret) => secret.slice(0, 6) + secret],
      [canary(), (secret) => secret.repeat(30)],
      [canary(), (secret) => `${secret}\0`],
      [canary(), (secret) => `${secret}\ud800`],
      [canary(), (secret) => [secret]],
      [canary(), (secret) => [[secret]]],
      [canary(), (secret) => ({ a: secret })],
      [canary(), (secret) => ({ [secret]: 1 })],
      [canary(), (secret) => ({ a: { b: [secret] } })],
      [digits(), Number],
      [digits(), (secret) => -Number(secret)],
      [digits(), (secret) => [Number(secret)]],
    ];
    for (const [secret, wrong] of values) {
      const variables = withSecret(wrong(secret));
      await provoke(JSON.stringify({ query: documentOf(scene, coordinate), variables }), secret, headers);
      await provoke(JSON.stringify({ query: literalOf(scene, coordinate, variables) }), secret, headers);
    }
    expectNothingRepeated();
  });

  it.each(withSecrets)('is not repeated from a malformed document: $where', async ({ coordinate, position }) => {
    const { scene, headers, withSecret } = await prepared(coordinate, position);
    const spoil: ((secret: string) => string)[] = [
      (secret) => `: "${secret}" "${secret}"`,
      (secret) => `: "${secret}" ${secret}`,
      (secret) => `: "${secret}`,
      (secret) => `: '${secret}'`,
      (secret) => `: ${secret}`,
      (secret) => `: ${secret}-`,
      (secret) => `: @${secret}`,
      (secret) => `: """${secret}""" """${secret}"""`,
      (secret) => `: """${secret}`,
      (secret) => `: "${secret}\n"`,
      (secret) => `: "${secret}\\q"`,
      (secret) => `: "${secret}\\u00"`,
      (secret) => `: "${secret}") }}} {`,
      (secret) => `: { a: "${secret}" `,
      (secret) => `: ["${secret}" "x"`,
      (secret) => `: : "${secret}"`,
      (secret) => `: ...${secret}`,
      (secret) => `: 12${secret}`,
      (secret) => ` "${secret}"`,
      (secret) => ` ${secret}`,
      (secret) => ` ${secret}: "${secret}"`,
    ];
    for (const written of spoil) {
      const secret = canary();
      const query = literalOf(scene, coordinate, withSecret('HERE')).replace(': HERE', written(secret));
      await provoke(JSON.stringify({ query }), secret, headers);
    }
    expectNothingRepeated();
  });

  it.each(withSecrets)('is not repeated from a wrong declaration: $where', async ({ coordinate, position }) => {
    const { scene, headers, withSecret } = await prepared(coordinate, position);
    for (const type of ['Int', 'Int!', 'Boolean', 'Float', 'ID', '[String!]', 'OrderDirection', 'LoginInput']) {
      const secret = canary();
      const used = literalOf(scene, coordinate, withSecret('HERE')).replace('HERE', '$given');
      const declared = used.replace(/^(query|mutation)/, `$1 ($given: ${type})`);
      await provoke(JSON.stringify({ query: declared, variables: { given: secret } }), secret, headers);
      const preset = used.replace(/^(query|mutation)/, `$1 ($given: ${type.replace('!', '')} = "${secret}")`);
      await provoke(JSON.stringify({ query: preset }), secret, headers);
    }
    expectNothingRepeated();
  });

  it.each(withSecrets)('is not repeated from a body that is refused: $where', async ({ coordinate, position }) => {
    const { scene, headers, withSecret } = await prepared(coordinate, position);
    const query = documentOf(scene, coordinate);
    const body = (secret: string) => JSON.stringify({ query, variables: withSecret(secret) });
    const spoil: ((secret: string) => string)[] = [
      (secret) => body(secret).slice(0, -1),
      (secret) => body(secret).replace(`"${secret}"`, `"${secret}" "x"`),
      (secret) => body(secret).replace(`"${secret}"`, secret),
      (secret) => body(secret).replace(`"${secret}"`, `"${secret}\\x"`),
      (secret) => `${body(secret)}${' '.repeat(1_048_576)}`,
      (secret) => `[${body(secret)}]`,
      (secret) => JSON.stringify(body(secret)),
      (secret) => JSON.stringify({ query, variables: secret }),
      (secret) => JSON.stringify({ query, variables: [secret] }),
      (secret) => JSON.stringify({ query: { [secret]: secret } }),
      (secret) => JSON.stringify({ query, variables: {}, extensions: { persistedQuery: { sha256Hash: secret } } }),
      (secret) => JSON.stringify({ query, variables: {}, extensions: secret }),
      (secret) => `{"query":"{ __typename }","variables":{"__proto__":"${secret}"}}`,
    ];
    for (const written of spoil) {
      const secret = canary();
      await provoke(written(secret), secret, headers);
    }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
      const secret = canary();
      await provoke(body(secret), secret, { ...headers, 'content-type': type });
    }
    expectNothingRepeated();
  });

  it.each(withSecrets)('is not repeated from an address: $where', async ({ coordinate, position }) => {
    const { scene, headers, withSecret } = await prepared(coordinate, position);
    const secret = plant(canary());
    const search = new URLSearchParams({
      query: documentOf(scene, coordinate),
      variables: JSON.stringify(withSecret(secret)),
    });
    const paths = ['/graphql', '/nowhere', '/graphql/%', '/%c0'];
    for (const path of paths.map((start) => `${start}?${search}`)) {
      const response = await fetch(`${gateway().url}${path}`, {
        headers: { ...headers, 'apollo-require-preflight': '1' },
      });
      const answer = { status: response.status, headers: response.headers, text: await response.text() };
      answers.push(answer);
      if (shows(answer, secret)) repeated.push(`${path} → ${answer.text}`);
    }
    expectNothingRepeated();
  });

  it('is not repeated from a header', async () => {
    const headers: ((secret: string) => Record<string, string>)[] = [
      (secret) => ({ authorization: `Bearer ${secret}` }),
      (secret) => ({ authorization: `Bearer ${secret} ${secret}` }),
      (secret) => ({ authorization: `Basic ${secret}` }),
      (secret) => ({ authorization: secret }),
      (secret) => ({ authorization: `Bearer ${secret}.${secret}.${secret}` }),
      (secret) => ({ 'x-api-key': secret }),
      (secret) => ({ 'x-api-key': secret, authorization: `Bearer ${secret}` }),
      (secret) => ({ 'x-organization-id': secret }),
      (secret) => ({ cookie: `session=${secret}` }),
    ];
    for (const given of headers) {
      const secret = canary();
      await provoke('{"query":"{ me { id } }"}', secret, given(secret));
    }
    expectNothingRepeated();
  });

  it('reaches neither log nor database when it is the right one', async () => {
    const password = plant(canary());
    const email = `${canary()}@example.com`;
    const asked = async (query: string, headers: Record<string, string> = {}) => {
      const answer = await post(gateway().url, JSON.stringify({ query }), headers);
      expect(answer.text).not.toContain('"errors"');
      expect(answer.text).not.toContain(password);
      return answer.text;
    };
    const tokens = (text: string) => {
      for (const [, token] of text.matchAll(/"(?:access|refresh)Token":"([^"]+)"/g)) plant(token!);
      return { access: /"accessToken":"([^"]+)"/.exec(text)![1]!, refresh: /"refreshToken":"([^"]+)"/.exec(text)![1]! };
    };
    const session = 'session { accessToken refreshToken }';
    const credentials = `email: "${email}", password: "${password}"`;
    tokens(await asked(`mutation { register(input: { ${credentials}, fullName: "Ada" }) { ${session} } }`));
    const first = tokens(await asked(`mutation { login(input: { ${credentials} }) { ${session} } }`));
    const renewal = `mutation { refreshSession(input: { refreshToken: "${first.refresh}" }) { ${session} } }`;
    const second = tokens(await asked(renewal));
    expect(second.refresh).not.toBe(first.refresh);

    const { admin, organization } = await aWorld(gateway());
    const invite = `inviteMember(input: { organizationId: "${organization.id}", email: "${email}", role: "member" })`;
    await asked(`mutation { ${invite} { invitation { id } } }`, bearer(admin));
    const token = plant(await mailedSecret(email));
    await asked(`{ invitationByToken(token: "${token}") { email } }`);
    const accept = `mutation { acceptInvitation(input: { token: "${token}" }) { member { id } } }`;
    await asked(accept, { authorization: `Bearer ${second.access}` });
    await asked('mutation { logout(input: { everywhere: true }) { ok } }', {
      authorization: `Bearer ${second.access}`,
    });
    // Using it a second time ends the session, which must not be told with the token either.
    await provoke(JSON.stringify({ query: renewal }), first.refresh);
    expectNothingRepeated();
  });
});

/** The secret in the link of the mail to this address. */
function mailedSecret(email: string): Promise<string> {
  const folder = join(inject('dataDir'), 'mail');
  return vi.waitFor(
    async () => {
      const files = (await readdir(folder)).filter((file) => file.endsWith('.json'));
      const mails = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
      const mail = mails.find((text) => text.includes(email));
      return /invitations\/([\w-]+)/.exec(mail!)![1]!;
    },
    { timeout: 15_000, interval: 50 },
  );
}

/** A valid call of every operation, made while there still is a database. */
async function validCalls(scene: Scene): Promise<[coordinate: string, variables: Values][]> {
  const calls: [string, Values][] = [];
  for (const [coordinate, { valid }] of Object.entries(operations)) calls.push([coordinate, (await valid(scene))[0]!]);
  return calls;
}

describe('an error', () => {
  const ask = async (query: string, headers: Record<string, string> = {}) => {
    const answer = await post(gateway().url, JSON.stringify({ query }), headers);
    answers.push(answer);
    return answer.text;
  };

  it('of every kind says what it is', async () => {
    const scene = await aScene(gateway());
    const { organizationId, admin, member, invitationId } = scene;
    const here = `organizationId: "${organizationId}"`;
    const update = (memberId: string, role: string) =>
      `mutation { updateMemberRole(input: { ${here}, memberId: "${memberId}", role: "${role}" }) { member { id } } }`;
    const invite = (email: string, role: string) =>
      `mutation { inviteMember(input: { ${here}, email: "${email}", role: "${role}" }) { invitation { id } } }`;
    expect(await ask('{ me { id } }')).toContain('UNAUTHENTICATED');
    expect(await ask(update(admin.memberId, 'viewer'), bearer(member))).toContain('FORBIDDEN');
    expect(await ask(update(organizationId, 'viewer'), bearer(admin))).toContain('NOT_FOUND');
    expect(await ask(update('x', 'viewer'), bearer(admin))).toContain('BAD_USER_INPUT');
    expect(await ask(invite(member.user.email, 'member'), bearer(admin))).toContain('CONFLICT');
    expect(await ask(update(admin.memberId, 'viewer'), bearer(admin))).toContain('LAST_ADMINISTRATOR');
    const revoke = `mutation { revokeInvitation(input: { ${here}, invitationId: "${invitationId}" }) { invitation { id } } }`;
    expect(await ask(revoke, bearer(admin))).not.toContain('errors');
    expect(await ask(revoke, bearer(admin))).toContain('INVITATION_NOT_PENDING');
    expect(await ask('{ currentOrganization { id } }', bearer(admin))).toContain('ORGANIZATION_REQUIRED');
    expect(await ask('{ nothing }')).toContain('GRAPHQL_VALIDATION_FAILED');
    expect(await ask('{')).toContain('GRAPHQL_PARSE_FAILED');
  });

  it('of a unique value that is taken says which one, in words', async () => {
    const scene = await aScene(gateway());
    for (const coordinate of ['Mutation.register', 'Mutation.createOrganization', 'Mutation.createTeam']) {
      const [variables] = await operations[coordinate]!.valid(scene);
      expect((await call(scene, coordinate, variables!)).text).not.toContain('errors');
      const again = await call(scene, coordinate, variables!);
      answers.push(again);
      expect(again.text).toMatch(/"code":"CONFLICT","reason":"[A-Z]+_TAKEN"/);
    }
  });

  /** Takes a table away for a while. */
  async function without(table: string, work: () => Promise<void>): Promise<void> {
    const run = (statement: string) => gateway().services.db.prisma.$executeRawUnsafe(statement);
    await run(`ALTER TABLE ${table} RENAME TO ${table}_gone`);
    try {
      await work();
    } finally {
      await run(`ALTER TABLE ${table}_gone RENAME TO ${table}`);
    }
  }

  it('of a broken database is masked, carries its request, and is logged under it', async () => {
    const scene = await aScene(gateway());
    const calls = await validCalls(scene);
    for (const table of ['sessions', 'users', 'roles']) {
      await without(table, async () => {
        for (const [coordinate, variables] of calls) {
          const answer = await call(scene, coordinate, variables);
          answers.push(answer);
          expect(answer.status, coordinate).toBeLessThan(500);
          if (!answer.text.includes('INTERNAL_SERVER_ERROR')) continue;
          const { errors } = JSON.parse(answer.text) as { errors: { message: string; extensions: object }[] };
          for (const { message, extensions } of errors) {
            const requestId = answer.headers.get('x-request-id');
            expect(message).toBe('Something went wrong on our side. Please try again.');
            expect(extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', requestId });
            expect(lines.filter((line) => line.includes(requestId!)).length, coordinate).toBeGreaterThan(0);
          }
        }
      });
    }
    const faults = answers.filter(({ text }) => text.includes('INTERNAL_SERVER_ERROR'));
    expect(faults.length).toBeGreaterThan(50);
  });

  it('of a rule of the database that nobody foresaw does not put the refused row into the log', async () => {
    const run = (statement: string) => gateway().services.db.prisma.$executeRawUnsafe(statement);
    await run(`ALTER TABLE users ADD CONSTRAINT users_surprise_check CHECK (full_name <> 'Nobody')`);
    try {
      const password = plant(canary());
      const email = `${canary()}@example.com`;
      const input = `{ email: "${email}", password: "${password}", fullName: "Nobody" }`;
      const text = await ask(`mutation { register(input: ${input}) { user { id } } }`);
      expect(text).toContain('INTERNAL_SERVER_ERROR');
      expect(text).not.toContain('users_surprise_check');
      const logged = lines.filter((line) => line.includes('users_surprise_check'));
      expect(logged).toHaveLength(1);
      expect(logged[0]).not.toContain('$argon2');
      expect(logged[0]).not.toContain(email);
    } finally {
      await run('ALTER TABLE users DROP CONSTRAINT users_surprise_check');
    }
  });
});

describe('after all that', () => {
  it('no answer has shown what is behind it', async () => {
    const names = await databaseNames(gateway());
    expect(names.length).toBeGreaterThan(50);
    expect(answers.length).toBeGreaterThan(300);
    const shown = answers.flatMap(({ text, headers }) => {
      const found = insideOf(text, names) ?? insideOf(JSON.stringify([...headers]), names);
      return found ? [`${found}: ${text.slice(0, 200)}`] : [];
    });
    expect([...new Set(shown)]).toEqual([]);
  });

  it('no secret is in the log', () => {
    const text = lines.join('');
    expect(lines.length).toBeGreaterThan(50);
    expect(planted.size).toBeGreaterThan(200);
    expect([...planted].filter((secret) => formsOf(secret).some((form) => text.includes(form)))).toEqual([]);
    expect(text.includes('$argon2')).toBe(false);
  });

  it('no secret is in the database', async () => {
    const text = await dump(gateway());
    for (const looked of ['graphile_worker._private_', 'send_mail', '$argon2id$']) {
      expect(text.includes(looked), looked).toBe(true);
    }
    expect([...planted].filter((secret) => formsOf(secret).some((form) => text.includes(form)))).toEqual([]);
    expect(text.includes(goodPassword)).toBe(false);
  });
});

describe('the search itself', () => {
  it('would find a secret in the log and in the database', async () => {
    const secret = canary();
    log.info({ note: secret }, 'found');
    expect(lines.at(-1)).toContain(secret);
    await gateway().services.db.prisma.$executeRawUnsafe(`INSERT INTO kept_jobs VALUES ('${secret}')`);
    expect((await dump(gateway())).includes(secret)).toBe(true);
  });

  it('reads a log that takes secrets out of what is logged', () => {
    const secret = canary();
    log.info({ password: secret, input: { refreshToken: secret }, req: { headers: { authorization: secret } } }, 'x');
    expect(lines.at(-1)).not.toContain(secret);
    expect(lines.at(-1)).toContain('[secret]');
  });
});

describe('a database that goes away', () => {
  let line: Line;
  let alone: Gateway;
  let database: Awaited<ReturnType<typeof createDatabase>>;
  const own = logInMemory();

  beforeAll(async () => {
    database = await createDatabase();
    line = await openLine(database.url);
    const urls = { databaseUrl: line.url, databaseDirectUrl: line.url };
    alone = await startGateway(testConfig(urls), own.log);
  });
  afterAll(async () => {
    await alone?.stop();
    await line?.cut();
    await database?.drop();
  });

  async function expectMasked(answer: Raw) {
    expect(answer.status).toBe(200);
    const { errors } = JSON.parse(answer.text) as { errors: { message: string; extensions: object }[] };
    for (const { message, extensions } of errors) {
      expect(message).toBe('Something went wrong on our side. Please try again.');
      expect(extensions).toEqual({
        code: 'INTERNAL_SERVER_ERROR',
        requestId: answer.headers.get('x-request-id'),
      });
    }
    expect(insideOf(answer.text)).toBeUndefined();
  }

  async function expectDown(scene: Scene, calls: [string, Values][]) {
    for (const [coordinate, variables] of calls) await expectMasked(await call(scene, coordinate, variables));
  }

  const works = async (scene: Scene) => {
    const { text } = await post(alone.url, '{"query":"{ me { id } }"}', bearer(scene.admin));
    expect(text).toContain(scene.admin.user.id);
  };

  it('is told as a fault with its request, and comes back without a restart', async () => {
    const scene = await aScene(alone);
    const calls = await validCalls(scene);
    await line.cut();
    await expectDown(scene, calls);
    expect((await fetch(`${alone.url}/.well-known/jwks.json`)).status).toBe(200);
    await line.mend();
    await vi.waitFor(() => works(scene), { timeout: 10_000, interval: 50 });
    const [variables] = await operations['Mutation.createTeam']!.valid(scene);
    expect((await call(scene, 'Mutation.createTeam', variables!)).text).not.toContain('errors');
    const [first] = await operations['Mutation.login']!.valid(scene);
    expect((await call(scene, 'Mutation.login', first!)).text).not.toContain('errors');
  });

  it('is not taken for a bad credential while keys are looked for', async () => {
    const person = await aPerson(alone);
    const [header, ...rest] = person.accessToken.split('.');
    const named = { ...JSON.parse(Buffer.from(header!, 'base64url').toString()), kid: 'unknown' };
    const token = [Buffer.from(JSON.stringify(named)).toString('base64url'), ...rest].join('.');
    await line.cut();
    const later = Date.now() + 60_000;
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => later);
    try {
      const answer = await post(alone.url, '{"query":"{ me { id } }"}', { authorization: `Bearer ${token}` });
      const { errors } = JSON.parse(answer.text) as { errors: { message: string; extensions: object }[] };
      expect(errors).toEqual([
        {
          message: 'Something went wrong on our side. Please try again.',
          extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: answer.headers.get('x-request-id') },
        },
      ]);
      const logged = own.lines.filter((entry) => entry.includes(answer.headers.get('x-request-id')!));
      expect(logged.length).toBeGreaterThan(0);
    } finally {
      clock.mockRestore();
      await line.mend();
    }
  });

  it('that is dropped for good is told as a fault, and the gateway still stops in good order', async () => {
    const scene = await aScene(alone);
    const calls = await validCalls(scene);
    await database.drop();
    await expectDown(scene, calls);
    const stopping = Date.now();
    await alone.stop();
    expect(Date.now() - stopping).toBeLessThan(10_000);
    expect(own.lines.join('')).not.toContain(goodPassword);
  });
});

interface Line {
  /** Where the database is reached through this line. */
  url: string;
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/** A connection to the server that can be cut, as when the server stops. */
async function openLine(target: string): Promise<Line> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = connect(Number(port || 5432), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  const listen = (on: number) => new Promise<void>((resolve) => server.listen(on, '127.0.0.1', resolve));
  await listen(0);
  const { port: own } = server.address() as { port: number };
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String(own);
  return {
    url: url.toString(),
    mend: () => listen(own),
    cut: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
