const storageKey = 'tenantry.organization';

/** Remembers in which organization somebody works, for the next visit. */
export function rememberOrganization(id: string): void {
  localStorage.setItem(storageKey, id);
}

export function lastOrganization(): string | null {
  return localStorage.getItem(storageKey);
}
