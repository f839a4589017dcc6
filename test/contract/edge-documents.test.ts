import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDocuments } from '../../src/http/trusted-documents.js';
import { ConfigurationError } from '../../src/platform/config.js';
import { createSchema } from '../../src/schema.js';
import { useGateway } from '../support/gateway.js';
import { aPerson } from '../support/world.js';
import { asking, bodyOf, codeOf } from './answers.js';
import { bearer, post } from './requests.js';

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

const known = 'query Known { __typename }';
const withVariables = 'query WithVariables($id: ID!) { organization(id: $id) { id } }';
const change = 'mutation Change($name: String!) { updateMe(input: { fullName: $name }) { user { fullName } } }';
const unknown = 'query Unknown { __typename }';

let files = 0;
const folder = mkdtempSync(join(tmpdir(), 'tenantry-documents-'));

function writeFile(content: string): string {
  files += 1;
  const file = join(folder, `${files}.json`);
  writeFileSync(file, content);
  return file;
}

const manifestOf = (...texts: string[]) =>
  writeFile(JSON.stringify(Object.fromEntries(texts.map((text) => [hashOf(text), text]))));

const file = manifestOf(known, withVariables, change);
const gateway = useGateway({ trustedDocuments: { file, only: false } });
const strict = useGateway({ trustedDocuments: { file, only: true } });
const plain = useGateway();

const both = [
  ['a gateway that knows documents', gateway],
  ['a gateway that accepts nothing else', strict],
] as const;

const send = (to: typeof gateway, body: object, headers = {}) => post(to().url, JSON.stringify(body), headers);
const apollo = (text: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(text) } } });
const id = (text: string) => ({ documentId: `sha256:${hashOf(text)}` });
const typename = { data: { __typename: 'Query' } };

