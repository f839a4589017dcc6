import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { buildSchema, isEnumType, isInputObjectType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { environment } from '../../src/platform/environment.js';
import { allDocuments, blocksOf, codesIn, proseOf, readDocument, root } from './documents.js';

const documents = allDocuments();
const schema = buildSchema(readDocument('schema.graphql'));

/** The npm scripts of the repository, and those of the folder that a document stands in. */
function scriptsOf(document: string): Record<string, string> {
  const manifests = ['package.json', join(dirname(document), 'package.json')].filter((path) =>
    existsSync(join(root, path)),
  );
  return Object.assign({}, ...manifests.map((path) => JSON.parse(readDocument(path)).scripts));
}

/** What is said in a document and not true, as `document: what`. */
function wrong(find: (document: string) => string[]): string[] {
  return documents.flatMap((document) => find(document).map((what) => `${document}: ${what}`));
}

describe('what the documents refer to', () => {
  it('is many documents', () => {
    expect(documents).toEqual(
      expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/guide.md', 'docs/api/mutations.md']),
    );
    expect(documents.length).toBeGreaterThan(30);
  });

  it('is there: files and headings that are linked to', () => {
    const links = (document: string) =>
      [...proseOf(document).matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, target]) => target!)
        .filter((target) => !/^\w+:/.test(target));
    expect(documents.flatMap(links).length).toBeGreaterThan(500);
    expect(wrong((document) => links(document).filter((target) => !leadsSomewhere(document, target)))).toEqual([]);
  });

  it('is reachable from the README', () => {
    const reached = new Set<string>();
    const follow = (document: string) => {
      if (reached.has(document)) return;
      reached.add(document);
      for (const [, target] of proseOf(document).matchAll(/\]\(([^)#\s]+\.md)[^)]*\)/g))
        follow(normalize(join(dirname(document), target!)));
    };
    follow('README.md');
    const hidden = documents.filter(
      (document) => !reached.has(document) && !/^(docs\/adr\/|SECURITY\.md$)/.test(document),
    );
    expect(hidden).toEqual([]);
  });

  it('is there: files and folders that are named', () => {
    const named = (document: string) =>
      codesIn(proseOf(document)).flatMap((code) =>
        [
          ...code.matchAll(/(?<=^|\s)(?:src|test|docs|scripts|examples|bench|deploy|prisma|\.ci)\/[\w./-]+(?=$|\s)/g),
        ].map(([path]) => path),
      );
    expect(documents.flatMap(named).length).toBeGreaterThan(100);
    expect(wrong((document) => named(document).filter((path) => !existsSync(join(root, path))))).toEqual([]);
  });

  it('is there: the folders of the layout', () => {
    const layout = blocksOf('CONTRIBUTING.md')
      .find(({ language }) => language === 'text')!
      .text.split('\n');
    expect(layout.length).toBeGreaterThan(10);
    expect(layout.filter((line) => !existsSync(join(root, line.split(/\s+/)[0]!)))).toEqual([]);
  });

  it('is there: npm scripts', () => {
    const named = (document: string) =>
      [...readDocument(document).matchAll(/\bnpm (?:run )?((?:test|start)\b(?!:)|(?<=run )[a-z]\w*(?::\w+)*)/g)].map(
        ([, script]) => script!,
      );
    expect(documents.flatMap(named)).toEqual(
      expect.arrayContaining(['start', 'test', 'test:faults', 'schema:changes']),
    );
    expect(wrong((document) => named(document).filter((script) => !scriptsOf(document)[script]))).toEqual([]);
  });

  it('is there: ADRs by number', () => {
    const numbers = new Set(documents.map((document) => /^docs\/adr\/(\d{4})-/.exec(document)?.[1]));
    const named = (document: string) => [...proseOf(document).matchAll(/ADR (\d{4})/g)].map(([, number]) => number!);
    expect(wrong((document) => named(document).filter((number) => !numbers.has(number)))).toEqual([]);
  });

  it('is read: environment variables of the gateway', () => {
    const known = new Set(Object.keys(environment.shape));
    const named = (document: string) =>
      [...readDocument(document).matchAll(/\b(?:TENANTRY|DATABASE|MAIL|AUTH|CORS|APP)_[A-Z_]*[A-Z]\b(?![_…*])/g)].map(
        ([name]) => name,
      );
    expect(documents.flatMap(named).length).toBeGreaterThan(50);
    expect(wrong((document) => named(document).filter((name) => !known.has(name)))).toEqual([]);
  });

  it('is said by the sources: codes, reasons and other names in capitals', () => {
    const sampling = 'node_modules/@opentelemetry/sdk-trace-base/build/src/config.js';
    const said = new Set([
      ...(readDocument(sampling).match(/\bOTEL_\w+/g) ?? []),
      ...execFileSync('git', ['grep', '-ohE', '[A-Z][A-Z0-9]*(_[A-Z0-9]+)+', '--', ':!*.md', ':!test/docs'], {
        cwd: root,
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      }).split('\n'),
    ]);
    const named = (document: string) =>
      [...proseOf(document).matchAll(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b(?![_…*])/g)].map(([name]) => name);
    expect(documents.flatMap(named)).toEqual(expect.arrayContaining(['ROLE_CEILING', 'IDEMPOTENCY_KEY_REUSED']));
    expect(wrong((document) => named(document).filter((name) => !said.has(name)))).toEqual([]);
  });

  it('is in the schema: fields by the name of a type that is there', () => {
    const named = (document: string) =>
      codesIn(proseOf(document))
        .flatMap((code) => /^([A-Z]\w+)\.(\w+)$/.exec(code) ?? [])
        .filter((part) => part.includes('.'));
    const isThere = (coordinate: string) => {
      const [name, field] = coordinate.split('.');
      const type = schema.getType(name!);
      // Then it is a class of ours, or a file.
      if (!type) return true;
      if (isEnumType(type)) return type.getValue(field!) !== undefined;
      return isObjectType(type) || isInputObjectType(type) ? field! in type.getFields() : false;
    };
    expect(documents.flatMap(named).length).toBeGreaterThan(10);
    expect(wrong((document) => named(document).filter((coordinate) => !isThere(coordinate)))).toEqual([]);
  });
});

/** Whether there is such a file, and such a heading in it. */
function leadsSomewhere(from: string, target: string): boolean {
  const [path, heading] = target.split('#');
  const file = path ? normalize(join(dirname(from), path)) : from;
  if (!existsSync(join(root, file))) return false;
  return heading === undefined || anchorsOf(file).has(heading);
}

const anchors = new Map<string, Set<string>>();

/** The anchors that GitHub gives to the headings of a document. */
function anchorsOf(document: string): Set<string> {
  const known = anchors.get(document);
  if (known) return known;
  const found = new Set<string>();
  for (const [, heading] of proseOf(document).matchAll(/^#{1,6} (.+)$/gm)) {
    const anchor = heading!
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    for (let again = 0, name = anchor; ; again += 1, name = `${anchor}-${again}`) {
      if (found.has(name)) continue;
      found.add(name);
      break;
    }
  }
  anchors.set(document, found);
  return found;
}
