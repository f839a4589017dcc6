import {
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { Extensions } from 'type-graphql';
import type { WholeRow } from '../auth/standing.js';
import { type StandingStatements, standingsWith } from '../auth/standing-sql.js';
import { remembered } from './remembered.js';

/**
 * Says of a field that it answers with rows of the caller's standing. They then come whole in the statement that the rule needs
 * anyway; without this they would be read by one more.
 */
export function AnswersWith(...rows: WholeRow[]) {
  return Extensions({ answersWith: rows });
}

/** Finds out which statements tell the standing of whoever sends a document, together with what its fields answer with. */
export function standingsFor(
  schema: GraphQLSchema,
): (operation: OperationDefinitionNode, document: DocumentNode) => StandingStatements {
  return remembered((_, document) => {
    const rows = new Set<WholeRow>();
    const types = new TypeInfo(schema);
    const field = () => {
      const named = types.getFieldDef()?.extensions.answersWith as WholeRow[] | undefined;
      for (const row of named ?? []) rows.add(row);
    };
    visit(document, visitWithTypeInfo(types, { Field: field }));
    return standingsWith(...rows);
  });
}
