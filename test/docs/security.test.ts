import { describe, expect, it } from 'vitest';
import { codesIn, readDocument, tableRows } from './documents.js';

describe('the threat model', () => {
  const threats = tableRows(readDocument('docs/security.md'), 'kind');

  it('names for each threat what stops it, and a test that shows it', () => {
    const bare = threats.filter(
      ([, , stopped, shown]) => !stopped || !codesIn(shown!).some((path) => /^test\/.+\.test\.ts$/.test(path)),
    );
    expect(bare).toEqual([]);
  });

  it('thinks of every kind of threat', () => {
    expect([...new Set(threats.map(([kind]) => kind))]).toEqual(['S', 'T', 'R', 'I', 'D', 'E']);
  });
});
