import { request } from 'node:http';
import { exportSPKI, generateKeyPair, importJWK, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { newMember } from '../../src/modules/member/member.service.js';
import { newId } from '../../src/platform/id.js';
import { useGateway } from '../support/gateway.js';
import { aPerson, aWorld, type Person, write } from '../support/world.js';
import { bearer, post, type Raw } from './operations.js';

const gateway = useGateway();

interface Body {
  data?: unknown;
  errors?: { message: string; path?: unknown[]; extensions: { code: string; [fact: string]: unknown } }[];
}

function bodyOf({ text, headers }: Raw): Body {
  expect(headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json/);
  return JSON.parse(text) as Body;
}

const codeOf = (answer: Raw) => bodyOf(answer).errors?.[0]?.extensions.code;

const ask = (query: string, headers: Record<string, string> = {}, variables?: object) =>
  post(gateway().url, JSON.stringify({ query, variables }), headers);

async function get(path: string, headers: Record<string, string> = {}): Promise<Raw> {
  const response = await fetch(`${gateway().url}${path}`, { headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('what is not GraphQL', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/graphql/'],
    ['POST', '/graphiql'],
    ['GET', '/../etc/passwd'],
    ['GET', '/%2e%2e/%2e%2e/etc/passwd'],
    ['PUT', '/graphql'],
    ['DELETE', '/graphql'],
    ['PATCH', '/graphql'],
  ])('%s %s is answered with 404 in JSON', async (method, path) => {
    const response = await fetch(`${gateway().url}${path}`, { method });
    const answer = { status: response.status, headers: response.headers, text: await response.text() };
    expect(answer.status).toBe(404);
    expect(codeOf(answer)).toBe('NOT_FOUND');
  });

  it('a path that cannot be decoded is answered with 400 in the form of every other error', async () => {
    const answer = await get('/%c0');
    expect(answer.status).toBe(400);
    expect(codeOf(answer)).toBe('BAD_REQUEST');
  });

  it('a body over one mebibyte is answered with 413 in JSON', async () => {
    const answer = await ask(`{ me { id } } #${'a'.repeat(1_048_576)}`);
    expect(answer.status).toBe(413);
    expect(codeOf(answer)).toBe('BAD_REQUEST');
  });

  it('a body over one mebibyte that does not say its size is refused while it comes', async () => {
    const { status, text } = await streamed('a'.repeat(65_536), 20);
    expect(status).toBe(413);
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });

  it('a body just below one mebibyte is served', async () => {
    const room = 1_048_576 - JSON.stringify({ query: '{ __typename } #' }).length;
    expect((await ask(`{ __typename } #${'a'.repeat(room)}`)).status).toBe(200);
  });

  it.each([
    '{"query":',
    'null',
    '"{ me { id } }"',
    '7',
    '',
    '{"query":"{ __typename }",}',
    '\u0000',
    '{}',
    '{"query":7}',
  ])('the body %j is answered with 400 in JSON', async (body) => {
    const answer = await post(gateway().url, body);
    expect(answer.status).toBe(400);
    expect(bodyOf(answer).errors?.[0]?.extensions.code).toMatch(/^[A-Z_]+$/);
    expect(codeOf(answer)).not.toBe('INTERNAL_SERVER_ERROR');
  });

  it.each([
    '{"query":"{ __typename }","variables":[]}',
    '{"query":"{ __typename }","variables":"x"}',
    '{"query":"{ __typename }","extensions":"x"}',
    '{"query":"{ __typename }","operationName":7}',
    '{"query":"{ __typename }","operationName":"missing"}',
    '{"query":"query A { __typename } query B { __typename }"}',
  ])('the request %s is answered with 400 in JSON', async (body) => {
    const answer = await post(gateway().url, body);
    expect(answer.status).toBe(400);
    expect(codeOf(answer)).not.toBe('INTERNAL_SERVER_ERROR');
  });

  it.each(['__proto__', 'constructor'])('a body with the key %s pollutes nothing', async (key) => {
    const inner = key === '__proto__' ? '{"polluted":true}' : '{"prototype":{"polluted":true}}';
    const answer = await post(gateway().url, `{"query":"{ __typename }","variables":{"${key}":${inner}}}`);
    expect([200, 400]).toContain(answer.status);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    'a body of type %s is refused in JSON',
    async (type) => {
      const answer = await post(gateway().url, '{"query":"{ __typename }"}', { 'content-type': type });
      expect([400, 415]).toContain(answer.status);
      expect(codeOf(answer)).toBe('BAD_REQUEST');
    },
  );

  it('a list of operations is refused', async () => {
    const one = { query: '{ __typename }' };
    for (const batch of [[], [one], [one, one]]) {
      const answer = await post(gateway().url, JSON.stringify(batch));
      expect(answer.status).toBe(400);
      expect(bodyOf(answer).data).toBeUndefined();
      expect(codeOf(answer)).toBe('BAD_REQUEST');
    }
  });

  it('every answer names its request, and does not take the name from the caller', async () => {
    const seen = new Set<string | null>();
    for (const answer of [await ask('{ __typename }', { 'x-request-id': 'mine' }), await get('/'), await ask('{')]) {
      seen.add(answer.headers.get('x-request-id'));
    }
    expect(seen.size).toBe(3);
    expect(seen).not.toContain('mine');
    expect(seen).not.toContain(null);
  });
});

/** Sends a body in pieces, without its length. */
function streamed(piece: string, times: number): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(gateway().url);
    const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
    const outgoing = request({ hostname, port, path: '/graphql', method: 'POST', headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    outgoing.on('error', reject);
    for (let sent = 0; sent < times; sent += 1) outgoing.write(piece);
    outgoing.end();
  });
}

describe('GET /graphql', () => {
  const url = (query: string, more: Record<string, string> = {}) =>
    `/graphql?${new URLSearchParams({ query, ...more })}`;
  const preflight = { 'apollo-require-preflight': '1' };

  it('answers a query', async () => {
    const person = await aPerson(gateway());
    const answer = await get(url('{ me { id } }'), { ...preflight, ...bearer(person) });
    expect(answer.status).toBe(200);
    expect(bodyOf(answer).data).toEqual({ me: { id: person.user.id } });
  });

  it('answers a query with variables', async () => {
    const { organization, admin } = await aWorld(gateway());
    const query = 'query ($id: ID!) { organization(id: $id) { id } }';
    const answer = await get(url(query, { variables: JSON.stringify({ id: organization.id }) }), {
      ...preflight,
      ...bearer(admin),
    });
    expect(bodyOf(answer).data).toEqual({ organization: { id: organization.id } });
  });

  it('refuses a query that a foreign page could make a browser send', async () => {
    const answer = await get(url('{ __typename }'));
    expect(answer.status).toBe(400);
    expect(codeOf(answer)).toBe('BAD_REQUEST');
  });

  it('refuses a mutation, and does not run it', async () => {
    const person = await aPerson(gateway());
    const query = 'mutation { updateMe(input: { fullName: "Changed by GET" }) { user { id } } }';
    const answer = await get(url(query), { ...preflight, ...bearer(person) });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST');
    expect(codeOf(answer)).toBe('BAD_REQUEST');
    expect((await ask('{ me { fullName } }', bearer(person))).text).toContain(person.user.fullName);
  });

  it.each(['{ malformed', 'x', '[]'])('refuses the variables %s', async (variables) => {
    const answer = await get(url('{ __typename }', { variables }), preflight);
    expect(answer.status).toBe(400);
    expect(codeOf(answer)).toBe('BAD_REQUEST');
  });
});

describe('media types', () => {
  it.each(['application/json', 'application/graphql-response+json'])('answers in %s when asked to', async (accept) => {
    const answer = await ask('{ __typename }', { accept });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain(accept);
  });

  it('answers a document that is not valid with 400 in the newer one', async () => {
    const accept = 'application/graphql-response+json';
    expect((await ask('{ nothing }', { accept })).status).toBe(400);
    expect((await ask('{', { accept })).status).toBe(400);
  });

  it('refuses to answer in another one', async () => {
    const answer = await ask('{ __typename }', { accept: 'application/xml' });
    expect(answer.status).toBe(406);
  });
});

describe('credentials', () => {
  const whoever = '{ __typename }';
  const me = '{ me { id } }';
  const open = '{ invitationByToken(token: "x") { email } }';

  async function expectRefused(headers: Record<string, string>) {
    for (const query of [me, open, whoever]) {
      const answer = await ask(query, headers);
      expect(answer.status, query).toBe(401);
      expect(codeOf(answer), query).toBe('UNAUTHENTICATED');
      expect(bodyOf(answer).data ?? null, query).toBeNull();
    }
  }

  it('are not needed for what is open to anybody', async () => {
    expect((await ask(whoever)).status).toBe(200);
    expect(codeOf(await ask(open))).toBe('NOT_FOUND');
  });

  it('that are missing are not refused over HTTP, but field by field', async () => {
    const answer = await ask(me);
    expect(answer.status).toBe(200);
    expect(codeOf(answer)).toBe('UNAUTHENTICATED');
  });

  it('of both kinds at once are refused', async () => {
    const person = await aPerson(gateway());
    await expectRefused({ ...bearer(person), 'x-api-key': 'tk_whatever' });
    await expectRefused({ ...bearer(person), 'x-api-key': '' });
  });

  it('an API key that is not one is refused', async () => {
    await expectRefused({ 'x-api-key': 'tk_whatever' });
    await expectRefused({ 'x-api-key': '' });
  });

  it.each([
    ['', 'nothing'],
    ['Bearer', 'no token'],
    ['Bearer ', 'an empty token'],
    ['Bearer  two  spaces', 'spaces'],
    ['Bearer a, Bearer b', 'two tokens'],
    ['Basic YWRhOnBhc3N3b3Jk', 'another scheme'],
    ['Token abc', 'an unknown scheme'],
    ['bearer', 'only the scheme'],
    ['Bearer null', 'null'],
    ['Bearer undefined', 'undefined'],
    ['Bearer a.b.c', 'something like a token'],
    ['Bearer ...', 'dots'],
    [`Bearer ${'a'.repeat(8_000)}`, 'a long token'],
  ])('an Authorization header %j (%s) is refused', async (authorization) => {
    await expectRefused({ authorization });
  });

  it('a bearer token without its scheme is refused', async () => {
    const { accessToken } = await aPerson(gateway());
    await expectRefused({ authorization: accessToken });
  });

  it('the scheme may be written in any case', async () => {
    const { accessToken } = await aPerson(gateway());
    expect((await ask(me, { authorization: `bearer ${accessToken}` })).status).toBe(200);
  });

  it('a cookie is no credential', async () => {
    const { accessToken } = await aPerson(gateway());
    expect(codeOf(await ask(me, { cookie: `accessToken=${accessToken}; authorization=${accessToken}` }))).toBe(
      'UNAUTHENTICATED',
    );
  });

  describe('that are forged', () => {
    /** What a genuine token says, to be said by others. */
    async function genuine(person: Person) {
      const [header, payload] = person.accessToken.split('.').map((part) => Buffer.from(part, 'base64url').toString());
      return {
        header: JSON.parse(header!) as { alg: string; kid: string; typ: string },
        payload: JSON.parse(payload!) as Record<string, unknown> & { exp: number; iat: number },
      };
    }

    const refused = (token: string) => expectRefused({ authorization: `Bearer ${token}` });
    const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

    it('the same claims under the gateway’s own key are not what is refused', async () => {
      const person = await aPerson(gateway());
      const { payload } = await genuine(person);
      const { accessToken } = await gateway().services.accessTokens.issue({
        userId: String(payload.sub),
        sessionId: String(payload.sid),
      });
      expect((await ask(me, { authorization: `Bearer ${accessToken}` })).status).toBe(200);
    });

    it('with another key, under the name of the right one', async () => {
      const { header, payload } = await genuine(await aPerson(gateway()));
      const { privateKey } = await generateKeyPair('ES256');
      await refused(await new SignJWT(payload).setProtectedHeader(header).sign(privateKey));
    });

    it('with another key, which the token brings along', async () => {
      const { header, payload } = await genuine(await aPerson(gateway()));
      const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
      const jwk = (await crypto.subtle.exportKey('jwk', publicKey)) as JWK;
      const { kid: _, ...unnamed } = header;
      for (const given of [header, unnamed, { ...header, kid: 'surprise' }]) {
        await refused(
          await new SignJWT(payload)
            .setProtectedHeader({ ...given, jwk, jku: `${gateway().url}/.well-known/jwks.json` })
            .sign(privateKey),
        );
      }
    });

    it('without a signature', async () => {
      const person = await aPerson(gateway());
      const { header, payload } = await genuine(person);
      await refused(new UnsecuredJWT(payload).encode());
      for (const alg of ['none', 'None', 'NONE', 'ES256']) {
        await refused(`${encoded({ ...header, alg })}.${encoded(payload)}.`);
      }
      await refused(`${encoded({ ...header, alg: 'none' })}.${encoded(payload)}.${person.accessToken.split('.')[2]}`);
    });

    it('with the public key as a shared secret', async () => {
      const { header, payload } = await genuine(await aPerson(gateway()));
      const jwks = JSON.parse((await get('/.well-known/jwks.json')).text) as { keys: JWK[] };
      const jwk = jwks.keys.find(({ kid }) => kid === header.kid)!;
      const key = (await importJWK({ ...jwk, ext: true }, 'ES256')) as Parameters<typeof exportSPKI>[0];
      for (const secret of [await exportSPKI(key), JSON.stringify(jwk), jwk.x!]) {
        for (const alg of ['HS256', 'HS512']) {
          const bytes = new TextEncoder().encode(secret.padEnd(64, '\0'));
          await refused(await new SignJWT(payload).setProtectedHeader({ ...header, alg }).sign(bytes));
        }
      }
    });

    it('with one character changed', async () => {
      const { accessToken } = await aPerson(gateway());
      const parts = accessToken.split('.');
      for (const index of [0, 1, 2]) {
        const part = parts[index]!;
        const changed = (part[10] === 'A' ? 'B' : 'A') + part.slice(1);
        await refused(parts.map((given, at) => (at === index ? part.slice(0, 9) + changed : given)).join('.'));
      }
    });

    it('with the claims of somebody else under a genuine signature', async () => {
      const [mine, theirs] = await Promise.all([aPerson(gateway()), aPerson(gateway())]);
      const [header, , signature] = mine.accessToken.split('.');
      await refused([header, theirs.accessToken.split('.')[1], signature].join('.'));
    });
  });

  describe('that the gateway’s own key has signed', () => {
    /** Signs anything as the gateway itself would. */
    async function signed(payload: Record<string, unknown>, header: Record<string, unknown> = {}): Promise<string> {
      const { db, seal } = gateway().services;
      const [row] = await db.run<{ kid: string; privateJwk: string }>(
        'SELECT kid, private_jwk AS "privateJwk" FROM signing_keys WHERE retired_at IS NULL ORDER BY created_at DESC',
        [],
      );
      const key = await importJWK(JSON.parse(await seal.open(row!.privateJwk)), 'ES256');
      const protectedHeader = { alg: 'ES256', typ: 'at+jwt', kid: row!.kid, ...header };
      return new SignJWT(payload).setProtectedHeader(protectedHeader).sign(key, { crit: { surprise: true } });
    }

    async function claimsOf({ accessToken }: Person): Promise<Record<string, unknown>> {
      return JSON.parse(Buffer.from(accessToken.split('.')[1]!, 'base64url').toString());
    }

    const now = () => Math.floor(Date.now() / 1000);

    it('are accepted with the claims of a session', async () => {
      const token = await signed(await claimsOf(await aPerson(gateway())));
      expect((await ask(me, { authorization: `Bearer ${token}` })).status).toBe(200);
    });

    const wrong: [string, (claims: Record<string, unknown>) => Record<string, unknown>, Record<string, unknown>?][] = [
      ['an end in the past', (claims) => ({ ...claims, exp: now() - 1 })],
      ['no end', ({ exp: _, ...claims }) => claims],
      ['no beginning', ({ iat: _, ...claims }) => claims],
      ['a beginning in the future', (claims) => ({ ...claims, nbf: now() + 600 })],
      ['another audience', (claims) => ({ ...claims, aud: 'another' })],
      ['no audience', ({ aud: _, ...claims }) => claims],
      ['another issuer', (claims) => ({ ...claims, iss: 'https://example.com' })],
      ['no issuer', ({ iss: _, ...claims }) => claims],
      ['no session', ({ sid: _, ...claims }) => claims],
      ['no user', ({ sub: _, ...claims }) => claims],
      ['a session that is not a UUID', (claims) => ({ ...claims, sid: "' OR true --" })],
      ['a list of sessions', (claims) => ({ ...claims, sid: [claims.sid, claims.sid] })],
      ['a user that is not a UUID', (claims) => ({ ...claims, sub: 'x' })],
      ['another type', (claims) => claims, { typ: 'JWT' }],
      ['no type', (claims) => claims, { typ: undefined }],
      ['an extension that nobody knows', (claims) => claims, { crit: ['surprise'], surprise: true }],
    ];

    it.each(wrong)('are refused with %s', async (_, change, header) => {
      const claims = change(await claimsOf(await aPerson(gateway())));
      await expectRefused({ authorization: `Bearer ${await signed(claims, header)}` });
    });

    it('are refused for a session that there is not', async () => {
      const claims = { ...(await claimsOf(await aPerson(gateway()))), sid: newId() };
      const answer = await ask(me, { authorization: `Bearer ${await signed(claims)}` });
      expect(answer.status).toBe(401);
      expect(codeOf(answer)).toBe('UNAUTHENTICATED');
    });
  });

  it('of a session that has ended are refused from the next request on', async () => {
    const person = await aPerson(gateway());
    expect((await ask(me, bearer(person))).status).toBe(200);
    expect((await ask('mutation { logout(input: {}) { ok } }', bearer(person))).status).toBe(200);
    for (const query of [me, open]) {
      const answer = await ask(query, bearer(person));
      expect(answer.status).toBe(401);
      expect(codeOf(answer)).toBe('UNAUTHENTICATED');
    }
  });

  it.each(['SUSPENDED', 'DELETED'] as const)('of a user who is %s are refused', async (status) => {
    const person = await aPerson(gateway(), { status });
    const answer = await ask(me, bearer(person));
    expect(answer.status).toBe(401);
    expect(codeOf(answer)).toBe('UNAUTHENTICATED');
  });
});

describe('the X-Organization-Id header', () => {
  it('names the current organization', async () => {
    const { organization, admin } = await aWorld(gateway());
    const headers = { ...bearer(admin), 'x-organization-id': organization.id };
    expect(bodyOf(await ask('{ currentOrganization { id } }', headers)).data).toEqual({
      currentOrganization: { id: organization.id },
    });
    const upper = { ...headers, 'x-organization-id': organization.id.toUpperCase() };
    expect(bodyOf(await ask('{ currentOrganization { id } }', upper)).errors).toBeUndefined();
  });

  it.each([
    'x',
    'null',
    '00000000-0000-0000-0000',
    `{${newId()}}`,
    `${newId()}, ${newId()}`,
    `${newId()}0`,
    '%00',
    "'",
  ])('that reads %j is bad input, whatever is asked', async (value) => {
    const person = await aPerson(gateway());
    for (const query of ['{ __typename }', '{ me { id } }', '{ currentOrganization { id } }']) {
      const answer = await ask(query, { ...bearer(person), 'x-organization-id': value });
      expect(answer.status).toBe(400);
      expect(bodyOf(answer).errors?.[0]?.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        issues: [{ path: 'X-Organization-Id' }],
      });
    }
  });

  it('that is missing leaves no organization', async () => {
    expect(codeOf(await ask('{ currentOrganization { id } }', bearer(await aPerson(gateway()))))).toBe(
      'ORGANIZATION_REQUIRED',
    );
  });

  it('gives way to the organization that an input names', async () => {
    const [here, there] = [await aWorld(gateway()), await aWorld(gateway())];
    const document =
      'mutation ($input: CreateTeamInput!) { createTeam(input: $input) { team { organization { id } } } }';
    const input = { organizationId: here.organization.id, name: 'Blue' };
    const headers = { ...bearer(here.admin), 'x-organization-id': there.organization.id };
    expect(bodyOf(await ask(document, headers, { input })).data).toEqual({
      createTeam: { team: { organization: { id: here.organization.id } } },
    });
  });
});

