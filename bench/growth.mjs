// Measures whether what the gateway answers takes longer as the data grows: pages of members and their numbers in organizations
// of 10, 1,000, 100,000 and 1,000,000 members, pages of the organizations of users who belong to 1, 100 and 10,000, and the
// memory of the gateway under load. Exits 1 if a page of the largest organization takes too much longer than one of 1,000.
//
//   node bench/growth.mjs [--cache <folder>] [--members <n>] [--rounds <n>]
//
// `node bench/growth.mjs --help` says how.

import { runBenchmark } from './command.mjs';
import { help, readOptions } from './growth/options.mjs';

const load = async () => (await import('./growth/run.mjs')).run;
await runBenchmark(() => readOptions(process.argv.slice(2)), help, load);
