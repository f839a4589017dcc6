import { useMutation, useQuery } from '@apollo/client/react';
import { useNavigate } from 'react-router';
import { graphql } from '../generated/index.ts';
import { MyOrganizations } from '../organization/my-organizations.ts';
import { announce } from '../parts/announcements.tsx';
import { Failure } from '../parts/failure.tsx';
import { Loading } from '../parts/loading.tsx';
import { SignOutButton } from '../session/sign-out-button.tsx';

const AcceptInvitation = graphql(`
  mutation AcceptInvitation($token: String!) {
    acceptInvitation(input: { token: $token }) { member { id organization { ...OrganizationChoice } } }
  }
`);

const DeclineInvitation = graphql(`
  mutation DeclineInvitation($token: String!) {
    declineInvitation(input: { token: $token }) { invitation { status } }
  }
`);

interface Props {
  token: string;
  /** Whom the invitation is for. */
  email: string;
}

/** For who is signed in: yes or no, or a word if the invitation is for somebody else. */
export function AnswerInvitation({ token, email }: Props) {
  const navigate = useNavigate();
  const mine = useQuery(MyOrganizations);
  const [accept, accepting] = useMutation(AcceptInvitation, {
    variables: { token },
    onError: () => {},
    update(cache, { data }) {
      const joined = data?.acceptInvitation.member.organization;
      cache.updateQuery({ query: MyOrganizations }, (known) => {
        if (!known || !joined || known.organizations.nodes.some(({ id }) => id === joined.id)) return;
        const nodes = [...known.organizations.nodes, joined];
        return { ...known, organizations: { ...known.organizations, nodes } };
      });
    },
    onCompleted({ acceptInvitation: { member } }) {
      announce(`Welcome to ${member.organization.name}.`);
      navigate(`/organizations/${member.organization.id}`);
    },
  });
  const [decline, declining] = useMutation(DeclineInvitation, { variables: { token }, onError: () => {} });

  if (!mine.data) return mine.error ? <Failure error={mine.error} /> : <Loading what="your account" />;
  if (declining.data) return <p>You have declined the invitation.</p>;
  if (mine.data.me.email.toLowerCase() !== email.toLowerCase()) {
    return (
      <>
        <p className="failure">
          You are signed in as {mine.data.me.email}, but the invitation is for {email}. Sign out to use it.
        </p>
        <SignOutButton />
      </>
    );
  }
  const isBusy = accepting.loading || declining.loading;
  return (
    <>
      <Failure error={accepting.error ?? declining.error} />
      <div className="actions">
        <button type="button" disabled={isBusy} onClick={() => void accept()}>
          Accept
        </button>
        <button type="button" className="quiet" disabled={isBusy} onClick={() => void decline()}>
          Decline
        </button>
      </div>
    </>
  );
}
