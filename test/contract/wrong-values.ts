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
import type { Position, Values } from './positions.js';

const hundredKilobytes = 100_000;

/** What a text stands for, and so what is wrong with it. */
interface Meaning {
  malformed: readonly string[];
  /** Whether nothing at all is a fine value. */
  mayBeEmpty?: boolean;
  /** Whether anything of a fine length is taken, and only looked into to say what it is. */
  taken?: true;
  /** Whether a list of them has to have one. */
  atLeastOne?: boolean;
  /** How many a list of them may have; 100 where it is not said. */
  most?: number;
}

const web: Meaning = {
  malformed: [
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'JavaScript://example.com/%0aalert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:msgbox(1)',
    'file:///etc/passwd',
    'ftp://example.com/a.png',
    'blob:https://example.com/1',
    'mailto:ada@example.com',
    '//example.com/a.png',
    '/a.png',
    'example.com/a.png',
    'https:example.com/a.png',
    'https:/example.com/a.png',
    'https://',
    'https://exa mple.com/a.png',
    'not a URL',
  ],
};

const address: Meaning = {
  malformed: [
    'ada',
    'ada@',
    '@example.com',
    'ada@example',
    'ada@@example.com',
    'ada@example..com',
    'ada@.example.com',
    'ada@-example.com',
    'ada@example.com.',
    'ada lovelace@example.com',
    'Ada <ada@example.com>',
    'ada@example.com\r\nBcc: eve@example.com',
    'ada@example.com,eve@example.com',
    `${'a'.repeat(65)}@example.com`,
    `ada@${'a'.repeat(64)}.com`,
    `ada@${'example.'.repeat(40)}com`,
  ],
};

/** Who accepts an integration token, or whom it is about. */
const party: Meaning = { malformed: ['a'.repeat(256), 'two words', 'pärtner', 'a\u200bb', 'a\u202eb'] };

const permissions: Meaning = { malformed: ['surprise', 'teams.surprise', 'teams', 'TEAMS.READ', 'a'.repeat(101)] };

const password: Meaning = { malformed: ['a', 'seven77', 'a'.repeat(129)] };
const secret: Meaning = { malformed: ['a'.repeat(513), 'two words'] };

function cursorOf(content: unknown): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/** A moment so many days from now. */
function daysFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString();
}

