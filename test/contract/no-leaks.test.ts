import { getNamedType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { documentOf, literalOf } from './documents.js';
import { canary, searchEverything, useSearchedGateway } from './leak-search.js';
import { dump } from './leaks.js';
import { callerOf, operations } from './operations.js';
import { fieldsWithArguments, type Position, positionsOf, schema, valueAt, withValue } from './positions.js';
import { aScene } from './scene.js';

const searched = useSearchedGateway();
const { gateway, log, lines, plant, note, provoke, expectNothingRepeated } = searched;

/** The places of the schema in which a secret travels. */
function secretsOf(coordinate: string): Position[] {
  return positionsOf(coordinate).filter(
    ({ name, type }) => /password|token|secret/i.test(name) && getNamedType(type) === schema.getType('String'),
  );
}

const withSecrets = [...fieldsWithArguments().keys()].flatMap((coordinate) =>
  secretsOf(coordinate).map((position) => ({ coordinate, position, where: `${coordinate} ${position.path}` })),
);

describe('a secret that is sent', () => {
  it('is one of these', () => {
    expect(withSecrets.map(({ where }) => where).sort()).toEqual([
      'Mutation.acceptInvitation input.token',
      'Mutation.changePassword input.currentPassword',
      'Mutation.changePassword input.newPassword',
      'Mutation.declineInvitation input.token',
      'Mutation.login input.password',
      'Mutation.refreshSession input.refreshToken',
      'Mutation.register input.invitationToken',
      'Mutation.register input.password',
      'Mutation.requestEmailChange input.currentPassword',
      'Mutation.resetPassword input.newPassword',
      'Mutation.resetPassword input.token',
      'Mutation.revokeIntegrationToken input.token',
      'Mutation.rotateIntegrationToken input.token',
      'Mutation.verifyEmail input.token',
      'Query.invitationByToken token',
      'Query.verifyIntegrationToken input.token',
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
      note({ status: response.status, headers: response.headers, text: await response.text() }, secret, path);
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
      (secret) => ({ 'x-api-key': `tnt_${secret}` }),
      (secret) => ({ 'x-api-key': `tnt_${secret.slice(0, 43).padEnd(43, '_')}` }),
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
});

searchEverything(searched, { answers: 500, secrets: 400 });

describe('the search itself', () => {
  it('would find a secret in the log and in the database', async () => {
    const secret = canary();
    log.info({ note: secret }, 'found');
    expect(lines.at(-1)).toContain(secret);
    await gateway().services.db.prisma.$executeRawUnsafe(`INSERT INTO kept_jobs VALUES ('"${secret}"')`);
    expect((await dump(gateway())).includes(secret)).toBe(true);
  });

  it('reads a log that takes secrets out of what is logged', () => {
    const secret = canary();
    log.info({ password: secret, input: { refreshToken: secret }, req: { headers: { authorization: secret } } }, 'x');
    expect(lines.at(-1)).not.toContain(secret);
    expect(lines.at(-1)).toContain('[secret]');
  });
});
