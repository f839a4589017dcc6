import { open } from 'node:fs/promises';
import { catalogueOf } from '../configured.js';
import { slug as slugType } from '../graphql/validation.js';
import { type Imported, type ImportOptions, importOrganization } from '../modules/transfer/import.service.js';
import { readConfig } from '../platform/config.js';
import { inLongTransaction } from '../platform/long-transaction.js';
import { exitCodes, type Given, say, type Terminal, UsageError } from './command.js';
import { assertMigrated, withDatabase } from './connection.js';
import { ownRequest, plansOf } from './services.js';

/** Brings in an organization from a file or from the standard input. */
export async function importCommand({ env, stdin, stdout }: Terminal, given: Given): Promise<number> {
  const config = readConfig(env);
  const services = { catalogue: catalogueOf(config), plans: plansOf(config), request: ownRequest() };
  const options = optionsOf(given);
  const dryRun = given['dry-run'] === true;
  // A file that is not there is noticed before anything is begun.
  const file = given.input && given.input !== '-' ? await open(String(given.input)) : undefined;
  try {
    const imported = await withDatabase(config, { mayMake: false }, ({ directUrl: url }) =>
      inLongTransaction({
        url,
        patienceMs: config.databaseTimeouts.connect,
        begin: 'BEGIN',
        keep: !dryRun,
        work: async (run) => {
          await assertMigrated({ run });
          return importOrganization(run, file?.createReadStream({ autoClose: false }) ?? stdin, services, options);
        },
      }),
    );
    say(stdout, ...summaryOf(imported, options, dryRun));
    return exitCodes.fine;
  } finally {
    await file?.close();
  }
}

function optionsOf(given: Given): ImportOptions {
  const slug = given.slug === undefined ? undefined : slugType.safeParse(given.slug);
  if (slug && !slug.success) throw new UsageError(`--slug ${slug.error.issues[0]!.message}.`);
  return {
    slug: slug?.data,
    plan: given.plan as string | undefined,
    asCopy: given['as-copy'] === true,
    withPasswordHashes: given['with-password-hashes'] === true,
    trustUnproven: given['trust-unverified'] === true,
  };
}

/** What was done, and what people have to do now. */
function summaryOf(
  { organization, counts, accounts, plan }: Imported,
  options: ImportOptions,
  dryRun: boolean,
): string[] {
  const written = Object.entries(counts).filter(([, count]) => count > 0);
  const { made, found, withoutUsername } = accounts;
  const lines = [
    `${dryRun ? 'Would import' : 'Imported'} ${organization.name} (${organization.slug}, ${organization.id}): ` +
      `${written.map(([name, count]) => `${count} ${name}`).join(', ')}.`,
    `Accounts: ${found} were here, ${made} are new${withoutUsername > 0 ? `, ${withoutUsername} of them without the username, which is taken here` : ''}.`,
  ];
  if (made > 0) {
    lines.push(
      options.withPasswordHashes
        ? 'New accounts have the passwords of the file, where it has any; their addresses are not verified.'
        : 'Nobody can sign in to a new account until its owner asks for a new password (requestPasswordReset).',
    );
  }
  if (counts.invitation > 0)
    lines.push('The links of pending invitations do not work here: send them again (resendInvitation).');
  if (plan.here !== plan.there)
    lines.push(`The plan is ${plan.here} here; it was ${plan.there}. --plan chooses another one.`);
  lines.push('API keys, integration keys and integration tokens have to be made anew.');
  if (dryRun) lines.push('Nothing was kept.');
  return lines;
}
