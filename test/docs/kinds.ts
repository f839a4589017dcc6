import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Block, readDocument, root } from './documents.js';

/**
 * What becomes of a fenced block when the documents are tested:
 *
 * - `run`: a shell command that is typed while the demo runs, in the order of the document;
 * - `walk`: a command, or a file (`file=`), of somebody who begins in an empty folder (`in=`);
 * - `output`: what the command above it prints there;
 * - `ci`: commands that CI takes as its own steps;
 * - `elsewhere`: run by a test of its own (`by=`), which names the document;
 * - `document`: GraphQL that fits the schema, and that the demo answers if it needs no variables;
 * - `code`: TypeScript that compiles;
 * - `data`: JSON that can be read;
 * - `text`: nothing to run, such as a tree of files;
 * - `skipped`: for a reason that stands behind its language (`skip="needs Docker"`), and on the list in `blocks.test.ts`.
 */
export type Kind = 'run' | 'walk' | 'output' | 'ci' | 'elsewhere' | 'document' | 'code' | 'data' | 'text' | 'skipped';

/** @throws {Error} if nobody has said what is to become of such a block. */
export function kindOf({ document, line, language, marks, text }: Block): Kind {
  const unknown = Object.keys(marks).filter((mark) => !['in', 'file', 'skip', 'by', 'output'].includes(mark));
  if (unknown.length > 0) throw new Error(`${document}:${line} has an unknown mark: ${unknown.join(', ')}`);
  if (marks.skip) return 'skipped';
  if (marks.by) {
    if (existsSync(join(root, marks.by)) && readDocument(marks.by).includes(document)) return 'elsewhere';
    throw new Error(`${document}:${line} is not run by ${marks.by}`);
  }
  if (marks.in) return marks.output === undefined ? 'walk' : 'output';
  if (language === 'sh') return commandsOf(text).every(isStepOfCi) ? 'ci' : 'run';
  if (language === 'graphql') return 'document';
  if (language === 'ts') return 'code';
  if (language === 'json') return 'data';
  if (language === 'text') return 'text';
  throw new Error(`${document}:${line} is a block of a language that no test knows: “${language}”`);
}

const steps = [...readDocument('.ci/run').matchAll(/^step (.+)$/gm)].map(([, step]) => step!);

/** Each command of a block, without comments. */
function commandsOf(text: string): string[] {
  return text
    .split(/\n|&&/)
    .map((command) => command.replace(/(^|\s)#.*$/, '').trim())
    .filter(Boolean);
}

/** Whether CI runs it, or, for `npm start`, the tests do that start gateways as a person would. */
function isStepOfCi(command: string): boolean {
  if (command === 'npm start') return existsSync(join(root, 'test/examples/started-gateway.ts'));
  return steps.some((step) => step === command || step.startsWith(`${command} --no-`));
}
