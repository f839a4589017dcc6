import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { allDocuments, type Block, blocksOf, proseOf, readDocument, root } from './documents.js';
import { type Kind, kindOf } from './kinds.js';

const blocks = allDocuments().flatMap(blocksOf);
const of = (kind: Kind) => blocks.filter((block) => kindOf(block) === kind);
const placeOf = ({ document, line }: Block) => `${document}:${line}`;

/** What the documents show and no test runs. Whoever adds to it has a reason that a reviewer believes. */
const skipped = [
  'CONTRIBUTING.md: a test cannot run the tests',
  'CONTRIBUTING.md: writes a migration',
  'docs/operations.md: for Prometheus',
  'docs/performance.md: takes a quiet machine',
  'docs/scale.md: needs Citus',
  'docs/scale.md: the schema of another subgraph',
];

describe('the blocks of all documents', () => {
  it('are each of a kind that is tested, or skipped for a reason that was reviewed', () => {
    expect(() => blocks.map(kindOf)).not.toThrow();
    expect(of('skipped').map(({ document, marks }) => `${document}: ${marks.skip}`)).toEqual(skipped);
  });

  it('are there to be tested', () => {
    for (const kind of ['run', 'walk', 'output', 'ci', 'document', 'code'] as const) {
      expect(of(kind).length, kind).toBeGreaterThan(0);
    }
  });

  it('stand in documents in which every fence is closed', () => {
    const fences = (document: string) => readDocument(document).match(/^\s*(```|~~~)/gm)?.length ?? 0;
    const open = allDocuments().filter((document) => fences(document) !== 2 * blocksOf(document).length);
    expect(open).toEqual([]);
  });

  it('that are files are named in the sentence before them', () => {
    const files = blocks.filter(({ marks }) => marks.file);
    const unnamed = files.filter(({ document, line, marks }) => {
      const before = proseOf(document)
        .split('\n')
        .slice(0, line - 1);
      return !before.slice(-4).join('\n').includes(`\`${marks.file}\``);
    });
    expect(unnamed.map(placeOf)).toEqual([]);
  });
});

describe('a block of GraphQL', () => {
  const schema = buildSchema(readDocument('schema.graphql'));

  it.each(of('document').map((block) => ({ place: placeOf(block), text: block.text })))(
    'at $place fits the schema',
    ({ text }) => {
      expect(validate(schema, parse(text))).toEqual([]);
    },
  );
});

it.each(of('data').map((block) => ({ place: placeOf(block), text: block.text })))(
  'the JSON at $place can be read',
  ({ text }) => {
    expect(() => JSON.parse(text)).not.toThrow();
  },
);

describe('a block of TypeScript', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-blocks-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('compiles, whatever it is told by whoever copies it being declared', () => {
    const given = `declare global { const ${told.map((name) => `${name}: string`).join(', ')}; }\nexport {};\n`;
    writeFileSync(join(folder, 'given.d.ts'), given);
    const files = of('code').map((block) => {
      const file = join(folder, `${placeOf(block).replace(/\W/g, '_')}.ts`);
      writeFileSync(file, `${block.text}\nexport {};\n`);
      return file;
    });
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
    const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
    const program = ts.createProgram([join(folder, 'given.d.ts'), ...files], { ...options, noUnusedLocals: false });
    const problems = ts.getPreEmitDiagnostics(program).map(({ messageText, file }) => ({
      in: file?.fileName.replace(folder, ''),
      problem: ts.flattenDiagnosticMessageText(messageText, '\n'),
    }));
    expect(problems).toEqual([]);
  });
});

/** What the code in the documents leaves to whoever copies it. */
const told = ['gateway', 'issuer', 'organizationId', 'audience', 'token'];