/** By the coordinate or the name of the field or argument. A text without an entry here fails the test. */
const meanings: Record<string, Meaning> = {
  email: address,
  newEmail: address,
  slug: {
    malformed: [
      'a',
      '-acme',
      'acme-',
      'ac--me',
      'ac me',
      'ac_me',
      'ac/me',
      '../acme',
      'acmé',
      'ac\u200bme',
      'a'.repeat(64),
    ],
  },
  confirmSlug: { malformed: ['another-slug', 'a'.repeat(64)] },
  name: { malformed: ['a'.repeat(101), 'Acme\u202egpj', 'Acme\u2028Inc', 'Acme\nInc', '\u2066Acme', '\ufeffAcme'] },
  fullName: { malformed: ['a'.repeat(101), 'Ada\u202eecaL', 'Ada\r\nBcc: eve@example.com', 'Ada\u2029Lovelace'] },
  username: { malformed: ['a', '.ada', 'ada-', 'ada lovelace', 'ada@example.com', 'adá', 'ada/eve', 'a'.repeat(40)] },
  description: { malformed: ['a'.repeat(2_001), 'Acme\u202egpj', 'Acme\u001b[31m'], mayBeEmpty: true },
  search: { malformed: ['a'.repeat(101), 'Ada\u202eecaL', 'Ada\nLovelace'], mayBeEmpty: true },
  logoUrl: web,
  avatarUrl: web,
  timezone: {
    malformed: ['Mars/Olympus', '+01:00', 'Europe', 'UTC+1', '../etc/passwd', "UTC'; SELECT 1", 'Europe/Berlin/'],
  },
  role: { malformed: ['Member', 'mem ber', '1member', '_member', 'member;', 'mémber', 'a'.repeat(64)] },
  key: { malformed: ['Editor', 'edi tor', '1editor', '_editor', 'editor;', 'éditor', 'a'.repeat(64)] },
  reassignTo: { malformed: ['Member', 'mem ber', '1member', 'a'.repeat(64)] },
  permission: permissions,
  withPermission: permissions,
  permissions,
  'IssueIntegrationTokenInput.scopes': permissions,
  scopes: {
    malformed: [
      'surprise',
      'organizations',
      'organizations:*',
      'organizations:admin',
      'Organizations:read',
      'teams.read',
    ],
    atLeastOne: true,
  },
  expiresAt: { malformed: ['1837-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '2126-01-01T00:00:00Z'] },
  password,
  currentPassword: password,
  newPassword: password,
  token: secret,
  invitationToken: secret,
  refreshToken: secret,
  audience: party,
  subject: party,
  reason: { malformed: ['a'.repeat(501), 'Lost\u202e', 'Lost\nit'], mayBeEmpty: true },
  'VerifyIntegrationTokenInput.token': { malformed: [], taken: true },
  'RevokeIntegrationTokenInput.token': { malformed: [], taken: true },
  'RotateIntegrationTokenInput.token': { malformed: ['x', 'a.b.c', '..'] },
  plan: { malformed: ['surprise', 'Standard', 'standard\n', 'a'.repeat(64)] },
  invitations: { malformed: [], atLeastOne: true },
  entries: { malformed: [], atLeastOne: true, most: 1_000 },
  idempotencyId: { malformed: ['a'.repeat(101), 'two words', ' 1', '1 ', 'e\u0301t\u00e9', '1\u200b', '1\u202e'] },
  startedAt: {
    malformed: [
      ...['0001-01-01T00:00:00Z', '1837-01-01T00:00:00Z', '2020-02-29T00:00:00Z', '9999-12-31T23:59:59.999Z'],
      ...[daysFromNow(-367), daysFromNow(-366 - 1 / 1_440), daysFromNow(1), daysFromNow(36_500)],
    ],
  },
  // Alone, so that the range would end more than a year ahead.
  startDate: { malformed: [daysFromNow(350).slice(0, 10), '2100-12-31'] },
  // Beside a first day: before it, or too long after it.
  endDate: { malformed: ['2000-01-01', '2100-12-31', daysFromNow(368).slice(0, 10)] },
};

/** What is no day of the calendar, or none in a year that anything can be about. */
export const noDays: readonly string[] = [
  ...['', '   ', 'yesterday', 'today', 'now', 'infinity', '-infinity', 'epoch', '20260203', '2026-034', '2026-W05-2'],
  ...['2026-2-3', '26-02-03', '03.02.2026', '02/03/2026', '2026/02/03', '2026-02', '2026', '1770076800'],
  ...['2026-02-03T00:00:00Z', '2026-02-03 00:00', '2026-02-03Z', '2026-02-03+01:00', '2026-02-03 BC', ' 2026-02-03'],
  ...['2026-02-03 ', '2026-02-03\n', '2026-02-03\0', '\u00002026-02-03', '2026-\ud83d02-03', '2026-02-03\udc00'],
  ...['2026\u201302\u201303', '\uff12026-02-03', '\u0662\u0660\u0662\u0666-02-03', '2026-02-03\u200b'],
  ...['2026-02-29', '2026-02-30', '2026-04-31', '2100-02-29', '2026-13-01', '2026-00-10', '2026-01-00', '2026-01-32'],
  ...['0000-00-00', '0000-01-01', '0001-01-01', '1999-12-31', '2101-01-01', '9999-12-31', '12026-02-03'],
  ...['+012026-02-03', '-2026-02-03', '-000001-01-01', '+275760-09-13', "2026-02-03' OR true --"],
];

const meaningOf = ({ coordinate, name }: Position) => meanings[coordinate] ?? meanings[name];

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
