// Compares this gateway with PostGraphile 5, Mercurius and a server without GraphQL, on the same tables, one after the other.
// `node bench/side-by-side.mjs --help` says how; docs/performance.md says what is compared.

import { runBenchmark } from './command.mjs';
import { help, readOptions } from './side-by-side/options.mjs';

const load = async () => (await import('./side-by-side/compare.mjs')).compare;
await runBenchmark(() => readOptions(process.argv.slice(2), process.env), help, load);
