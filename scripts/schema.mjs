// Writes schema.graphql, and the same as a subgraph, from the TypeGraphQL classes; with --check it only compares, and exits 1 if
// they differ.
import { readFile, writeFile } from 'node:fs/promises';
import { buildIfNeeded } from './build.mjs';

await buildIfNeeded();
const { printedSchema, printedSubgraph } = await import('../dist/schema.js');
const texts = { 'schema.graphql': printedSchema(), 'schema.federation.graphql': printedSubgraph() };
for (const [name, printed] of Object.entries(texts)) {
  const file = new URL(`../${name}`, import.meta.url);
  if (!process.argv.includes('--check')) await writeFile(file, printed);
  else if ((await readFile(file, 'utf8').catch(() => '')) !== printed) {
    process.stderr.write(`${name} is out of date. Run: npm run schema\n`);
    process.exitCode = 1;
  }
}