describe.each(both)('%s', (_, to) => {
  it.each([
    ['its id', id(known)],
    ['its bare hash', { documentId: hashOf(known) }],
    ['its id and its text', { ...id(known), query: known }],
    ['its hash as Apollo’s clients send it', apollo(known)],
    ['that hash and its text', { ...apollo(known), query: known }],
    ['its text', { query: known }],
  ])('runs a document by %s', async (_name, body) => {
    const answer = await send(to, body);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toEqual(typename);
  });

  it('runs a document by GET', async () => {
    const headers = { 'apollo-require-preflight': '1' };
    for (const parameters of [id(known), { extensions: JSON.stringify(apollo(known).extensions) }]) {
      const answer = await asking(to).get(`/graphql?${new URLSearchParams(parameters as never)}`, headers);
      expect(JSON.parse(answer.text)).toEqual(typename);
    }
  });

  it('runs no mutation by GET, however it is named', async () => {
    const parameters = { ...id(change), variables: JSON.stringify({ name: 'X' }) };
    const answer = await asking(to).get(`/graphql?${new URLSearchParams(parameters)}`, {
      'apollo-require-preflight': '1',
    });
    expect(answer.status).toBe(405);
  });

  it('gives the document its variables, and the caller', async () => {
    const person = await aPerson(to());
    const answer = await send(to, { ...id(change), variables: { name: 'Changed' } }, bearer(person));
    expect(bodyOf(answer).data).toEqual({ updateMe: { user: { fullName: 'Changed' } } });
  });

  it('does not know other ids', async () => {
    const answer = await send(to, id(unknown));
    expect(answer.status).toBe(404);
    expect(codeOf(answer)).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(codeOf(await send(to, apollo(unknown)))).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  it.each(['x', '', 'sha256:', `md5:${'a'.repeat(64)}`, hashOf(known).toUpperCase(), 7, {}, ['sha256:x'], true])(
    'refuses what is no id: %j',
    async (documentId) => {
      const answer = await send(to, { documentId });
      expect(answer.status).toBe(400);
      expect(codeOf(answer)).toBe('BAD_REQUEST');
    },
  );

  it('refuses the id of one document with the text of another', async () => {
    for (const body of [id(known), apollo(known)]) {
      for (const query of [withVariables, unknown]) {
        const answer = await send(to, { ...body, query });
        expect(answer.status).toBe(400);
        expect(codeOf(answer)).toBe('BAD_REQUEST');
      }
    }
  });

  it('refuses what is no text, also beside the id of a document that was sent before', async () => {
    for (let time = 0; time < 2; time += 1) expect((await send(to, id(known))).status).toBe(200);
    expect((await send(to, { ...id(known), query: { kind: 'Document' } })).status).toBe(400);
  });
});

describe('a gateway that accepts nothing but trusted documents', () => {
  it.each([
    unknown,
    ` ${known}`,
    `${known} `,
    `${known}#`,
    'query IntrospectionQuery { __schema { description } }',
    '{',
  ])('refuses any other text: %j', async (query) => {
    for (const body of [{ query }, { ...apollo(query), query }]) {
      const answer = await send(strict, body);
      expect(answer.status).toBe(403);
      expect(bodyOf(answer).errors).toEqual([
        { message: 'Only trusted documents are accepted here.', extensions: { code: 'FORBIDDEN' } },
      ]);
    }
  });

  it('lets nobody register one', async () => {
    await send(strict, { ...apollo(unknown), query: unknown });
    expect(codeOf(await send(strict, apollo(unknown)))).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  it('is told its document once, or not at all', async () => {
    const twice = new URLSearchParams([...Object.entries(id(known)), ['query', unknown], ['query', unknown]]);
    const answers = [await asking(strict).get(`/graphql?${twice}`, { 'apollo-require-preflight': '1' })];
    answers.push(await send(strict, { query: [unknown] }), await send(strict, { query: { kind: 'Document' } }));
    for (const answer of answers) expect(answer.text).not.toContain('"data"');
  });
});

describe('a gateway that is told of no documents', () => {
  it('still lets clients register theirs, as Apollo’s clients do', async () => {
    expect(codeOf(await send(plain, apollo(unknown)))).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(JSON.parse((await send(plain, { ...apollo(unknown), query: unknown })).text)).toEqual(typename);
    expect(JSON.parse((await send(plain, apollo(unknown))).text)).toEqual(typename);
  });

  it('knows no id', async () => {
    expect(codeOf(await send(plain, id(known)))).toBe('PERSISTED_QUERY_NOT_FOUND');
  });
});

describe('a manifest', () => {
  const problemsOf = async (path: string) => {
    try {
      await openDocuments({ file: path, only: false }, createSchema());
      return [];
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigurationError);
      return (error as ConfigurationError).problems;
    }
  };
  const wrongField = 'query Wrong { nothing }';
  const wrongSyntax = 'query {';
  const tooDeep = `{ ${'a { '.repeat(40)}b${' }'.repeat(40)} }`;

  it('that codegen writes is accepted as it is', async () => {
    const path = 'test/support/generated/persisted-documents.json';
    expect(await problemsOf(path)).toEqual([]);
    expect(Object.keys(JSON.parse(await readFile(path, 'utf8'))).length).toBeGreaterThan(10);
  });

  it.each([
    ['is not there', join(folder, 'missing.json'), 'TENANTRY_TRUSTED_DOCUMENTS: the file cannot be read (ENOENT)'],
    ['is a folder', folder, 'TENANTRY_TRUSTED_DOCUMENTS: the file cannot be read (EISDIR)'],
    ...['{', '', '[]', 'null', '"x"', '7'].map((content) => [
      `reads ${content || 'nothing'}`,
      writeFile(content),
      'TENANTRY_TRUSTED_DOCUMENTS: the file has to hold a JSON object of documents by the SHA-256 of their text',
    ]),
    [
      'has something else than texts',
      writeFile(JSON.stringify({ [hashOf(known)]: { query: known } })),
      `TENANTRY_TRUSTED_DOCUMENTS: ${hashOf(known)} is not a text`,
    ],
    [
      'has a text under another hash',
      writeFile(JSON.stringify({ [hashOf(known)]: unknown })),
      `TENANTRY_TRUSTED_DOCUMENTS: ${hashOf(known)} is not the SHA-256 of its text`,
    ],
    [
      'has a document that does not fit the schema',
      manifestOf(known, wrongField),
      `TENANTRY_TRUSTED_DOCUMENTS: ${hashOf(wrongField)} (Wrong): Cannot query field "nothing" on type "Query".`,
    ],
    [
      'has one that cannot be parsed',
      manifestOf(wrongSyntax),
      `TENANTRY_TRUSTED_DOCUMENTS: ${hashOf(wrongSyntax)}: Syntax Error: Expected Name, found <EOF>.`,
    ],
    [
      'has one that is over the limits',
      manifestOf(tooDeep),
      `TENANTRY_TRUSTED_DOCUMENTS: ${hashOf(tooDeep)}: The document is over the limit for depth: it has 41. At most 16 is allowed.`,
    ],
  ])('that %s ends the start', async (_, path, problem) => {
    expect(await problemsOf(path)).toEqual([problem]);
  });
});
