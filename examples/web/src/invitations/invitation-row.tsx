import { useMutation } from '@apollo/client/react';
import type { InvitationFieldsFragment } from '../generated/graphql.ts';
import { graphql } from '../generated/index.ts';
import { useOrganization } from '../organization/use-organization.ts';
import { announce, announceFailure } from '../parts/announcements.tsx';
import { Day } from '../parts/day.tsx';

const ResendInvitation = graphql(`
  mutation ResendInvitation($organizationId: ID!, $invitationId: ID!) {
    resendInvitation(input: { organizationId: $organizationId, invitationId: $invitationId }) {
      invitation { ...InvitationFields }
    }
  }
`);

const RevokeInvitation = graphql(`
  mutation RevokeInvitation($organizationId: ID!, $invitationId: ID!) {
    revokeInvitation(input: { organizationId: $organizationId, invitationId: $invitationId }) {
      invitation { ...InvitationFields }
    }
  }
`);

export function InvitationRow({ invitation }: { invitation: InvitationFieldsFragment }) {
  const { id: organizationId } = useOrganization();
  const { id: invitationId, email, role, expiresAt } = invitation;
  const variables = { organizationId, invitationId };
  const [resend, resending] = useMutation(ResendInvitation, {
    variables,
    onCompleted: () => announce(`The invitation was sent to ${email} again.`),
    onError: announceFailure,
  });
  const [revoke, revoking] = useMutation(RevokeInvitation, {
    variables,
    onCompleted: () => announce(`The invitation of ${email} was revoked.`),
    onError: announceFailure,
  });
  const isBusy = resending.loading || revoking.loading;
  return (
    <tr>
      <th scope="row">{email}</th>
      <td>{role.name}</td>
      <td>
        <Day at={expiresAt} />
      </td>
      <td className="actions">
        <button type="button" className="quiet" disabled={isBusy} onClick={() => void resend()}>
          Resend<span className="visually-hidden"> the invitation of {email}</span>
        </button>
        <button type="button" className="quiet" disabled={isBusy} onClick={() => void revoke()}>
          Revoke<span className="visually-hidden"> the invitation of {email}</span>
        </button>
      </td>
    </tr>
  );
}
