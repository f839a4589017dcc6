import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, print, visit } from 'graphql';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'tenantry-schema-'));
const [schema, released] = [join(folder, 'schema.graphql'), join(folder, 'schema.released.graphql')];

// Without descriptions, so that a definition is one line.
const text = print(
  visit(parse(readFileSync(join(root, 'schema.graphql'), 'utf8')), {
    enter: (node) => ('description' in node && node.description ? { ...node, description: undefined } : undefined),
  }),
);

beforeEach(() => {
  writeFileSync(schema, text);
  writeFileSync(released, `# The schema of release 1.4.0\n${text}`);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Changes one definition of the copy, which has to be there. */
function change(type: string, from: RegExp, to: string): void {
  const text = readFileSync(schema, 'utf8');
  const start = text.search(new RegExp(`^(type|input|enum) ${type} `, 'm'));
  const end = text.indexOf('\n}', start);
  const definition = text.slice(start, end);
  expect(definition).toMatch(from);
  writeFileSync(schema, text.slice(0, start) + definition.replace(from, to) + text.slice(end));
}

function compare(...further: string[]): { status: number | null; output: string } {
  const args = ['scripts/schema-changes.mjs', '--schema', schema, '--released', released, ...further];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

describe('the schema, compared with that of the last release', () => {
  it('breaks nothing, and CI asks', () => {
    const { status, stdout } = spawnSync(process.execPath, ['scripts/schema-changes.mjs'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(stdout).not.toContain('Breaks clients');
    expect(status).toBe(0);
    expect(readFileSync(join(root, '.ci/run'), 'utf8')).toMatch(/^step npm run schema:changes$/m);
  });

  it.each([
    ['a field that is gone', 'Member', /^ {2}joinedAt: .+$/m, '', 'Member.joinedAt'],
    [
      'a field under another name',
      'Organization',
      /^ {2}memberCount:/m,
      '  members_count:',
      'Organization.memberCount',
    ],
    ['a field that may be null now', 'Team', /^ {2}name: String!/m, '  name: String', 'Team.name'],
    ['a field of another type', 'Role', /^ {2}rank: Int!/m, '  rank: String!', 'Role.rank'],
    [
      'an input that has to be given now',
      'UpdateMeInput',
      /^ {2}fullName: String$/m,
      '  fullName: String!',
      'UpdateMeInput.fullName',
    ],
    ['a new argument that has to be given', 'Query', /^ {2}me: /m, '  me(of: ID!): ', 'Query.me'],
    ['a value of an enum that is gone', 'ErrorCode', /^ {2}ROLE_CEILING$/m, '', 'ROLE_CEILING'],
  ])('fails for %s, and names it', (_what, type, from, to, name) => {
    change(type, from, to);
    const { status, output } = compare();
    expect(output).toMatch(new RegExp(`^Breaks clients: .*\\b${name}\\b`, 'm'));
    expect(output).toContain('2.0.0 is the next version that may break');
    expect(status).toBe(1);
  });

  it('warns of what is new in an enum, which a client may not expect', () => {
    change('ErrorCode', /^ {2}ROLE_CEILING$/m, '  ROLE_CEILING\n  TOO_LATE');
    expect(compare()).toEqual({
      status: 0,
      output: expect.stringMatching(/^May surprise clients: TOO_LATE .*ErrorCode/),
    });
  });

  it('says nothing of a field that is new', () => {
    change('Member', /^ {2}joinedAt:/m, '  nickname: String\n  joinedAt:');
    expect(compare()).toEqual({ status: 0, output: '' });
  });

  it('takes what breaks clients into the next version that may, and no earlier one', () => {
    change('Member', /^ {2}joinedAt: .+$/m, '');
    for (const version of ['1.4.0', '1.4.1', '1.5.0']) {
      expect(compare('--release', '--version', version).status).toBe(1);
    }
    expect(readFileSync(released, 'utf8')).toContain('# The schema of release 1.4.0\n');
    expect(compare('--release', '--version', '2.0.0').status).toBe(0);
    expect(readFileSync(released, 'utf8')).toBe(`# The schema of release 2.0.0\n${readFileSync(schema, 'utf8')}`);
    expect(compare()).toEqual({ status: 0, output: '' });
  });

  it('may break clients with a new minor version before 1.0.0', () => {
    writeFileSync(released, `# The schema of release 0.1.3\n${text}`);
    change('Member', /^ {2}joinedAt: .+$/m, '');
    expect(compare('--version', '0.1.4').status).toBe(1);
    expect(compare('--version', '0.2.0').status).toBe(0);
  });
});
