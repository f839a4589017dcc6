import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import { nearest } from '../../src/cli/nearest.js';
import { called, root, tenantry } from './command-line.js';

const { version, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

describe('the command line', () => {
  it('says what it can do, which version it is, and fails without a command', async () => {
    const [help, flag, number, wrong] = await Promise.all([
      tenantry(['help']),
      tenantry(['--help'], { script: bin.tenantry }),
      tenantry(['--version']),
      tenantry(['exprot']),
    ]);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const { name, summary } of commands) expect(help.stdout).toMatch(new RegExp(`^  ${name} +${summary}$`, 'm'));
    expect(flag).toMatchObject({ code: 0, stdout: help.stdout });
    expect(number).toMatchObject({ code: 0, stdout: `${version}\n` });
    expect(wrong).toEqual({ code: 2, stdout: '', stderr: 'There is no command exprot. Did you mean export?\n' });
    expect(await called([])).toEqual({ code: 2, stdout: '', stderr: help.stdout });
  });

  it('explains every command with each of its options', async () => {
    for (const { name, options } of commands) {
      const [help, flag] = [await called(['help', name]), await called([name, '--help'])];
      expect(help).toMatchObject({ code: 0, stderr: '' });
      expect(flag).toEqual(help);
      expect(help.stdout).toContain(`Usage: tenantry ${name}`);
      for (const [option, { help: text }] of Object.entries(options)) {
        expect(help.stdout).toMatch(new RegExp(`^  --${option}\\b.*  ${text.slice(0, 20)}`, 'm'));
      }
    }
  });

  it.each([
    { words: ['help', 'doc'], says: 'There is no command doc. Did you mean doctor?' },
    { words: ['--versoin'], says: 'There is no option --versoin. Did you mean --version?' },
    { words: ['frobnicate'], says: 'There is no command frobnicate. See tenantry --help.' },
    {
      words: ['export', '--organisation', 'x'],
      says: 'export has no option --organisation. Did you mean --organization?',
    },
    { words: ['export'], says: 'export needs --organization <id or slug>. See tenantry help export.' },
    {
      words: ['export', '--organization'],
      says: '--organization needs a value: <id or slug>. See tenantry help export.',
    },
    {
      words: ['export', '--organization', '--output', 'x'],
      says: '--organization needs a value: <id or slug>. See tenantry help export.',
    },
    { words: ['import', '--dry-run=yes'], says: '--dry-run takes no value. See tenantry help import.' },
    { words: ['migrate', 'now'], says: 'migrate takes no "now". See tenantry help migrate.' },
    { words: ['import', '--slug', 'Not A Slug!'], says: '--slug must have 2 to 63 letters' },
  ])('refuses $words, and says what to do', async ({ words, says }) => {
    const run = await called(words);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(says);
    expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('fails with every problem of the configuration, before it does anything', async () => {
    const { code, stderr } = await tenantry(['migrate'], { env: { PORT: 'x', TENANTRY_SECRET: 'short' } });
    expect(code).toBe(1);
    expect(stderr).toContain('PORT must be');
    expect(stderr).toContain('TENANTRY_SECRET must be');
    expect(stderr).not.toContain('short');
  });
});

describe('the nearest word', () => {
  it.each([
    ['strat', 'start'],
    ['sta', 'start'],
    ['imprt', 'import'],
    ['xyzzy', undefined],
    ['', undefined],
  ])('to %s is %s', (given, word) => {
    expect(nearest(given, ['start', 'import', 'export'])).toBe(word);
  });
});
