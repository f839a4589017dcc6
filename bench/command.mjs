// What benchmarks that start servers have in common as commands.

import { buildIfNeeded } from '../scripts/build.mjs';

/** Something that was asked for cannot be. */
export class OptionError extends Error {}

export function positive(name, text) {
  const value = Number(text);
  if (!(value > 0)) throw new OptionError(`${name} has to be a number above 0`);
  return value;
}

/**
 * Runs a benchmark, and ends whatever it has started, however it ends itself. Exits with 1 if it says that something is not as it
 * should be.
 *
 * @param readOptions reads them from the command line; may throw an OptionError.
 * @param load imports what runs; it is given the options, and a list for what ends each thing that it starts.
 */
export async function runBenchmark(readOptions, help, load) {
  try {
    const options = readOptions();
    if (options.help) process.stdout.write(`${help}\n`);
    else await runToTheEnd(options, load);
  } catch (error) {
    process.stderr.write(`${error instanceof OptionError ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}

async function runToTheEnd(options, load) {
  const started = [];
  let ending;
  // The last first; whoever calls it again waits for the same end.
  const endAll = () => {
    ending ??= (async () => {
      for (const stop of started.splice(0).reverse()) await stop();
    })();
    return ending;
  };
  await buildIfNeeded();
  const run = await load();
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
