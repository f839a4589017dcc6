import { getNamedType, isListType, isNonNullType, isObjectType } from 'graphql';
import { expect, it } from 'vitest';
import { createSchema } from '../../src/schema.js';

/** What answers with an organization that has just been made or brought back, which nobody's standing has. */
const anew = ['Mutation.createOrganization', 'Mutation.register', 'Mutation.restoreOrganization'];

it('whatever answers with one organization brings it along with the standing', () => {
  const schema = createSchema({ federation: true });
  const organization = schema.getType('Organization');
  const fields = Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type)
      ? Object.values(type.getFields()).map((field) => ({ name: `${type.name}.${field.name}`, field }))
      : [],
  );
  const answering = fields.filter(({ name, field }) => {
    const type = isNonNullType(field.type) ? field.type.ofType : field.type;
    if (isListType(type)) return false;
    const named = getNamedType(type);
    if (!name.startsWith('Mutation.')) return named === organization && field.resolve;
    return (
      isObjectType(named) && Object.values(named.getFields()).some((each) => getNamedType(each.type) === organization)
    );
  });
  const without = answering.filter(({ field }) => {
    const rows = field.extensions.answersWith as string[] | undefined;
    return !rows?.includes('organization');
  });
  expect(answering.length).toBeGreaterThan(10);
  expect(without.map(({ name }) => name).sort()).toEqual(anew);
});
