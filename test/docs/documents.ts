import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

export function readDocument(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** The paths of all documents that people read, from the root of the checkout. */
export function allDocuments(): string[] {
  const within = (folder: string) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md') && !/(^|\/)(node_modules|dist)\//.test(name))
      .map((name) => `${folder}/${name}`);
  const atTheRoot = readdirSync(root).filter((name) => name.endsWith('.md'));
  return [...atTheRoot, ...['docs', 'examples', 'deploy', 'bench'].flatMap(within)].sort();
}

/** A fenced block of a document. */
export interface Block {
  document: string;
  /** The line of its fence, from 1. */
  line: number;
  language: string;
  /** What stands behind the language, and what for: `in=client`, or `output` alone. */
  marks: Record<string, string>;
  text: string;
}

/** The fenced blocks of a document, in order. */
export function blocksOf(document: string): Block[] {
  const markdown = readDocument(document);
  return [...markdown.matchAll(/^```([\w-]*)([^\n]*)\n([\s\S]*?)^```$/gm)].map(
    ({ index, 1: language, 2: marks, 3: text }) => ({
      document,
      line: markdown.slice(0, index).split('\n').length,
      language: language!,
      marks: Object.fromEntries(
        [...marks!.matchAll(/([\w-]+)(?:=(?:"([^"]*)"|(\S+)))?/g)].map(([, name, quoted, plain]) => [
          name!,
          quoted ?? plain ?? '',
        ]),
      ),
      text: text!.trimEnd(),
    }),
  );
}

/** The text of a document without its fenced blocks, whose lines are left empty. */
export function proseOf(document: string): string {
  return readDocument(document).replace(/^```[\s\S]*?^```$/gm, (block) => block.replace(/[^\n]/g, ''));
}

/** The cells of each row of the table below this heading of columns. */
export function tableRows(markdown: string, firstColumn: string): string[][] {
  const lines = markdown.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${firstColumn} |`));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return lines.slice(start + 2, end === -1 ? undefined : end).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** What stands in backticks. */
export function codesIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
}
