import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Exported, exportOrganization, snapshot } from '../modules/transfer/export.service.js';
import { readConfig } from '../platform/config.js';
import { inLongTransaction } from '../platform/long-transaction.js';
import { exists } from '../platform/postgres-files.js';
import { CommandFailed, exitCodes, type Given, say, type Terminal } from './command.js';
import { withDatabase } from './connection.js';

/** Writes an organization to a file or to the standard output; what else there is to say goes to the standard error. */
export async function exportCommand({ env, stdout, stderr }: Terminal, given: Given): Promise<number> {
  const config = readConfig(env);
  const output = given.output === '-' ? undefined : (given.output as string | undefined);
  if (output && (await exists(output)))
    throw new CommandFailed(`${output} is there already. Remove it, or name another file.`);
  const asked = {
    organization: String(given.organization),
    withPasswordHashes: given['with-password-hashes'] === true,
  };
  const exported = await withDatabase(config, { mayMake: false }, ({ directUrl: url }) =>
    inLongTransaction({
      url,
      patienceMs: config.databaseTimeouts.connect,
      begin: snapshot,
      keep: false,
      work: async (run) => {
        const lines = exportOrganization(run, asked);
        return output ? writeFile(output, lines) : writeTo(stdout, lines, { end: false });
      },
    }),
  );
  say(stderr, ...summaryOf(exported, asked.withPasswordHashes));
  return exitCodes.fine;
}

/** The file appears when it is whole, and only its owner can read it: it holds the names and addresses of people. */
async function writeFile(path: string, lines: AsyncGenerator<string, Exported>): Promise<Exported> {
  const draft = `${path}.${process.pid}.part`;
  const file = await open(draft, 'wx', 0o600);
  try {
    const exported = await writeTo(file.createWriteStream({ flush: true }), lines, { end: true });
    await rename(draft, path);
    return exported;
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function writeTo(
  out: NodeJS.WritableStream,
  lines: AsyncGenerator<string, Exported>,
  { end }: { end: boolean },
): Promise<Exported> {
  let exported!: Exported;
  const remember = async function* () {
    exported = yield* lines;
  };
  await pipeline(Readable.from(remember()), out, { end });
  return exported;
}

function summaryOf({ organization, counts, sha256, leftOut }: Exported, withPasswordHashes: boolean): string[] {
  const written = Object.entries(counts).filter(([, count]) => count > 0);
  const left = Object.entries(leftOut).map(([what, count]) => `${count} ${what}`);
  return [
    `Exported ${organization.name} (${organization.slug}): ${written.map(([name, count]) => `${count} ${name}`).join(', ')}.`,
    `SHA-256 of the lines before the last: ${sha256}`,
    ...(left.length > 0 ? [`Not in the file: ${left.join(', ')}.`] : []),
    withPasswordHashes
      ? 'The file has the password hashes of the members: guard it like the database.'
      : 'Passwords are not in the file: where it is imported, people without an account choose one by "forgotten password".',
  ];
}
