import { useOutletContext } from 'react-router';

/** The organization that the address names, as far as every page in it needs to know. */
export interface OrganizationContext {
  id: string;
  name: string;
  timezone: string;
  /** The user who is signed in. */
  viewerId: string;
  /** Whether the viewer holds a permission. It decides what is shown; what is done is decided by the gateway. */
  may(permission: string): boolean;
}

export function useOrganization(): OrganizationContext {
  return useOutletContext<OrganizationContext>();
}
