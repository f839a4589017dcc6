// Compares this gateway with PostGraphile 5, Mercurius and a server without GraphQL, on the same tables, one after the other.
// `node bench/side-by-side.mjs --help` says how; docs/performance.md says what is compared.

import { buildIfNeeded } from '../scripts/build.mjs';
import { help, OptionError, readOptions } from './side-by-side/options.mjs';

/** What ends each thing that was started. */
const started = [];
let ending;

/** Ends everything, the last first; whoever calls it again waits for the same end. */
function endAll() {
  ending ??= (async () => {
    for (const stop of started.splice(0).reverse()) await stop();
  })();
  return ending;
}

async function main(options) {
  await buildIfNeeded();
  const { compare } = await import('./side-by-side/compare.mjs');
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => endAll().finally(() => process.exit(130)));
  try {
    if (!(await compare(options, started))) process.exitCode = 1;
  } catch (error) {
    // What is ended on purpose fails in whatever way it can.
    if (!ending) throw error;
  } finally {
    await endAll();
  }
}

try {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options.help) process.stdout.write(`${help}\n`);
  else await main(options);
} catch (error) {
  process.stderr.write(`${error instanceof OptionError ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
