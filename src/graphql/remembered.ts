import type { DocumentNode, OperationDefinitionNode } from 'graphql';

/**
 * What depends on an operation alone is found out once: Apollo Server keeps the documents that were sent lately, and with each
 * of them goes what is remembered here.
 */
export function remembered<T>(
  find: (operation: OperationDefinitionNode, document: DocumentNode) => T,
): (operation: OperationDefinitionNode, document: DocumentNode) => T {
  const known = new WeakMap<OperationDefinitionNode, T>();
  return (operation, document) => {
    const there = known.get(operation);
    if (there !== undefined) return there;
    const found = find(operation, document);
    known.set(operation, found);
    return found;
  };
}
