import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { badInput, type DomainError } from '../../platform/errors.js';

/** More than any line of ours has, and few enough bytes to hold. */
const longestLine = 1_048_576;

/** A line of a file, as it was read. */
export interface Line {
  number: number;
  bytes: Buffer;
  value: { type?: unknown; [field: string]: unknown };
}

/** That something is wrong with a line, or with a field of it. */
export function wrongLine(number: number | bigint | string, message: string, field?: string): DomainError {
  return badInput({ path: field ? `line ${number}, ${field}` : `line ${number}`, message });
}

/**
 * Reads a file line by line, never more than one at a time.
 *
 * @throws {DomainError} BAD_USER_INPUT for what is no JSON object in UTF-8, and for a line that is too long.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let rest = Buffer.alloc(0);
  let number = 0;
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10, start)) {
      number += 1;
      yield toLine(number, rest.subarray(start, end));
      start = end + 1;
    }
    rest = rest.subarray(start);
    if (rest.length > longestLine) throw wrongLine(number + 1, `is longer than ${longestLine} bytes`);
  }
  if (rest.length > 0) throw wrongLine(number + 1, 'is cut off: the file does not end with a whole line');
}

function toLine(number: number, bytes: Buffer): Line {
  if (bytes.length > longestLine) throw wrongLine(number, `is longer than ${longestLine} bytes`);
  try {
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { number, bytes, value };
  } catch {
    // What it says of it is no help to whoever has the file.
  }
  throw wrongLine(number, 'is not a JSON object in UTF-8');
}

/**
 * A line as its type has it.
 *
 * @throws {DomainError} BAD_USER_INPUT with the line and the path of the first field that is wrong.
 */
export function checkedLine<Type extends z.ZodType>(type: Type, number: number, value: unknown): z.output<Type> {
  const result = type.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue?.code === 'unrecognized_keys') throw wrongLine(number, 'is not known', issue.keys[0]);
  throw wrongLine(number, issue?.message ?? 'is not valid', issue?.path.join('.'));
}

/** Adds up the lines before the trailer. */
export class LineDigest {
  readonly #hash = createHash('sha256');

  add({ bytes }: Line): void {
    this.#hash.update(bytes).update('\n');
  }

  hex(): string {
    return this.#hash.digest('hex');
  }
}
