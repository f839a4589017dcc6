import { describe, expect, it } from 'vitest';
import { readDocument } from './documents.js';

const { version, license } = JSON.parse(readDocument('package.json')) as { version: string; license: string };
const versions = [...readDocument('CHANGELOG.md').matchAll(/^## \[(.+?)\](.*)$/gm)];

describe('a release', () => {
  it('is in the changelog, with its day, below what is not released yet', () => {
    expect(versions.map(([, name]) => name)).toEqual(expect.arrayContaining(['Unreleased', version]));
    expect(versions[0]![1]).toBe('Unreleased');
    for (const [, , day] of versions.slice(1)) expect(day).toMatch(/^ - \d{4}-\d\d-\d\d$/);
  });

  it('has left its schema, to compare with', () => {
    const [, released] = /^# The schema of release (\S+)$/m.exec(readDocument('schema.released.graphql'))!;
    expect(versions.map(([, name]) => name)).toContain(released);
  });

  it('is under the licence that the package names', () => {
    expect(readDocument('LICENSE')).toMatch(new RegExp(`^${license} License\n`));
  });
});
