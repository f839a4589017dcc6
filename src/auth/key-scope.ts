import type { Permission } from './permissions.js';

/** What an API key may be used for. Whatever its maker may do, a key does no more than its scopes cover. */
export const keyScopes = {
  'organizations:read': 'Queries, and whatever only reads.',
  'organizations:write': 'Queries and mutations.',
} as const;

export type KeyScope = keyof typeof keyScopes;

/** The scope that an operation takes, or none if there is nothing missing. */
export function missingScope(scopes: readonly string[], operation: 'Query' | 'Mutation'): KeyScope | null {
  if (scopes.includes('organizations:write')) return null;
  if (operation === 'Mutation') return 'organizations:write';
  return scopes.includes('organizations:read') ? null : 'organizations:read';
}

/** Whether the scopes let a permission through. One that reads is called so; all others, an app's own too, write. */
export function covers(scopes: readonly string[], permission: string): boolean {
  return missingScope(scopes, permission.endsWith('.read') ? 'Query' : 'Mutation') === null;
}

/** What takes a person: a key that leaks must not make others that outlive it. */
const personal: ReadonlySet<string> = new Set<Permission>(['api_keys.create', 'api_keys.delete']);

/**
 * Whether anything can be done with a permission by a key of these scopes. A key can give what is personal (as part of a
 * role), but not use it.
 */
export function usable(scopes: readonly string[], permission: string): boolean {
  return covers(scopes, permission) && !personal.has(permission);
}
