import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Kind, type OperationDefinitionNode, parse, valueFromASTUntyped } from 'graphql';

/** `src/http/explorer` and `dist/http/explorer` lie equally deep, so one path serves both. */
const folder = fileURLToPath(new URL('../../../examples/operations', import.meta.url));

/** An operation that explorers show to begin with. */
export interface Example {
  title: string;
  /** As it stands in its file, with the comment above it. */
  document: string;
  /**
   * What its variables are by default. Where there is no default it says `{{name}}`, which Altair replaces by what its
   * environment has by this name.
   */
  variables: Record<string, unknown>;
  /** Whether it is the one that needs nobody to be signed in. */
  signsIn: boolean;
}

/** The examples, one in each file, in the order of the files' names. */
export function readExamples(): Example[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.graphql'));
  return files.sort().map((file) => exampleOf(file, readFileSync(join(folder, file), 'utf8')));
}

function exampleOf(file: string, document: string): Example {
  const operation = parse(document).definitions.find(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  )!;
  const variables = (operation.variableDefinitions ?? []).map(({ variable: { name }, defaultValue }) => [
    name.value,
    defaultValue ? valueFromASTUntyped(defaultValue) : `{{${name.value}}}`,
  ]);
  const [root] = operation.selectionSet.selections;
  return {
    title: titleOf(file),
    document,
    variables: Object.fromEntries(variables),
    signsIn: root?.kind === Kind.FIELD && root.name.value === 'login',
  };
}

/** `05-invite-a-member.graphql` is “Invite a member”. */
function titleOf(file: string): string {
  const words = file.replace(/^\d+-|\.graphql$/g, '').replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
