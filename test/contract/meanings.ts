import type { Position } from './positions.js';

/** What a text stands for, and so what is wrong with it. */
export interface Meaning {
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

export const meaningOf = ({ coordinate, name }: Position) => meanings[coordinate] ?? meanings[name];
