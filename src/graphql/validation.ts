import { z } from 'zod';
import { type KeyScope, keyScopes } from '../auth/key-scope.js';
import { badInput, type InputIssue } from '../platform/errors.js';
import { isId } from '../platform/id.js';
import { timeZoneName } from '../platform/timezone.js';

const shapes = new WeakMap<object, Record<string, z.ZodType>>();

/** Says what a field of an input or argument class has to look like. Texts are put into their normal form on the way. */
export function Valid(type: z.ZodType): PropertyDecorator {
  return (prototype, field) => {
    const shape = shapes.get(prototype) ?? {};
    shape[String(field)] = type;
    shapes.set(prototype, shape);
  };
}

/**
 * Checks what a resolver is about to get, and throws every problem at once, each with the path of its field. Passwords and
 * other values are never repeated.
 *
 * @throws {DomainError} BAD_USER_INPUT with `issues`.
 */
export function validateArgument(value: unknown, args: Readonly<Record<string, unknown>>): void {
  // What is no object, such as an id, is checked by whoever uses it.
  if (typeof value !== 'object' || value === null) return;
  const issues = problems(value, 'input' in args ? ['input'] : []);
  if (issues.length > 0) throw badInput(...issues);
}

/**
 * Checks one value by itself, for rules, which see arguments before resolvers do.
 *
 * @throws {DomainError} BAD_USER_INPUT on the path.
 */
export function checked<Value>(type: z.ZodType<Value>, value: unknown, path: string): Value {
  const result = type.safeParse(value);
  if (result.success) return result.data;
  throw badInput({ path, message: result.error.issues[0]?.message ?? 'is not valid' });
}

/** What is wrong with an item of a list whose items are judged one by one. */
export function issuesOf(item: object, path: readonly (string | number)[]): InputIssue[] {
  return problems(item, path);
}

const notLookedInto = new WeakSet<z.ZodType>();

/** A value of which only its own type says what is wrong with it: nothing inside is looked at by itself. */
export function opaque<Type extends z.ZodType>(type: Type): Type {
  notLookedInto.add(type);
  return type;
}

/** A list of 1 to `most` items. What is wrong with an item is for the resolver to say, so that the others are not lost. */
export function oneByOne(most: number): z.ZodType {
  return opaque(z.array(z.any()).min(1, 'must have at least one entry').max(most, `must have at most ${most} entries`));
}

function problems(value: unknown, path: readonly (string | number)[]): InputIssue[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => problems(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  const fields = value as Record<string, unknown>;
  const shape = shapeOf(Object.getPrototypeOf(value));
  const issues: InputIssue[] = [];
  for (const [field, nested] of Object.entries(fields)) {
    if (typeof nested !== 'object' || nested === null) continue;
    const type = shape.get(field);
    if (!type || !notLookedInto.has(type)) issues.push(...problems(nested, [...path, field]));
  }
  for (const [field, type] of shape) {
    const result = type.safeParse(fields[field]);
    if (result.success) {
      if (result.data !== undefined) fields[field] = result.data;
    } else {
      const [first] = result.error.issues;
      issues.push({
        path: [...path, field, ...(first?.path ?? [])].join('.'),
        message: first?.message ?? 'is not valid',
      });
    }
  }
  return issues;
}

type Shape = ReadonlyMap<string, z.ZodType>;

const wholeShapes = new WeakMap<object, Shape>();
const shapeless: Shape = new Map();

/** What is said of the fields of a class and of those above it. */
function shapeOf(prototype: object | null): Shape {
  if (prototype === null) return shapeless;
  const known = wholeShapes.get(prototype);
  if (known) return known;
  const shape = new Map([...shapeOf(Object.getPrototypeOf(prototype)), ...Object.entries(shapes.get(prototype) ?? {})]);
  wholeShapes.set(prototype, shape);
  return shape;
}

/** The field may be left out, which keeps what is there; null means none, or clears it. */
export function optional(type: z.ZodType): z.ZodType {
  const nullish = type.nullish();
  return notLookedInto.has(type) ? opaque(nullish) : nullish;
}

/** In an update: an absent field keeps what is there, but there is no clearing it. */
export function kept(type: z.ZodType): z.ZodType {
  return z
    .any()
    .refine((value) => value !== null, 'cannot be cleared; leave it out to keep it')
    .pipe(type.optional());
}

// Nothing that a person cannot see may turn a text around or hide in it; marks that scripts need stay allowed.
const controls = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\ufeff]/u;
/** A longer text may have line breaks and tabs. */
const controlsBesideBreaks = /(?![\t\n\r])[\p{Cc}\u202a-\u202e\u2066-\u2069\ufeff]/u;

/** No form in which a character can be written is longer (Unicode, annex 15). */
const longestForm = 4;

function textOf(shortest: number, longest: number, refused: RegExp) {
  const length = `must have ${shortest} to ${longest} characters`;
  return (
    z
      .string('must be a text')
      // The time that it takes to normalize marks in a row grows with the square of how many there are.
      .refine((text) => text.length <= longestForm * longest, { message: length, abort: true })
      .refine((text) => !refused.test(text) && text.isWellFormed(), 'must not contain control characters')
      .transform((text) => text.normalize('NFC').trim())
      .refine((text) => {
        const characters = [...text].length;
        return characters >= shortest && characters <= longest;
      }, length)
  );
}

