import { useQuery } from '@apollo/client/react';
import { useParams } from 'react-router';
import { explain } from '../api/refusal.ts';
import { graphql } from '../generated/index.ts';
import { Card } from '../parts/card.tsx';
import { Day } from '../parts/day.tsx';
import { Loading } from '../parts/loading.tsx';
import { Notice } from '../parts/notice.tsx';
import { useSession } from '../session/use-session.ts';
import { AnswerInvitation } from './answer-invitation.tsx';
import { JoinWithAccount } from './join-with-account.tsx';
import { outcomeOf } from './outcome.ts';

const Invitation = graphql(`
  query Invitation($token: String!) {
    invitationByToken(token: $token) { organizationName roleName inviterName email status expiresAt }
  }
`);

/** Where the link in an invitation leads, signed in or not. */
export function InvitationPage() {
  const { token = '' } = useParams();
  const isSignedIn = useSession();
  const { data, error } = useQuery(Invitation, { variables: { token } });
  if (error) return <Notice title="This invitation cannot be shown.">{explain(error)}</Notice>;
  if (!data) return <Loading what="the invitation" />;
  const { organizationName, roleName, inviterName, email, status, expiresAt } = data.invitationByToken;
  if (status !== 'PENDING') return <Notice title={organizationName}>{outcomeOf(status)}</Notice>;
  return (
    <Card title={`Join ${organizationName}`}>
      <p>
        <strong>{inviterName}</strong> invites <strong>{email}</strong> to join as <strong>{roleName}</strong>. The
        invitation holds until <Day at={expiresAt} />.
      </p>
      {isSignedIn ? <AnswerInvitation token={token} email={email} /> : <JoinWithAccount token={token} email={email} />}
    </Card>
  );
}
