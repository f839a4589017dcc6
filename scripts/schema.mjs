// Writes schema.graphql from the TypeGraphQL classes; with --check it only compares, and exits 1 if they differ.
import { readFile, writeFile } from 'node:fs/promises';
import { buildIfNeeded } from './build.mjs';

await buildIfNeeded();
const { printedSchema } = await import('../dist/schema.js');
const file = new URL('../schema.graphql', import.meta.url);
const printed = printedSchema();
if (process.argv.includes('--check')) {
  if ((await readFile(file, 'utf8').catch(() => '')) !== printed) {
    process.stderr.write('schema.graphql is out of date. Run: npm run schema\n');
    process.exit(1);
  }
} else {
  await writeFile(file, printed);
}
