import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { newMember } from '../../src/modules/member/member.service.js';
import { newId } from '../../src/platform/id.js';
import { useGateway } from '../support/gateway.js';
import { aPerson, aWorld, write } from '../support/world.js';
import { asking, bodyOf, codeOf } from './answers.js';
import { bearer, keyed, post } from './requests.js';
import { aScene } from './scene.js';

const gateway = useGateway();

const { ask, get } = asking(gateway);

describe('what is not GraphQL', () => {
  it.each([
    ['GET', '/nothing'],
    ['GET', '/graphql/'],
    ['POST', '/graphiql'],
    ['GET', '/../etc/passwd'],
    ['GET', '/%2e%2e/%2e%2e/etc/passwd'],
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
    const bodyWith = (text: string) => JSON.stringify({ query: '{ __typename }', variables: { text } });
    const room = 1_048_576 - bodyWith('').length;
    expect((await post(gateway().url, bodyWith('a'.repeat(room)))).status).toBe(200);
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
    for (const answer of [
      await ask('{ __typename }', { 'x-request-id': 'mine' }),
      await get('/nothing'),
      await ask('{'),
    ]) {
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

  it('is not needed with an API key, and leads no key out of its organization', async () => {
    const { organizationId, readKey, admin } = await aScene(gateway());
    const current = '{ currentOrganization { id } }';
    const here = { currentOrganization: { id: organizationId } };
    expect(bodyOf(await ask(current, keyed(readKey))).data).toEqual(here);
    const named = { ...keyed(readKey), 'x-organization-id': organizationId.toUpperCase() };
    expect(bodyOf(await ask(current, named)).data).toEqual(here);

    const { organization, roles, admin: founder } = await aWorld(gateway());
    const { id } = organization;
    await write(gateway(), (writes) =>
      writes.insert('members', newMember(id, admin.user.id, roles.administrator!, founder.user.id)),
    );
    expect((await ask(current, { ...bearer(admin), 'x-organization-id': id })).text).toContain(id);
    const led = (to: string) => ask(current, { ...keyed(readKey), 'x-organization-id': to });
    expect((await led(id)).text).toBe((await led(newId())).text);
    expect((await led(id)).text).toContain('"data":null');
    const byId = 'query ($id: ID!) { organization(id: $id) { id } }';
    expect(codeOf(await ask(byId, keyed(readKey), { id }))).toBe('NOT_FOUND');
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
