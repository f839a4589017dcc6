import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { contentOf } from '../../auth/forging.js';
import { post } from '../../contract/requests.js';
import type { AnsweredError } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { partner } from '../../support/integrations.js';
import type { World } from '../../support/world.js';
import { pathsIn } from '../lists.js';
import { aPlace, aToken, documents, issue, verdictOn } from './integrations.js';

const gateway = useGateway();

let world: World;
/** How many tokens there have to be after a test. */
let expected = 0;

beforeAll(async () => {
  world = await aPlace(gateway());
});

afterEach(async () => {
  const { id: organizationId } = world.organization;
  expect(await gateway().services.db.prisma.integrationToken.count({ where: { organizationId } })).toBe(expected);
});

/** Issues a token with these claims. */
async function issued(claims: unknown): Promise<string> {
  const { token } = await aToken(world, world.admin, { claims });
  expected += 1;
  return token;
}

const refusedAt = async (claims: unknown) => pathsIn(await issue(world, world.admin, { claims }));

const claimsOf = (token: string) => contentOf({ accessToken: token }).claims;

const named = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`plan${index}`, index]));

/** A value in so many levels of objects and lists in turn. */
const nested = (levels: number): unknown =>
  levels === 0 ? 'x' : levels % 2 ? { inner: nested(levels - 1) } : [nested(levels - 1)];

/** Claims that are so many bytes as JSON, where each character takes so many. */
function ofBytes(bytes: number, character = 'x', each = 1): { text: string } {
  const rest = bytes - Buffer.byteLength(JSON.stringify({ text: '' }));
  return { text: character.repeat(Math.floor(rest / each)) + 'x'.repeat(rest % each) };
}

/** Everything of an input but the claims, as JSON and as GraphQL would have it. */
const rest = () => ({
  organizationId: world.organization.id,
  audience: partner,
  subject: 'a',
  scopes: [],
});

/** Sends claims as they are written, which no object could hold. */
async function sendWritten(claims: string) {
  const input = JSON.stringify(rest()).replace(/}$/, `,"claims":${claims}}`);
  const body = `{"query":${JSON.stringify(documents.issue)},"variables":{"input":${input}}}`;
  const { status, text } = await post(gateway().url, body, { authorization: `Bearer ${world.admin.accessToken}` });
  return { status, ...(JSON.parse(text) as { errors?: AnsweredError[]; data?: { issueIntegrationToken: object } }) };
}

const sendLiteral = (claims: string) => {
  const { organizationId } = rest();
  const input = `organizationId: "${organizationId}", audience: "${partner}", subject: "a", scopes: [], claims: ${claims}`;
  type Data = { issueIntegrationToken: { token: string } };
  return world.admin.send<Data, object>(`mutation { issueIntegrationToken(input: { ${input} }) { token } }`);
};

