import type { ReadStream } from 'node:tty';
import { CommandFailed, UsageError } from './command.js';

/** The first line of what comes in, without its end. */
export async function firstLineOf(input: AsyncIterable<Uint8Array | string>): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of input) {
    text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    if (text.includes('\n') || text.length > 4_096) break;
  }
  return text.split(/\r?\n/, 1)[0]!;
}

/**
 * Asks for a password without showing it.
 *
 * @param twice asks again, for a new one.
 * @throws {UsageError} if nobody sits there.
 * @throws {CommandFailed} if both differ, or whoever sits there gives up.
 */
export async function askForPassword(
  input: NodeJS.ReadStream,
  out: NodeJS.WritableStream,
  twice: boolean,
): Promise<string> {
  if (!input.isTTY) {
    throw new UsageError('There is no terminal to ask for the password. Give it with --password-stdin.');
  }
  const password = await ask(input, out, 'Password: ');
  if (twice && (await ask(input, out, 'Once more: ')) !== password)
    throw new CommandFailed('The two passwords differ.');
  return password;
}

function ask(input: ReadStream, out: NodeJS.WritableStream, question: string): Promise<string> {
  out.write(question);
  input.setRawMode(true).setEncoding('utf8').resume();
  return new Promise((resolve, reject) => {
    let typed: string[] = [];
    const end = (settle: () => void) => {
      input.off('data', listen).setRawMode(false).pause();
      out.write('\n');
      settle();
    };
    const listen = (text: string) => {
      for (const key of text) {
        if (key === '\r' || key === '\n' || key === '\u0004') return end(() => resolve(typed.join('')));
        if (key === '\u0003') return end(() => reject(new CommandFailed('Nothing was done.')));
        if (key === '\u007f' || key === '\b') typed = typed.slice(0, -1);
        else typed.push(key);
      }
    };
    input.on('data', listen);
  });
}
