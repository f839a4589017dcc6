import type { ReadStream } from 'node:tty';

/** What a command has to do with the world around it. */
export interface Terminal {
  env: Readonly<Record<string, string | undefined>>;
  stdin: NodeJS.ReadStream | ReadStream;
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
}

/** What was given for the options of a command, by name. */
export type Given = Readonly<Record<string, string | boolean | undefined>>;

/** What a command is called with, as its help has it. */
export interface Option {
  type: 'string' | 'boolean';
  /** What stands for the value in the help: `<file>`. */
  value?: string;
  /** The command does not run without it. */
  isRequired?: boolean;
  help: string;
}

export interface Command {
  name: string;
  summary: string;
  /** What the summary leaves out, in whole lines. */
  details?: readonly string[];
  options: Readonly<Record<string, Option>>;
  /** Loads the command, and runs it. The exit code is 0 if all is well, and 1 if not. */
  run(terminal: Terminal, given: Given): Promise<number>;
}

/** That the command line itself is wrong: exit code 2. */
export class UsageError extends Error {}

/** Why a command cannot do what it was asked to, in a sentence that says what to do: exit code 1. */
export class CommandFailed extends Error {}

export const exitCodes = { fine: 0, failed: 1, wrongUse: 2 } as const;

export function say(stream: NodeJS.WritableStream, ...lines: string[]): void {
  if (lines.length > 0) stream.write(`${lines.join('\n')}\n`);
}
