import { buildSchema, defaultFieldResolver, type GraphQLObjectType, graphql } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import { lets, type RuleTree } from '../../src/graphql/rules.js';
import { guard } from '../../src/graphql/shield.js';
import { DomainError } from '../../src/platform/errors.js';

describe('the guard', () => {
  /** A schema with a ruled and an unruled field of every kind. */
  function bare() {
    const built = buildSchema(`
      type Query { open: Thing, other: Thing }
      type Mutation { change(input: Change): Thing }
      input Change { name: String }
      type Thing { plain: String, resolved: String, ruled: String }
    `);
    const resolved = () => 'resolved';
    const fields = (built.getType('Thing') as GraphQLObjectType).getFields();
    fields.resolved!.resolve = resolved;
    fields.ruled!.resolve = resolved;
    for (const root of ['Query', 'Mutation']) {
      for (const field of Object.values((built.getType(root) as GraphQLObjectType).getFields())) {
        field.resolve = () => ({ plain: 'plain' });
      }
    }
    return { built, resolved };
  }

  const contextValue = { principal: { kind: 'anonymous' } };
  const yes = lets('everybody', async () => {});
  const complete = { Query: { open: yes, other: yes }, Mutation: { change: yes } } satisfies RuleTree;
  const no = lets('nobody', async () => {
    throw new DomainError('NOT_FOUND', 'Not for you.');
  });

  it('lets the schema pass in which every root field has a rule', () => {
    expect(() => guard(bare().built, [complete])).not.toThrow();
  });

  it('refuses a field of the query without a rule', () => {
    const { open } = complete.Query;
    expect(() => guard(bare().built, [{ ...complete, Query: { open } }])).toThrow(/Query\.other/);
  });

  it('refuses a mutation without a rule', () => {
    expect(() => guard(bare().built, [{ Query: complete.Query }])).toThrow(/Mutation\.change/);
  });

  it('names every field without a rule at once', () => {
    expect(() => guard(bare().built, [])).toThrow(/Query\.open.*Query\.other.*Mutation\.change/);
  });

  it('refuses a field that two modules guard', () => {
    expect(() => guard(bare().built, [complete, { Mutation: { change: yes } }])).toThrow(/Mutation\.change/);
    const twice = { Thing: { ruled: yes } };
    expect(() => guard(bare().built, [complete, twice, twice])).toThrow(/Thing\.ruled/);
  });

  it.each([
    ['type', { Thyng: { ruled: yes } }],
    ['field', { Thing: { ruledd: yes } }],
    ['query', { Query: { opened: yes } }],
  ])('refuses a rule for a %s that there is not', (_, tree) => {
    expect(() => guard(bare().built, [complete, tree])).toThrow();
  });

  it('joins the rules that several modules give one type', async () => {
    const rules: RuleTree[] = [complete, { Thing: { ruled: no } }, { Thing: { plain: no } }];
    const answer = await graphql({
      schema: guard(bare().built, rules),
      source: '{ open { plain resolved ruled } }',
      contextValue,
    });
    expect(answer.data).toEqual({ open: { plain: null, resolved: 'resolved', ruled: null } });
    expect(answer.errors?.map(({ path }) => path?.join('.'))).toEqual(['open.plain', 'open.ruled']);
  });

  it('leaves a field without a rule its own resolver', () => {
    const { built, resolved } = bare();
    const fields = (
      guard(built, [complete, { Thing: { ruled: no } }]).getType('Thing') as GraphQLObjectType
    ).getFields();
    expect(fields.resolved!.resolve).toBe(resolved);
    expect([undefined, defaultFieldResolver]).toContain(fields.plain!.resolve);
    expect(fields.ruled!.resolve).not.toBe(resolved);
  });

  it('asks the rule before the resolver, and hands its error on as it is', async () => {
    const { built } = bare();
    const change = vi.fn(() => ({}));
    (built.getType('Mutation') as GraphQLObjectType).getFields().change!.resolve = change;
    const guarded = guard(built, [{ ...complete, Mutation: { change: no } }]);
    const source = 'mutation { change(input: {}) { plain } }';
    const answer = await graphql({ schema: guarded, source, contextValue });
    expect(change).not.toHaveBeenCalled();
    expect(answer.errors?.[0]?.originalError).toMatchObject({ code: 'NOT_FOUND', message: 'Not for you.' });
  });

  it('hands on what a rule throws by accident as what it is, not as a refusal', async () => {
    const broken = lets('nobody', async () => {
      throw new TypeError('broken');
    });
    const guarded = guard(bare().built, [{ ...complete, Query: { open: broken, other: broken } }]);
    const answer = await graphql({ schema: guarded, source: '{ open { plain } }', contextValue });
    expect(answer.errors?.[0]?.originalError).toBeInstanceOf(TypeError);
  });
});
