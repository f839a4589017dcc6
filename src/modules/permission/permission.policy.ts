import { isPermittedIn } from '../../auth/access.js';
import { usable } from '../../auth/key-scope.js';
import { teamManagerPermissions } from '../../auth/permissions.js';
import type { Authority } from '../../auth/standing.js';
import type { PermissionReason } from './permission.type.js';

/** Somebody in an organization, as far as permissions are concerned. */
export type Subject = Authority & {
  user: { status: string };
  /** Whether the user acts as a super admin. */
  isSuperAdmin: boolean;
  /** The API key that acts for the user, if one does. */
  apiKey: { scopes: readonly string[] } | null;
  organization: { status: string };
  member: { status: string } | null;
};

/** Whether somebody may do something (in a team, where it concerns one), and why. */
export function explain(
  subject: Subject,
  permission: string,
  teamId?: string | null,
): { granted: boolean; reason: `${PermissionReason}` } {
  const { apiKey } = subject;
  if (apiKey && !usable(apiKey.scopes, permission)) return { granted: false, reason: refusal(subject, permission) };
  if (subject.permissions.has(permission)) {
    return { granted: true, reason: subject.isSuperAdmin ? 'SUPER_ADMIN' : 'ROLE' };
  }
  if (isPermittedIn(subject, permission, teamId)) return { granted: true, reason: 'TEAM_MANAGER' };
  return { granted: false, reason: refusal(subject, permission) };
}

function refusal(
  { user, member, organization, managedTeamIds, apiKey }: Subject,
  permission: string,
): `${PermissionReason}` {
  if (user.status !== 'ACTIVE') return 'USER_SUSPENDED';
  if (!member) return 'NOT_A_MEMBER';
  if (organization.status !== 'ACTIVE') return 'ORGANIZATION_SUSPENDED';
  if (member.status !== 'ACTIVE') return 'MEMBER_SUSPENDED';
  if (apiKey && !usable(apiKey.scopes, permission)) return 'KEY_LACKS_SCOPE';
  if (managedTeamIds.length > 0 && teamManagerPermissions.has(permission)) return 'ONLY_IN_MANAGED_TEAMS';
  return 'ROLE_LACKS_PERMISSION';
}
