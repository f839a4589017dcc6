import type { InvitationStatus } from '../generated/graphql.ts';

/** What has become of an invitation that nobody can answer any more. */
export function outcomeOf(status: Exclude<InvitationStatus, 'PENDING'>): string {
  switch (status) {
    case 'ACCEPTED':
      return 'This invitation was accepted. Sign in to see the organization.';
    case 'DECLINED':
      return 'This invitation was declined.';
    case 'REVOKED':
      return 'This invitation was taken back.';
    case 'EXPIRED':
      return 'This invitation has expired. Ask for another one.';
    case 'INVALIDATED':
      return 'Whoever sent this invitation may not invite any more. Ask for another one.';
  }
}
