import { sqlState, violatedConstraint } from '../platform/database.js';
import { conflict } from '../platform/errors.js';

const uniqueViolation = '23505';

/** What it means to a person that a unique value is taken, by the name of the index that says so. */
const taken: Record<string, [reason: string, message: string]> = {
  users_email_key: ['EMAIL_TAKEN', 'There is already an account with this e-mail address.'],
  external_identities_issuer_subject_key: ['IDENTITY_TAKEN', 'This identity is linked to an account already.'],
  users_username_key: ['USERNAME_TAKEN', 'This username is taken.'],
  organizations_slug_key: ['SLUG_TAKEN', 'This slug belongs to another organization.'],
  teams_slug_key: ['SLUG_TAKEN', 'Another team of the organization has this slug.'],
  workspaces_slug_key: ['SLUG_TAKEN', 'Another workspace of the organization has this slug.'],
  members_organization_id_user_id_key: ['ALREADY_MEMBER', 'This person is already a member of the organization.'],
  team_memberships_organization_id_team_id_member_id_key: [
    'ALREADY_TEAM_MEMBER',
    'The member is already in this team.',
  ],
  invitations_pending_key: ['ALREADY_INVITED', 'There is already a pending invitation for this e-mail address.'],
};

/** The CONFLICT that a violated unique index stands for; any other error as it is. */
export function conflictOf(error: unknown): unknown {
  if (sqlState(error) !== uniqueViolation) return error;
  const known = taken[violatedConstraint(error) ?? ''];
  return known ? conflict(...known) : error;
}
