// What the measurement of growth can be told.

import { parseArgs } from 'node:util';
import { OptionError, positive } from '../command.mjs';

export const help = `Measures whether answers take longer as the data grows, of the built gateway in production mode over HTTP.

  node bench/growth.mjs [options]

  --cache <folder>  keeps the database there for the next run; without it, it is thrown away
  --members <n>     how many members the largest organization has, a power of ten from 10000 on (1000000)
  --rounds <n>      how often everything is measured (5)
  --requests <n>    how many requests of each case a round has (30)
  --seconds <s>     how long the load lasts under which memory is looked at (5)
  --only <text>     only the cases with this text in their name, such as NAME
  --help            says this

In every round each case has its turn: some requests to warm up, then those that are measured, one after the other on one
connection; what is slow has fewer of them. Printed are the medians of the rounds' p50 and p95, the CPU time that the gateway
and PostgreSQL took for a request, and the ratios of the p50 and of the CPU time to those of the organization of 1,000 members,
or of the user with 100 memberships.

PostgreSQL plans for an organization of average size. There are 10,000 small ones beside those that are compared, so the
average is small with --members 100000, as it mostly is, and ten times as large with a million: try both.

Loading a million members takes three minutes and 3 GB. It exits with 1 if a page of the largest organization takes more than
1.5 times as long, or as much CPU time, as the same page of the one with 1,000, or if an answer was wrong. Like the
side-by-side comparison it needs Node.js 22, or the one that has been installed for that.`;

/** @throws {OptionError} naming what is wrong. */
export function readOptions(args) {
  const values = parsed(args);
  const numbers = ['members', 'rounds', 'requests', 'seconds'].map((name) => [
    name,
    positive(`--${name}`, values[name]),
  ]);
  const options = { ...values, ...Object.fromEntries(numbers) };
  if (!/^10{4,}$/.test(values.members)) throw new OptionError('--members has to be a power of ten from 10000 on');
  return options;
}

function parsed(args) {
  try {
    return parseArgs({
      args,
      options: {
        cache: { type: 'string' },
        members: { type: 'string', default: '1000000' },
        rounds: { type: 'string', default: '5' },
        requests: { type: 'string', default: '30' },
        seconds: { type: 'string', default: '5' },
        only: { type: 'string', default: '' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new OptionError(error.message);
  }
}
