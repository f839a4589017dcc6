// What the side-by-side comparison can be told.

import { parseArgs } from 'node:util';
import { OptionError, positive } from '../command.mjs';

export const help = `Compares this gateway with PostGraphile 5, Mercurius and a server without GraphQL, on the same tables.

  node bench/side-by-side.mjs [options]

  --json <file>     writes everything that was measured to a file
  --cache <folder>  keeps the database there for the next run; without it, it is thrown away
  --rounds <n>      how often everything is measured (5)
  --seconds <s>     how long each measurement takes, without the warm-up before it (4)
  --only <names>    some of the workloads, by comma: W1,W2,W3,W4,mixed
  --against <names> some of the others, by comma: postgraphile,mercurius,floor
  --prove           proves that all answer the same and counts SQL statements, but measures no speed
  --help            says this

The size of the data set is read from the environment: SIDE_BY_SIDE_ORGANIZATIONS (500), SIDE_BY_SIDE_USERS (50000),
SIDE_BY_SIDE_MEMBERS (100000) and SIDE_BY_SIDE_LARGEST (20000), the members of one organization among them.
SIDE_BY_SIDE_CONNECTIONS (20) is how many database connections each server has, and SIDE_BY_SIDE_NODE the Node.js that runs
the gateway, if it is to be another one than that of the others.

It first proves that all servers answer the same content, or ends with 1. It exits with 1 as well if an answer was wrong or
a bound is not met. With all its five rounds it takes about twenty-five minutes of a machine that does nothing else.`;

const workloadNames = ['W1', 'W2', 'W3', 'W4', 'mixed'];
const competitorNames = ['postgraphile', 'mercurius', 'floor'];

/** @throws {OptionError} naming what is wrong. */
export function readOptions(args, env) {
  const values = parsed(args);
  const size = (name, fallback) => positive(`SIDE_BY_SIDE_${name}`, env[`SIDE_BY_SIDE_${name}`] || fallback);
  return {
    help: values.help,
    json: values.json,
    cache: values.cache,
    prove: values.prove,
    rounds: positive('--rounds', values.rounds),
    seconds: positive('--seconds', values.seconds),
    workloads: someOf('--only', values.only, workloadNames),
    competitors: someOf('--against', values.against, competitorNames),
    connections: size('CONNECTIONS', 20),
    gatewayNode: env.SIDE_BY_SIDE_NODE || undefined,
    sizes: {
      organizations: size('ORGANIZATIONS', 500),
      users: size('USERS', 50_000),
      members: size('MEMBERS', 100_000),
      largest: size('LARGEST', 20_000),
    },
  };
}

function parsed(args) {
  try {
    return parseArgs({
      args,
      options: {
        json: { type: 'string' },
        cache: { type: 'string' },
        rounds: { type: 'string', default: '5' },
        seconds: { type: 'string', default: '4' },
        only: { type: 'string', default: workloadNames.join(',') },
        against: { type: 'string', default: competitorNames.join(',') },
        prove: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new OptionError(error.message);
  }
}

function someOf(name, text, all) {
  const wanted = text.split(',').map((part) => part.trim());
  const unknown = wanted.filter((part) => !all.includes(part));
  if (unknown.length > 0) throw new OptionError(`${name}: there is no ${unknown.join(', ')}, only ${all.join(', ')}`);
  return all.filter((part) => wanted.includes(part));
}
