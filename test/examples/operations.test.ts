import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, Kind, type OperationDefinitionNode, parse, validate } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { demoAccount } from '../../src/demo-data.js';
import { readExamples } from '../../src/http/explorer/examples.js';
import { send } from '../support/client.js';
import { useOwnGateway } from '../support/own-gateway.js';

const schema = buildSchema(readFileSync(join(import.meta.dirname, '../../schema.graphql'), 'utf8'));
const gateway = useOwnGateway({ seed: 'demo' });

const operations = readExamples().flatMap(({ title, document }) =>
  parse(document)
    .definitions.filter((one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION)
    .map(({ name, loc }) => ({ title, name: name!.value, document, text: document.slice(loc!.start, loc!.end) })),
);

describe('the examples of the explorers', () => {
  let headers: Record<string, string>;
  const variables: Record<string, string> = {};

  beforeAll(async () => {
    const logIn = `mutation ($email: String!, $password: String!) {
      login(input: { email: $email, password: $password }) { session { accessToken } }
    }`;
    const signedIn = await send<{ login: { session: { accessToken: string } } }, object>(
      gateway().url,
      logIn,
      demoAccount,
    );
    headers = { authorization: `Bearer ${signedIn.data.login.session.accessToken}` };
    const find =
      '{ organizationBySlug(slug: "northwind") { id members(filter: { search: "owen" }) { nodes { id } } } }';
    const found = await send<{ organizationBySlug: { id: string; members: { nodes: [{ id: string }] } } }, object>(
      gateway().url,
      find,
      {},
      headers,
    );
    headers['x-organization-id'] = found.data.organizationBySlug.id;
    variables.memberId = found.data.organizationBySlug.members.nodes[0].id;
  });

  it('leave open only what the explorers fill in', () => {
    expect(readExamples().flatMap(({ variables }) => variables)).toEqual(['memberId']);
    expect(operations.length).toBeGreaterThan(10);
  });

  it.each(operations)('$name fits the schema, and answers the demo account without an error', async ({ text }) => {
    expect(validate(schema, parse(text))).toEqual([]);
    const { status, errors } = await send(gateway().url, text, text.includes('$memberId') ? variables : {}, headers);
    expect({ status, errors }).toEqual({ status: 200, errors: undefined });
  });

  it('sign in as the demo account', () => {
    const signIn = operations.find(({ name }) => name === 'SignIn')!;
    for (const value of Object.values(demoAccount)) expect(signIn.text).toContain(JSON.stringify(value));
  });
});
