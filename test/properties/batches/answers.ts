import { isDeepStrictEqual } from 'node:util';
import type { Answer, AnsweredError } from '../../support/client.js';

/** What a request is told whose own statement has failed. */
const faults = new Set(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE']);

export const isFault = ({ extensions }: AnsweredError): boolean => faults.has(extensions.code);

/** Says of an error again whether it is right, by asking for nothing else. */
type Recheck = (error: AnsweredError) => Promise<boolean>;

/**
 * What is wrong with an answer, beside the one that the same request got alone; nothing if null.
 *
 * What failed may be missing, and only that. Of two fields that fail under the same parent it is a matter of time which one is
 * told, so an error that was not told before is looked at by itself.
 */
export async function wrongIn(
  answer: Answer<unknown>,
  alone: Answer<unknown>,
  recheck: Recheck,
): Promise<string | null> {
  const errors = answer.errors ?? [];
  const failed = errors.filter(isFault);
  const isWhole = failed.some(({ path }) => path === undefined);
  if (answer.status !== alone.status && failed.length === 0)
    return `status ${answer.status} instead of ${alone.status}`;
  if (isWhole) return answer.data == null ? null : 'data beside the failure of the whole request';
  const place = differenceOf(
    answer.data ?? null,
    alone.data ?? null,
    failed.map(({ path }) => path!),
    [],
  );
  if (place) return place;
  const known = alone.errors ?? [];
  for (const error of errors) {
    if (isFault(error) || known.some((other) => isDeepStrictEqual(comparable(other), comparable(error)))) continue;
    if (known.length === 0 || !(await recheck(error))) return `an error of its own: ${JSON.stringify(error)}`;
  }
  if (known.length > 0 && errors.length === 0) return `without ${JSON.stringify(known[0])}`;
  return null;
}

/** An error without where in the document it is. */
export function comparable({ message, path, extensions }: AnsweredError) {
  return { message, path: path ?? null, extensions };
}

/** Where data differs from what it should be; a null is right if one of the failures lies at it or below. */
function differenceOf(
  actual: unknown,
  expected: unknown,
  failed: readonly (string | number)[][],
  path: (string | number)[],
): string | null {
  const isAbove = (failure: readonly (string | number)[]) => path.every((step, index) => failure[index] === step);
  if (actual === null && expected !== null && failed.some(isAbove)) return null;
  if (!isObject(actual) || !isObject(expected)) {
    if (actual === expected) return null;
    return `${path.join('.')}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`;
  }
  const keys = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
  for (const key of keys) {
    const step = Array.isArray(expected) ? Number(key) : key;
    const found = differenceOf(actual[key], expected[key], failed, [...path, step]);
    if (found) return found;
  }
  return null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
