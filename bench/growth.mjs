// Measures whether what the gateway answers takes longer as the data grows: pages of members and their numbers in organizations
// of 10, 1,000, 100,000 and 1,000,000 members, pages of the organizations of users who belong to 1, 100 and 10,000, and the
// memory of the gateway under load. Exits 1 if a page of the largest organization takes too much longer than one of 1,000.
//
//   node bench/growth.mjs [--cache <folder>] [--members <n>] [--rounds <n>]
//
// `node bench/growth.mjs --help` says how.

import { buildIfNeeded } from '../scripts/build.mjs';
import { help, OptionError, readOptions } from './growth/options.mjs';

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
  const { run } = await import('./growth/run.mjs');
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => endAll().finally(() => process.exit(130)));
  try {
    if (!(await run(options, started))) process.exitCode = 1;
  } catch (error) {
    // What is ended on purpose fails in whatever way it can.
    if (!ending) throw error;
  } finally {
    await endAll();
  }
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(`${help}\n`);
  else await main(options);
} catch (error) {
  process.stderr.write(`${error instanceof OptionError ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
