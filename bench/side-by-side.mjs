// Compares this gateway with PostGraphile 5, Mercurius and a server without GraphQL, on the same tables, one after the other.
// `node bench/side-by-side.mjs --help` says how; docs/performance.md says what is compared.

import { buildIfNeeded } from '../scripts/build.mjs';
import { help, readOptions } from './side-by-side/options.mjs';

/** Ends everything that a comparison has started, the last first. */
async function end(started) {
  for (const stop of started.splice(0).reverse()) await stop();
}

async function main() {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options.help) return process.stdout.write(`${help}\n`);
  await buildIfNeeded();
  const { compare } = await import('./side-by-side/compare.mjs');
  const started = [];
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => end(started).finally(() => process.exit(130)));
  try {
    if (!(await compare(options, started))) process.exitCode = 1;
  } finally {
    await end(started);
  }
}

await main();
