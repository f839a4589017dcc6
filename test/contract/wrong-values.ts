import {
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { newId } from '../../src/platform/id.js';
import { type Meaning, meaningOf, noDays } from './meanings.js';
import type { Position, Values } from './positions.js';

const hundredKilobytes = 100_000;

/** Numbers that are just too small or too large, by coordinate; and where it is not said, for pages and ranks. */
const outside: Record<string, readonly number[]> = {
  'IssueIntegrationTokenInput.expiresIn': [0, 59, 31_536_001],
  'RotateIntegrationKeyInput.graceSeconds': [31_536_001],
  'ActivityEntryInput.activeSeconds': [0, 86_401],
};

/** Objects that are carried as they are, within limits. */
const wrongObjects: readonly Values[] = [
  { iss: 'https://example.com' },
  { plan: 'large', organization_id: 'x' },
  { _plan: 1 },
  Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`plan${index}`, index])),
  { deep: [[[[[[[[[1]]]]]]]]] },
  { large: 'x'.repeat(4_096) },
];

const noId = '00000000-0000-7000-8000-000000000000';

function cursorOf(content: unknown): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/** Cursors that no list has given out, but for the order that a valid one is of. */
function wrongCursors(valid: string): Wrong[] {
  const [field, value] = JSON.parse(Buffer.from(valid, 'base64url').toString()) as [string, string];
  const malformed = [
    'bm9wZQ',
    '!!!!',
    ...[{}, [field], ['SURPRISE', value, noId], [field, value, 'x'], [field, 7, noId], [field, null, noId]].map(
      cursorOf,
    ),
    cursorOf([field, `${value}\0`, noId]),
  ];
  const moments = ['yesterday', '+275760-09-13T00:00:00.000Z', '-000001-01-01T00:00:00.000Z'];
  return [
    ...malformed.map((value) => ({ what: 'malformed', value })),
    ...(/_AT$/.test(field) ? moments : []).map((moment) => ({
      what: `malformed moment ${moment}`,
      value: cursorOf([field, moment, noId]),
    })),
  ];
}

/** One wrong value, and what is wrong with it. `undefined` leaves the field out. */
export interface Wrong {
  what: string;
  value: unknown;
  /** Whether it does not even fit the type, so that GraphQL refuses the whole request. */
  coerced?: true;
}

/** Every wrong value for a place. `kept` says that null is one, too. */
export function wrongFor(position: Position, valid: unknown, kept: boolean): Wrong[] {
  const nullable = !isNonNullType(position.type);
  return [
    ...(position.optional ? [] : [{ what: 'missing', value: undefined, coerced: true as const }]),
    ...(nullable && !kept ? [] : [{ what: 'null', value: null, coerced: true as const }]),
    ...wrongByType(getNullableType(position.type), position, valid),
  ];
}

