import {
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/id.js';
import type { AnsweredError } from '../support/client.js';
import { insideOf } from './leaks.js';
import {
  aScene,
  bearer,
  call,
  callerOf,
  documentOf,
  fieldsWithArguments,
  literalOf,
  operations,
  type Position,
  positionsOf,
  post,
  type Raw,
  type Scene,
  schema,
  type Values,
  valueAt,
  withValue,
} from './operations.js';
import { digest, useOwnGateway } from './own-gateway.js';

const gateway = useOwnGateway();

/** One for all wrong values, since none of them changes anything. */
let scene: Scene;
beforeAll(async () => {
  scene = await aScene(gateway());
});

const hundredKilobytes = 100_000;

/** What a text stands for, and so what is wrong with it. */
interface Meaning {
  malformed: readonly string[];
  /** Whether nothing at all is a fine value. */
  mayBeEmpty?: boolean;
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

const secret: Meaning = { malformed: ['a'.repeat(513), 'two words'] };

function cursorOf(content: unknown): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/** By the name of the field or argument. A text without an entry here fails the test. */
const meanings: Record<string, Meaning> = {
  email: {
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
  },
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
  permission: { malformed: ['surprise', 'teams.surprise', 'teams', 'TEAMS.READ', 'a'.repeat(101)] },
  withPermission: { malformed: ['surprise', 'teams.surprise', 'teams', 'TEAMS.READ', 'a'.repeat(101)] },
  permissions: { malformed: ['surprise', 'teams.surprise', 'teams', 'TEAMS.READ', 'a'.repeat(101)] },
  password: { malformed: ['a', 'seven77', 'a'.repeat(129)] },
  token: secret,
  refreshToken: secret,
};

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
interface Wrong {
  what: string;
  value: unknown;
}

function wrongFor(position: Position, valid: unknown, kept: boolean): Wrong[] {
  const nullable = !isNonNullType(position.type);
  return [
    ...(position.optional ? [] : [{ what: 'missing', value: undefined }]),
    ...(nullable && !kept ? [] : [{ what: 'null', value: null }]),
    ...wrongByType(getNullableType(position.type), position, valid),
  ];
}

function wrongByType(type: GraphQLInputType, position: Position, valid: unknown): Wrong[] {
  if (isListType(type)) {
    const [first] = valid as unknown[];
    const common = wrongTypes({ a: { b: 1 } }, [null], [[]], [{}]);
    if (isEnumType(getNamedType(type))) return [...common, { what: 'unknown value', value: ['NOPE'] }];
    const many = Array.from({ length: 101 }, () => (getNamedType(type).name === 'ID' ? first : `${first}${newId()}`));
    return [...common, { what: 'nothing of the kind', value: ['x'] }, { what: 'too many', value: many }];
  }
  if (isInputObjectType(type)) {
    return [...wrongTypes('x', 7, true), { what: 'unknown field', value: { ...(valid as Values), surprise: 1 } }];
  }
  if (isEnumType(type)) return [{ what: 'unknown value', value: 'NOPE' }, ...wrongTypes('', 7, true, {}, ['x'])];
  switch (getNamedType(type).name) {
    case 'Boolean':
      return wrongTypes('true', 1, {}, [true]);
    case 'Int':
      return [
        ...wrongTypes('10', 1.5, true, {}, [[1]]),
        ...[0, -1, 101, 2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1].map((value) => ({ what: `${value}`, value })),
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
          .map((value) => ({ what: 'malformed', value })),
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
      const meaning = meanings[position.name];
      if (!meaning) throw new Error(`What does ${position.coordinate} mean? Say so in the table of meanings.`);
      return [...wrongTypes(7, true, { a: 'x' }, ['x']), ...wrongText(valid as string, meaning)];
    }
    default:
      throw new Error(`No wrong values are known for the type of ${position.coordinate}.`);
  }
}

function wrongTypes(...values: unknown[]): Wrong[] {
  return values.map((value) => ({ what: `type ${JSON.stringify(value)}`, value }));
}

function wrongText(valid: string, { malformed, mayBeEmpty = false }: Meaning): Wrong[] {
  const middle = Math.floor(valid.length / 2);
  const spoilt = (character: string) => valid.slice(0, middle) + character + valid.slice(middle);
  return [
    ...(mayBeEmpty ? [] : ['', '   ', '\t\n\u00a0'].map((value) => ({ what: 'blank', value }))),
    { what: 'too long', value: valid.padEnd(hundredKilobytes, 'a') },
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

interface Case extends Wrong {
  position: Position;
  variables: Values;
}

/** Every wrong value of every place, each in a call that is right but for it. */
function casesOf(coordinate: string, variants: readonly Values[]): Case[] {
  const kept = operations[coordinate]?.kept ?? [];
  return positionsOf(coordinate).flatMap((position) => {
    const { path } = position;
    const variant = variants.find((variables) => valueAt(variables, path) !== undefined);
    if (!variant) throw new Error(`No valid call of ${coordinate} gives ${path}. Add it to the operations.`);
    return wrongFor(position, valueAt(variant, path), kept.includes(path)).map((wrong) => ({
      ...wrong,
      position,
      variables: withValue(variant, path, wrong.value),
    }));
  });
}

function nameOf(coordinate: string, { position, what, value }: Case): string {
  const shown = value === undefined || typeof value === 'object' ? '' : ` ${JSON.stringify(value).slice(0, 60)}`;
  return `${coordinate} ${position.path}: ${what}${what.startsWith('type') ? '' : shown}`;
}

function errorsOf({ text }: Raw): AnsweredError[] {
  return (JSON.parse(text) as { errors?: AnsweredError[] }).errors ?? [];
}

/** What is wrong with the answer to a wrong value; undefined if nothing is. */
function complaint(answer: Raw, path: string): string | undefined {
  if (answer.status >= 500) return `HTTP ${answer.status}`;
  const errors = errorsOf(answer);
  if (errors.length === 0) return 'was accepted';
  const codes = errors.map(({ extensions }) => extensions.code);
  if (codes.some((code) => code !== 'BAD_USER_INPUT')) return codes.join();
  const paths = errors.flatMap(({ extensions }) => (extensions.issues ?? []).map((issue) => issue.path));
  const named = paths.some((given) => given === path || given.startsWith(`${path}.`));
  if (!named) return `names ${paths.join() || 'nothing'}`;
  const shown = insideOf(answer.text);
  return shown && `shows ${shown}`;
}

const refusedLiterals = new Set(['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_PARSE_FAILED']);

function fault(answer: Raw): string | undefined {
  if (answer.status >= 500) return `HTTP ${answer.status}`;
  const codes = errorsOf(answer).map(({ extensions }) => extensions.code);
  if (codes.length === 0) return 'was accepted';
  return codes.includes('INTERNAL_SERVER_ERROR') ? codes.join() : undefined;
}

function literalComplaint(answer: Raw): string | undefined {
  if (answer.status >= 500) return `HTTP ${answer.status}`;
  const codes = errorsOf(answer).map(({ extensions }) => extensions.code);
  if (codes.length === 0) return 'was accepted';
  return codes.every((code) => refusedLiterals.has(code)) ? undefined : codes.join();
}

/** Sends every wrong value, and gathers what is wrong with the answers, or with the database after them. */
async function complaints(
  coordinate: string,
  cases: readonly Case[],
  ask: (wrong: Case) => Promise<string | undefined>,
): Promise<string[]> {
  const before = await digest(scene.gateway);
  const answers = await Promise.all(cases.map(async (wrong) => ({ wrong, complained: await ask(wrong) })));
  const found = answers.flatMap(({ wrong, complained }) =>
    complained ? [`${nameOf(coordinate, wrong)} → ${complained}`] : [],
  );
  const after = await digest(scene.gateway);
  const changed = Object.keys(before).filter((table) => before[table] !== after[table]);
  return changed.length === 0 ? found : [...found, `${coordinate} has changed ${changed.join(', ')}`];
}

function isDescribedAsKept(coordinate: string): boolean {
  const [type, field] = coordinate.split('.');
  const declared = schema.getType(type!);
  return isInputObjectType(declared) && /cannot be cleared/i.test(declared.getFields()[field!]?.description ?? '');
}

describe.each(Object.keys(operations))('%s', (coordinate) => {
  let cases: Case[];
  beforeAll(async () => {
    cases = casesOf(coordinate, await operations[coordinate]!.valid(scene));
  });

  it('refuses every wrong value by the path of its field, and changes nothing', async () => {
    const found = await complaints(coordinate, cases, async ({ variables, position }) =>
      complaint(await call(scene, coordinate, variables), position.path),
    );
    expect(found).toEqual([]);
  });

  it('refuses wrong values that are written into the document, and changes nothing', async () => {
    const sample = cases.filter(({ what }, index) => what !== 'too long' && index % 4 === 0);
    const found = await complaints(coordinate, sample, async ({ variables }) => {
      const body = JSON.stringify({ query: literalOf(scene, coordinate, variables) });
      return literalComplaint(await post(scene.gateway.url, body, callerOf(scene, coordinate)));
    });
    expect(found).toEqual([]);
  });

  it('is no fault with wrong values of people who may not ask either, and changes nothing', async () => {
    const query = documentOf(scene, coordinate);
    const sample = cases.filter(({ what }, index) => what !== 'too long' && index % 8 === 0);
    const found: string[] = [];
    for (const headers of [bearer(scene.outsider), bearer(scene.member), {}]) {
      const complained = await complaints(coordinate, sample, async ({ variables }) =>
        fault(await post(scene.gateway.url, JSON.stringify({ query, variables }), headers)),
      );
      found.push(...complained);
    }
    // That somebody tried what it may not is written down, and that alone.
    expect(found.filter((line) => line !== `${coordinate} has changed audit_events`)).toEqual([]);
  });
});

describe('the table of operations', () => {
  it('has a row for every field that takes arguments, and no other', () => {
    expect(Object.keys(operations).sort()).toEqual([...fieldsWithArguments().keys()].sort());
  });

  it.each(Object.keys(operations))('holds calls of %s that are accepted', async (coordinate) => {
    const { length } = await operations[coordinate]!.valid(await aScene(gateway()));
    for (let variant = 0; variant < length; variant += 1) {
      const scene = await aScene(gateway());
      const variables = (await operations[coordinate]!.valid(scene))[variant]!;
      const answer = await call(scene, coordinate, variables);
      expect(errorsOf(answer)).toEqual([]);
    }
  });

  it('knows which fields may be left out, but not cleared, as their descriptions say', () => {
    for (const [coordinate, { kept = [] }] of Object.entries(operations)) {
      const fields = positionsOf(coordinate).filter(({ path }) => !path.endsWith('.0'));
      const described = fields.filter((field) => isDescribedAsKept(field.coordinate));
      expect(described.map(({ path }) => path).sort()).toEqual([...kept].sort());
    }
  });
});