describe('several fields in one document', () => {
  it('each get a verdict of their own, also under two names of one field', async () => {
    const [mine, theirs] = [await aWorld(gateway()), await aWorld(gateway())];
    for (const [first, second] of [
      [mine, theirs],
      [theirs, mine],
    ] as const) {
      const query = `query ($a: ID!, $b: ID!) { a: organization(id: $a) { id } b: organization(id: $b) { id } }`;
      const ids = { a: first.organization.id, b: second.organization.id };
      const answer = bodyOf(await ask(query, bearer(mine.admin), ids));
      const refused = first === mine ? 'b' : 'a';
      expect(answer.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([[[refused], 'NOT_FOUND']]);
    }
  });

  it('each get a verdict of their own where nothing but the rule stands in between', async () => {
    const [mine, theirs] = [await aWorld(gateway()), await aWorld(gateway())];
    await write(gateway(), (writes) => {
      const { id } = theirs.organization;
      writes.insert('members', newMember(id, mine.admin.user.id, theirs.roles.viewer!, theirs.admin.user.id));
    });
    const ids = { mine: mine.organization.id, theirs: theirs.organization.id };
    for (const [first, second] of [
      ['mine', 'theirs'],
      ['theirs', 'mine'],
    ]) {
      const query = `query ($mine: ID!, $theirs: ID!) {
        ${first}: organization(id: $${first}) { members { nodes { user { email } } } }
        ${second}: organization(id: $${second}) { members { nodes { user { email } } } }
      }`;
      const answer = await ask(query, bearer(mine.admin), ids);
      expect(bodyOf(answer).errors).toMatchObject([
        { path: ['theirs', 'members'], extensions: { code: 'FORBIDDEN', requiredPermission: 'users.read' } },
      ]);
      expect(answer.text).not.toContain(theirs.admin.user.email);
    }
  });

  it('each get a verdict of their own, also below the root', async () => {
    const world = await aWorld(gateway());
    const viewer = await world.join('viewer');
    const query = `query ($id: ID!) { organization(id: $id) {
      open: teams { totalCount } closed: members(first: 1) { totalCount } } }`;
    const answer = bodyOf(await ask(query, bearer(viewer), { id: world.organization.id }));
    expect(answer.errors).toMatchObject([
      {
        path: ['organization', 'closed'],
        extensions: { code: 'FORBIDDEN', requiredPermission: 'users.read' },
      },
    ]);
  });

  it('give two aliases of a mutation two verdicts', async () => {
    const [mine, theirs] = [await aWorld(gateway()), await aWorld(gateway())];
    const document = `mutation ($mine: CreateTeamInput!, $theirs: CreateTeamInput!) {
      mine: createTeam(input: $mine) { team { name } }
      theirs: createTeam(input: $theirs) { team { name } }
    }`;
    const inputs = {
      mine: { organizationId: mine.organization.id, name: 'Blue' },
      theirs: { organizationId: theirs.organization.id, name: 'Blue' },
    };
    const answer = bodyOf(await ask(document, bearer(mine.admin), inputs));
    expect(answer.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([[['theirs'], 'NOT_FOUND']]);
    const teams = await gateway().services.db.run<{ organizationId: string }>(
      'SELECT organization_id AS "organizationId" FROM teams WHERE organization_id = ANY($1::uuid[])',
      [[mine.organization.id, theirs.organization.id]],
    );
    expect(teams).toEqual([{ organizationId: mine.organization.id }]);
  });

  it('run one after the other as mutations, and each sees what the one before has done', async () => {
    const { organization, admin } = await aWorld(gateway());
    const page = 'team { name organization { name teams { nodes { name } totalCount } } }';
    const document = `mutation ($id: ID!) {
      before: createTeam(input: { organizationId: $id, name: "Blue" }) { ${page} }
      updateOrganization(input: { organizationId: $id, name: "Renamed" }) {
        organization { name teams { nodes { name } } }
      }
      after: createTeam(input: { organizationId: $id, name: "Green" }) { ${page} }
    }`;
    const answer = bodyOf(await ask(document, bearer(admin), { id: organization.id }));
    expect(answer.errors).toBeUndefined();
    expect(answer.data).toEqual({
      before: {
        team: { name: 'Blue', organization: { name: 'Acme', teams: { nodes: [{ name: 'Blue' }], totalCount: 1 } } },
      },
      updateOrganization: { organization: { name: 'Renamed', teams: { nodes: [{ name: 'Blue' }] } } },
      after: {
        team: {
          name: 'Green',
          organization: { name: 'Renamed', teams: { nodes: [{ name: 'Blue' }, { name: 'Green' }], totalCount: 2 } },
        },
      },
    });
  });

  it('count a lost right from the next mutation on', async () => {
    const { organization, admin, join } = await aWorld(gateway());
    const other = await join('administrator');
    const document = `mutation ($id: ID!, $self: ID!) {
      updateMemberRole(input: { organizationId: $id, memberId: $self, role: "viewer" }) { member { role { key } } }
      createTeam(input: { organizationId: $id, name: "Too late" }) { team { name } }
    }`;
    const answer = bodyOf(await ask(document, bearer(other), { id: organization.id, self: other.memberId }));
    expect(answer.errors).toMatchObject([
      { path: ['createTeam'], extensions: { code: 'FORBIDDEN', requiredPermission: 'teams.create' } },
    ]);
    const teams = '{ currentOrganization { teams { totalCount } } }';
    expect((await ask(teams, { ...bearer(admin), 'x-organization-id': organization.id })).text).toContain('Count":0');
  });

  it('count a lost membership from the next mutation on', async () => {
    const { organization, join } = await aWorld(gateway());
    const leaver = await join('administrator');
    const document = `mutation ($id: ID!, $self: ID!) {
      removeMember(input: { organizationId: $id, memberId: $self }) { removedMemberId }
      createTeam(input: { organizationId: $id, name: "Too late" }) { team { name } }
    }`;
    const answer = bodyOf(await ask(document, bearer(leaver), { id: organization.id, self: leaver.memberId }));
    expect(answer.errors).toMatchObject([{ path: ['createTeam'], extensions: { code: 'NOT_FOUND' } }]);
  });

  it('count an ended session from the next mutation on', async () => {
    const person = await aPerson(gateway());
    const document = `mutation {
      logout(input: {}) { ok }
      updateMe(input: { fullName: "Too late" }) { user { fullName } }
    }`;
    const answer = bodyOf(await ask(document, bearer(person)));
    expect(answer.errors).toMatchObject([{ path: ['updateMe'], extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});
