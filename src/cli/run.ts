import { parseArgs } from 'node:util';
import { version } from '../platform/version.js';
import { type Command, CommandFailed, exitCodes, type Given, say, type Terminal, UsageError } from './command.js';
import { commands } from './commands.js';
import { helpOf, overview } from './help.js';
import { nearest } from './nearest.js';

/**
 * Does what a command line says.
 *
 * @param words the command line without the name of the program.
 * @returns the exit code.
 */
export async function runCommandLine(words: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(words, terminal);
  } catch (error) {
    if (error instanceof UsageError) {
      say(terminal.stderr, error.message);
      return exitCodes.wrongUse;
    }
    say(terminal.stderr, error instanceof CommandFailed ? error.message : await explained(error));
    return exitCodes.failed;
  }
}

async function dispatch(words: readonly string[], terminal: Terminal): Promise<number> {
  const [first, ...rest] = words;
  if (first === undefined) {
    say(terminal.stderr, overview(commands));
    return exitCodes.wrongUse;
  }
  if (first === '--help' || first === '-h') return print(terminal, overview(commands));
  if (first === '--version' || first === '-v') return print(terminal, version);
  if (first === 'help') return print(terminal, rest[0] ? helpOf(commandNamed(rest[0])) : overview(commands));
  const command = commandNamed(first);
  if (rest.includes('--help') || rest.includes('-h')) return print(terminal, helpOf(command));
  return command.run(terminal, optionsOf(command, rest));
}

function print(terminal: Terminal, text: string): number {
  say(terminal.stdout, text);
  return exitCodes.fine;
}

function commandNamed(name: string): Command {
  const command = commands.find((each) => each.name === name);
  if (command) return command;
  const kind = name.startsWith('-') ? 'option' : 'command';
  const meant = nearest(name, [...commands.map((each) => each.name), 'help', '--help', '--version']);
  throw new UsageError(`There is no ${kind} ${name}. ${hint(meant, 'tenantry --help')}`);
}

/** @throws {UsageError} for an option that there is not, that lacks its value, or that is missing. */
function optionsOf({ name, options }: Command, words: readonly string[]): Given {
  const help = `tenantry help ${name}`;
  const { tokens, values, positionals } = parseArgs({
    args: [...words],
    options: Object.fromEntries(Object.entries(options).map(([option, { type }]) => [option, { type }])),
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const option = options[token.name];
    if (!option) {
      const meant = nearest(token.name, Object.keys(options));
      throw new UsageError(`${name} has no option ${token.rawName}. ${hint(meant && `--${meant}`, help)}`);
    }
    const needsValue = option.type === 'string';
    // What looks like the next option is no value, unless it was said with an equals sign.
    const hasValue = token.value !== undefined && (token.inlineValue || !token.value.startsWith('--'));
    if (needsValue && !hasValue) throw new UsageError(`${token.rawName} needs a value: ${option.value}. See ${help}.`);
    if (!needsValue && token.value !== undefined) throw new UsageError(`${token.rawName} takes no value. See ${help}.`);
  }
  if (positionals.length > 0) throw new UsageError(`${name} takes no ${JSON.stringify(positionals[0])}. See ${help}.`);
  for (const [option, { isRequired, value }] of Object.entries(options)) {
    if (isRequired && !values[option]) throw new UsageError(`${name} needs --${option} ${value}. See ${help}.`);
  }
  return values as Given;
}

function hint(meant: string | undefined, help: string): string {
  return meant ? `Did you mean ${meant}?` : `See ${help}.`;
}

/** What a person has to know; what the domain refuses says it by itself, and so does what the system says of a file. */
async function explained(error: unknown): Promise<string> {
  const { code, message, path } = error as NodeJS.ErrnoException;
  if (code === 'EPIPE') return 'Whoever read the output has stopped reading.';
  if (path) return message;
  const [{ explain }, { DomainError }] = await Promise.all([import('../explain.js'), import('../platform/errors.js')]);
  return error instanceof DomainError ? `${error.code}: ${error.message}` : explain(error);
}
