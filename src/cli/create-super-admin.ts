import { sealOf } from '../configured.js';
import { email as emailType, password as passwordType } from '../graphql/validation.js';
import { createSuperAdmin as create } from '../modules/user/first-super-admin.service.js';
import { readConfig } from '../platform/config.js';
import { type Command, CommandFailed, exitCodes, type Given, say, type Terminal, UsageError } from './command.js';
import { assertMigrated, withDatabase, withPools } from './connection.js';
import { askForPassword, firstLineOf } from './password-prompt.js';
import { plansOf } from './services.js';

/** Makes a super admin; the password comes from who sits there, or from the standard input. */
export const createSuperAdmin: Command['run'] = async (terminal: Terminal, given: Given) => {
  const config = readConfig(terminal.env);
  const email = emailType.safeParse(given.email);
  if (!email.success) throw new UsageError(`${String(given.email)} is not an e-mail address.`);
  return withDatabase(config, { mayMake: false }, (connection) =>
    withPools(config, connection, async (db) => {
      await assertMigrated(db);
      const password = await passwordFrom(terminal, given);
      const services = { db, plans: plansOf(config), seal: await sealOf(config) };
      const done = await create(
        services,
        { email: email.data, password },
        { another: given.another === true, existing: given.existing === true },
      );
      say(
        terminal.stdout,
        done === 'MADE'
          ? `${email.data} is a super admin now, with a new account. Its address is not verified yet.`
          : `The account of ${email.data} is a super admin's from now on.`,
      );
      return exitCodes.fine;
    }),
  );
};

async function passwordFrom(terminal: Terminal, given: Given): Promise<string> {
  const { stdin, stderr } = terminal;
  const typed = given['password-stdin']
    ? await firstLineOf(stdin)
    : await askForPassword(stdin, stderr, !given.existing);
  const checked = passwordType.safeParse(typed);
  if (checked.success) return checked.data;
  throw new CommandFailed(`The password ${checked.error.issues[0]!.message}.`);
}
