import type { Command } from './command.js';

/** All commands, in the order in which somebody new needs them. What they do is loaded when one is run. */
export const commands: readonly Command[] = [
  {
    name: 'start',
    summary: 'Starts the gateway, as npm start does.',
    options: {},
    run: async (terminal) => (await import('./start.js')).start(terminal),
  },
  {
    name: 'migrate',
    summary: 'Applies the migrations that the database does not have yet.',
    options: { status: { type: 'boolean', help: 'Only says which are missing; exit code 1 if any is.' } },
    run: async (terminal, given) => (await import('./migrate.js')).migrate(terminal, given),
  },
  {
    name: 'seed',
    summary: 'Fills an empty database with demo data.',
    details: ['Refused in production, and where there is any user.'],
    options: {},
    run: async (terminal) => (await import('./seed.js')).seed(terminal),
  },
  {
    name: 'doctor',
    summary: 'Checks configuration, database, migrations, keys, queue and mail, and says what to do.',
    details: ['Exit code 1 if a check fails; a warning is no failure.'],
    options: { json: { type: 'boolean', help: 'Prints the checks as one JSON object.' } },
    run: async (terminal, given) => (await import('./doctor.js')).doctor(terminal, given),
  },
  {
    name: 'create-super-admin',
    summary: 'Makes a super admin, who stands above all organizations.',
    details: [
      'The password is asked for, or read from the standard input; it is never an argument, which others could see.',
    ],
    options: {
      email: { type: 'string', value: '<address>', isRequired: true, help: 'Whose account it is.' },
      'password-stdin': { type: 'boolean', help: 'Reads the password from the first line of the standard input.' },
      existing: { type: 'boolean', help: 'Raises the account that the address has. The password is its own.' },
      another: { type: 'boolean', help: 'Also where there is a super admin already.' },
    },
    run: async (terminal, given) => (await import('./create-super-admin.js')).createSuperAdmin(terminal, given),
  },
  {
    name: 'export',
    summary: 'Writes one organization to a file: a JSON object a line, as of one moment.',
    details: [
      'API keys, integration keys and tokens stay: they are sealed for this server or name it. So do passwords, unless asked for.',
    ],
    options: {
      organization: { type: 'string', value: '<id or slug>', isRequired: true, help: 'Which one.' },
      output: {
        type: 'string',
        value: '<file>',
        help: 'Where to; - or nothing for the standard output. Never overwrites.',
      },
      'with-password-hashes': {
        type: 'boolean',
        help: 'Members keep their passwords. Guard the file like the database.',
      },
    },
    run: async (terminal, given) => (await import('./export.js')).exportCommand(terminal, given),
  },
  {
    name: 'import',
    summary: 'Brings in an organization from a file, all or nothing.',
    details: [
      'People are found by their addresses, or get accounts whose addresses nobody has proven; nothing of an account that is here',
      'changes. API keys and links of invitations have to be made anew.',
    ],
    options: {
      input: { type: 'string', value: '<file>', help: 'Where from; - or nothing for the standard input.' },
      'dry-run': { type: 'boolean', help: 'Checks and tries everything, and undoes it.' },
      slug: { type: 'string', value: '<slug>', help: 'Another slug than that of the file.' },
      plan: { type: 'string', value: '<key>', help: 'The plan that it is on here; the first one unless given.' },
      'as-copy': { type: 'boolean', help: 'With new ids, where the organization is here already.' },
      'with-password-hashes': { type: 'boolean', help: 'New accounts get the passwords of the file.' },
      'trust-unverified': {
        type: 'boolean',
        help: 'Also makes members of accounts here whose addresses nobody has proven.',
      },
    },
    run: async (terminal, given) => (await import('./import.js')).importCommand(terminal, given),
  },
];
