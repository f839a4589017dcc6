import type { World } from '../../support/world.js';
import type { Caller } from '../adversaries.js';

export interface Verdict {
  granted: boolean;
  reason: string;
}

export interface PermissionMap {
  organization: { id: string };
  role: { key: string } | null;
  granted: string[];
  catalogue: ({ permission: string } & Verdict)[];
}

const Check = `query ($organizationId: ID, $userId: ID, $permission: String!, $teamId: ID) {
  checkPermission(organizationId: $organizationId, userId: $userId, permission: $permission, teamId: $teamId) {
    granted reason
  }
}`;

const Mine = `query ($organizationId: ID) {
  myPermissions(organizationId: $organizationId) {
    organization { id } role { key } granted catalogue { permission granted reason }
  }
}`;

/** Asks whether somebody may do something in the organization: the caller, unless another user is named. */
export const check = (
  { organization }: Pick<World, 'organization'>,
  caller: Caller,
  permission: string,
  about: { userId?: string; teamId?: string } = {},
) =>
  caller.send<{ checkPermission: Verdict }, object>(Check, {
    organizationId: organization.id,
    permission,
    ...about,
  });

/** The answer to that question. */
export async function verdict(...question: Parameters<typeof check>): Promise<Verdict> {
  return (await check(...question)).data.checkPermission;
}

export const myPermissions = (
  { organization }: Pick<World, 'organization'>,
  caller: Caller,
  headers?: Record<string, string>,
) =>
  caller.send<{ myPermissions: PermissionMap }, object>(
    Mine,
    headers ? {} : { organizationId: organization.id },
    headers,
  );
