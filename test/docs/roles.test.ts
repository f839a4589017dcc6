import { describe, expect, it } from 'vitest';
import { Catalogue, systemRoles, teamManagerPermissions } from '../../src/auth/permissions.js';
import { allDocuments, blocksOf, proseOf, readDocument, tableRows } from './documents.js';

const document = readDocument('docs/roles-and-permissions.md');
const { definitions } = new Catalogue();

describe('the page on roles and permissions', () => {
  it('has the system roles, the highest first', () => {
    expect(tableRows(document, 'role')).toEqual(
      systemRoles.map(({ key, name, rank, description }) => [`\`${key}\``, name, String(rank), description]),
    );
  });

  it('says of each permission which role holds it, and which only in the own teams', () => {
    const verdict = ({ key, permissions }: (typeof systemRoles)[number], permission: string) => {
      if (permissions === 'all' || permissions.some((code) => code === permission)) return 'yes';
      return key === 'team_manager' && teamManagerPermissions.has(permission) ? 'own teams' : '';
    };
    expect(document).toContain(`| permission | ${systemRoles.map(({ name }) => name).join(' | ')} |`);
    expect(tableRows(document, 'permission')).toEqual(
      definitions.map(({ permission, description }) => [
        `\`${permission}\``,
        ...systemRoles.map((role) => verdict(role, permission)),
        description,
      ]),
    );
  });

  it('has the same rules as the page on coverage', () => {
    const rules = (path: string) => tableRows(readDocument(path), 'rule').map(([rule]) => rule!.split(' ')[0]);
    expect(rules('docs/roles-and-permissions.md')).toEqual(Array.from({ length: 11 }, (_, index) => `R${index + 1}`));
    expect(rules('docs/coverage.md')).toEqual(rules('docs/roles-and-permissions.md'));
  });
});

it('no document names a permission that there is not', () => {
  const known = new Set(definitions.map(({ permission }) => permission));
  const resources = new Set([...known].map((permission) => permission.split('.')[0]));
  const named = allDocuments().flatMap((path) =>
    [proseOf(path), ...blocksOf(path).map(({ text }) => text)].flatMap((text) =>
      [...text.matchAll(/[`"]([a-z_]+)\.([a-z]+)[`"]/g)]
        .filter(([, resource]) => resources.has(resource))
        .map(([, resource, action]) => `${resource}.${action}`),
    ),
  );
  expect(named.length).toBeGreaterThan(50);
  expect([...new Set(named)].filter((permission) => !known.has(permission))).toEqual([]);
});
