import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Kind, parse } from 'graphql';

/** `src/http/explorer` and `dist/http/explorer` lie equally deep, so one path serves both. */
const folder = fileURLToPath(new URL('../../../examples/operations', import.meta.url));

/** Operations that explorers show to begin with. */
export interface Example {
  title: string;
  /** As it stands in its file, with a comment above each operation. */
  document: string;
  /** The variables that have no default: what they are depends on the data. */
  variables: string[];
}

/** The examples, one for each file, in the order of the files' names. */
export function readExamples(): Example[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.graphql'));
  return files.sort().map((file) => {
    const document = readFileSync(join(folder, file), 'utf8');
    return { title: titleOf(file), document, variables: variablesWithoutDefault(document) };
  });
}

/** `5-organization-page.graphql` is “Organization page”. */
function titleOf(file: string): string {
  const words = file.replace(/^\d+-|\.graphql$/g, '').replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function variablesWithoutDefault(document: string): string[] {
  const names = parse(document).definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
    const given = definition.variableDefinitions ?? [];
    return given.filter(({ defaultValue }) => !defaultValue).map(({ variable }) => variable.name.value);
  });
  return [...new Set(names)];
}