/** One line, such as a name. */
export const line = (shortest: number, longest: number) => textOf(shortest, longest, controls);

export const name = line(1, 100);

export const description = textOf(0, 2_000, controlsBesideBreaks);

/** Any UUID; upper case means the same. */
export const id = z
  .string('must be a UUID')
  .refine(isId, 'is not a UUID')
  .transform((text) => text.toLowerCase());

export const ids = z.array(id).max(100, 'must have at most 100 entries');

/** Lower case, so that it reads the same in a URL wherever it is typed. */
export const slug = z
  .string('must be a text')
  .transform((text) => text.trim().toLowerCase())
  .refine(
    (text) => /^[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){1,62}$/.test(text),
    'must have 2 to 63 letters a–z, digits and single hyphens, and begin and end with a letter or digit',
  );

/** RFC 5321 limits the whole to 254 octets; the pattern is that of HTML's e-mail input, with a dot in the domain. */
export const email = z
  .string('must be a text')
  .transform((text) => text.trim())
  .refine(
    (text) =>
      text.length <= 254 &&
      /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/i.test(
        text,
      ),
    'is not an e-mail address',
  );

export const url = z
  .string('must be a text')
  .trim()
  .max(2_048, 'must have at most 2048 characters')
  .refine((text) => !controls.test(text) && text.isWellFormed() && isWebUrl(text), 'is not an http or https URL');

function isWebUrl(text: string): boolean {
  try {
    return /^https?:\/\/[^/]/i.test(text) && new URL(text).hostname !== '';
  } catch {
    return false;
  }
}

/** A name of the IANA time zone database, which becomes the present one. */
export const timezone = z
  .string('must be a text')
  .refine((text) => timeZoneName(text) !== null, 'is not an IANA time zone such as Europe/Berlin')
  .transform((text) => timeZoneName(text));

/** Letters, digits, dots, hyphens and underscores; never an @, so that it cannot be taken for an e-mail address. */
export const username = z
  .string('must be a text')
  .trim()
  .refine(
    (text) => /^[a-z0-9](?:[a-z0-9._-]{0,37}[a-z0-9])$/i.test(text),
    'must have 2 to 39 letters, digits, dots, hyphens and underscores, and begin and end with a letter or digit',
  );

/** 8 to 128 characters of any kind; no rule on which, as NIST SP 800-63B advises. */
export const password = z
  .string('must be a text')
  .max(2_048, { message: 'must have 8 to 128 characters', abort: true })
  .refine((text) => !/\p{Cc}/u.test(text) && text.isWellFormed(), 'must not contain control characters')
  .transform((text) => text.normalize('NFKC'))
  .refine((text) => {
    const { length } = [...text];
    return length >= 8 && length <= 128;
  }, 'must have 8 to 128 characters');

/** A secret that was handed out: anything of a sane length, for only its hash is looked up. */
export const secret = z
  .string('must be a text')
  .refine((text) => /^[\x21-\x7e]{1,512}$/.test(text), 'must have 1 to 512 characters, none of them a space');

/** A text that is taken as it is, such as a signed token. */
export const whole = (longest: number) =>
  z.string('must be a text').min(1, 'must not be empty').max(longest, `must have at most ${longest} characters`);

/** A span of time. */
export const seconds = (least: number, most: number) =>
  z
    .int('must be a whole number')
    .min(least, `must be from ${least} to ${most}`)
    .max(most, `must be from ${least} to ${most}`);

/** The key of a role. */
export const roleKey = z
  .string('must be a text')
  .refine((text) => /^[a-z][a-z0-9_]{0,62}$/.test(text), 'is not the key of a role, such as member');

/** The rank of a custom role; 100 is the administrators' alone. */
export const rank = z.int('must be a whole number').min(1, 'must be from 1 to 99').max(99, 'must be from 1 to 99');

/** Permission codes. Whether the catalogue has them is for the service to say. */
export const permissionCodes = z
  .array(z.string('must be a text').max(100, 'is not a permission'))
  .max(200, 'must have at most 200 entries');

/** The scopes of an API key, each once, and at least one. */
export const keyScopeList = z
  .array(z.enum(Object.keys(keyScopes) as KeyScope[], 'must be organizations:read or organizations:write'))
  .min(1, 'must have at least one entry')
  .max(10, 'must have at most 10 entries')
  .transform((scopes) => [...new Set(scopes)]);

const tenYearsMs = 10 * 366 * 86_400_000;

/** A moment that is still to come. */
export const future = z
  .date('must be a date and time')
  .refine((date) => date.getTime() > Date.now(), 'must be in the future')
  .refine((date) => date.getTime() < Date.now() + tenYearsMs, 'must be at most ten years ahead');

/** What to look for in names: any line, or nothing. */
export const searchText = line(0, 100);