function wrongByType(type: GraphQLInputType, position: Position, valid: unknown): Wrong[] {
  if (isListType(type)) {
    const [first] = valid as unknown[];
    const common = wrongTypes({ a: { b: 1 } }, [null], [[]], [{}]);
    if (isEnumType(getNamedType(type))) return [...common, { what: 'unknown value', value: ['NOPE'], coerced: true }];
    const many = Array.from({ length: (meaningOf(position)?.most ?? 100) + 1 }, () =>
      typeof first === 'string' ? another(first, type) : first,
    );
    return [
      ...common,
      ...(meaningOf(position)?.atLeastOne ? [{ what: 'nothing', value: [] }] : []),
      { what: 'nothing of the kind', value: ['x'] },
      { what: 'too many', value: many },
    ];
  }
  if (isInputObjectType(type)) {
    return [
      ...wrongTypes('x', 7, true),
      { what: 'unknown field', value: { ...(valid as Values), surprise: 1 }, coerced: true },
    ];
  }
  if (isEnumType(type))
    return [{ what: 'unknown value', value: 'NOPE', coerced: true }, ...wrongTypes('', 7, true, {}, ['x'])];
  switch (getNamedType(type).name) {
    case 'Boolean':
      return wrongTypes('true', 1, {}, [true]);
    case 'Int':
      return [
        ...wrongTypes('10', 1.5, true, {}, [[1]]),
        ...[...(outside[position.coordinate] ?? [0, 101]), -1, 2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1].map((value) => ({
          what: `${value}`,
          value,
          ...(value !== value >> 0 && { coerced: true as const }),
        })),
      ];
    case 'JSONObject':
      return [
        ...wrongTypes(7, true, 'x', ['x']),
        ...wrongObjects.map((value) => ({ what: `content ${JSON.stringify(value).slice(0, 30)}`, value })),
      ];
    case 'DateTime':
      return [
        ...wrongTypes(true, 1.5, {}, ['x']),
        ...[
          '',
          '   ',
          'yesterday',
          '2026-02-30T00:00:00Z',
          '2026-01-01',
          '2026-01-01T25:00:00Z',
          '+275760-09-13T00:00:00Z',
        ]
          .concat(['2026-01-01T00:00:00', '2026-01-01T00:00:00Z\0', '2026\ud800-01-01T00:00:00Z'])
          .map((value) => ({ what: 'no moment', value, coerced: true as const })),
        ...(meaningOf(position)?.malformed ?? []).map((value) => ({ what: 'malformed', value })),
        { what: 'too long', value: String(valid).padEnd(hundredKilobytes, '0'), coerced: true },
      ];
    case 'Date':
      return [
        ...wrongTypes(true, 7, 1.5, {}, ['x']),
        ...[...noDays, ...(meaningOf(position)?.malformed ?? [])].map((value) => ({ what: 'malformed', value })),
        { what: 'too long', value: String(valid).padEnd(hundredKilobytes, '0') },
      ];
    case 'ID':
      return [
        ...wrongTypes(true, 1.5, {}, ['x'], 7),
        ...wrongText(valid as string, {
          malformed: ['x', `${valid}0`, `{${valid}}`, `urn:uuid:${valid}`, String(valid).slice(1), "' OR true --"],
        }),
      ];
    case 'String': {
      if (position.name === 'after' || position.name === 'before') {
        return [
          ...wrongTypes(7, { a: 'x' }, ['x']),
          ...wrongText(valid as string, { malformed: [] }),
          ...wrongCursors(valid as string),
        ];
      }
      const meaning = meaningOf(position);
      if (!meaning) throw new Error(`What does ${position.coordinate} mean? Say so in the table of meanings.`);
      return [...wrongTypes(7, true, { a: 'x' }, ['x']), ...wrongText(valid as string, meaning)];
    }
    default:
      throw new Error(`No wrong values are known for the type of ${position.coordinate}.`);
  }
}

function another(text: string, type: GraphQLInputType): string {
  return getNamedType(type).name === 'ID' ? text : `${text}${newId()}`;
}

function wrongTypes(...values: unknown[]): Wrong[] {
  return values.map((value) => ({ what: `type ${JSON.stringify(value)}`, value, coerced: true as const }));
}

function wrongText(valid: string, { malformed, mayBeEmpty = false, taken }: Meaning): Wrong[] {
  const tooLong = { what: 'too long', value: valid.padEnd(hundredKilobytes, 'a') };
  if (taken) return [{ what: 'empty', value: '' }, tooLong];
  const middle = Math.floor(valid.length / 2);
  const spoilt = (character: string) => valid.slice(0, middle) + character + valid.slice(middle);
  return [
    ...(mayBeEmpty ? [] : ['', '   ', '\t\n\u00a0'].map((value) => ({ what: 'blank', value }))),
    tooLong,
    ...['\u0000', '\u001b', '\u0085'].map((character) => ({
      what: 'control character',
      value: spoilt(character),
    })),
    { what: 'U+0000 at the end', value: `${valid}\0` },
    { what: 'lone surrogate', value: spoilt('\ud83d') },
    { what: 'lone surrogate', value: `${valid}\udc00` },
    ...malformed.map((value) => ({ what: 'malformed', value })),
  ];
}
