import { GraphQLError, GraphQLScalarType } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';

/** A moment, in ISO 8601 and UTC. */
export const DateTime = GraphQLDateTime;

/**
 * A day, as YYYY-MM-DD. Any text comes through here, and the field's check says what is wrong with it: so a malformed day is
 * BAD_USER_INPUT with its path, whether it stands in the document or among the variables.
 */
export const Day = new GraphQLScalarType<string, string>({
  name: 'Date',
  description: 'A day, as YYYY-MM-DD, in the time zone of the organization.',
  serialize: asText,
  parseValue: asText,
});

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new GraphQLError('A Date is a text such as 2026-02-28.');
}