describe('custom claims', () => {
  it('stand in the token as they were given, whatever JSON they are', async () => {
    const claims = {
      ...{ plan: 'large', 'https://acme.example/seats': 5, 'tier.name': null, active: true, ratio: -0.5 },
      ...{ list: [1, 'two', [null]], nested: { 'any name': { '': 'ü\u0000\u2028"\\' } }, A_1: 1e21, 'a-b/c:d': '' },
    };
    const token = await issued(claims);
    expect(claimsOf(token)).toMatchObject(claims);
    expect((await verdictOn(world, token)).claims).toMatchObject(claims);
  });

  it.each([null, {}, undefined])('may be none: %j', async (claims) => {
    const token = await issued(claims);
    const names = ['aud', 'exp', 'iat', 'iss', 'jti', 'organization_id', 'scope', 'sub'];
    expect(Object.keys(claimsOf(token)).sort()).toEqual(names);
  });

  it('are twenty at most', async () => {
    expect(claimsOf(await issued(named(20)))).toMatchObject(named(20));
    expect(await refusedAt(named(21))).toEqual(['input.claims']);
  });

  it.each([
    ['x', 1],
    ['ü', 2],
    ['€', 3],
    ['😀', 4],
    ['"', 2],
  ])('are 4,096 bytes of JSON at most, however many characters that is: %s', async (character, each) => {
    const largest = ofBytes(4_096, character, each);
    expect(Buffer.byteLength(JSON.stringify(largest))).toBe(4_096);
    expect(claimsOf(await issued(largest))).toMatchObject(largest);
    const larger = { text: `${largest.text}x` };
    expect(await refusedAt(larger)).toEqual(['input.claims']);
  });

  it.each([
    ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'scope', 'scp', 'client_id', 'azp', 'act', 'may_act', 'cnf'],
    ...['sid', 'nonce', 'auth_time', 'acr', 'amr', 'at_hash', 'c_hash', 'events', 'sub_id', 'authorization_details'],
    'organization_id',
  ])('do not take the place of what means something already: %s', async (name) => {
    for (const value of ['x', 1, null]) {
      expect(await refusedAt({ plan: 'large', [name]: value })).toEqual([`input.claims.${name}`]);
    }
    expect(pathsIn(await sendLiteral(`{ ${name}: "x" }`))).toEqual([`input.claims.${name}`]);
  });

  it.each(['', ' ', 'a b', '_plan', '1plan', '-', 'pl\u0000an', 'plän', 'a\nb', '$ref', '@type', 'a'.repeat(129)])(
    'have names that nobody stumbles over, which %j is not',
    async (name) => {
      expect(await refusedAt({ [name]: 1 })).toEqual(['input.claims']);
    },
  );

  it('have names of 128 characters at most', async () => {
    const claims = { ['a'.repeat(128)]: 1 };
    expect(claimsOf(await issued(claims))).toMatchObject(claims);
  });

  it('are not called __proto__, neither in variables nor in the document', async () => {
    const { status, errors } = await sendWritten('{"__proto__":{"plan":"large"}}');
    expect([status, errors!.map(({ extensions }) => extensions.code)]).toEqual([400, ['BAD_REQUEST']]);
    const literal = await sendLiteral('{ __proto__: { plan: "large" } }');
    expect(pathsIn(literal)).toEqual(['input.claims']);
  });

  it.each(['constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'toJSON', 'then'])(
    'may be called %s, which is then a claim like any other',
    async (name) => {
      const token = await issued({ [name]: 'x' });
      const literal = await sendLiteral(`{ ${name}: "x" }`);
      expected += 1;
      for (const given of [token, literal.data.issueIntegrationToken.token]) {
        const claims = claimsOf(given);
        expect(Object.hasOwn(claims, name)).toBe(true);
        expect(claims[name]).toBe('x');
        const verified = (await verdictOn(world, given)).claims!;
        expect(Object.hasOwn(verified, name)).toBe(true);
      }
    },
  );

  it('are nested eight levels at most', async () => {
    const claims = { deep: nested(8) };
    expect(claimsOf(await issued(claims))).toMatchObject(claims);
    expect(await refusedAt({ plan: 'large', deep: nested(9) })).toEqual(['input.claims.deep']);
  });

  it.each([
    ['lists', '[', ']', 100_000],
    ['objects', '{"a":', '}', 100_000],
    ['objects in lists', '[{"a":', '}]', 50_000],
  ])('of a hundred thousand levels are refused, and are no fault: %s', async (_, open, close, levels) => {
    const answer = await sendWritten(`{"deep":${open.repeat(levels)}1${close.repeat(levels)}}`);
    expect(answer.status).toBe(400);
    expect(answer.errors!.map(({ extensions }) => extensions)).toMatchObject([
      { code: 'QUERY_TOO_COMPLEX', limit: 'nesting' },
    ]);
  });

  it.each(['"x"', '7', 'true', '["x"]', '[]', '[{"plan":1}]'])('are an object, not %s', async (claims) => {
    const { status, errors } = await sendWritten(claims);
    expect(status).toBeLessThan(500);
    expect(errors!.map(({ extensions }) => extensions)).toMatchObject([
      { code: 'BAD_USER_INPUT', issues: [{ path: 'input.claims' }] },
    ]);
    const literal = await sendLiteral(claims);
    expect(literal.errors![0]!.extensions.code).toMatch(/^GRAPHQL_(VALIDATION|PARSE)_FAILED$/);
  });

  it('that are wrong are refused together with all else that is', async () => {
    const answer = await issue(world, world.admin, { subject: '', expiresIn: 1, claims: { iss: 'x' } });
    expect(pathsIn(answer).sort()).toEqual(['input.claims.iss', 'input.expiresIn', 'input.subject']);
  });
});
