import { useMutation } from '@apollo/client/react';
import { Link, useParams } from 'react-router';
import { graphql } from '../generated/index.ts';
import { Card } from '../parts/card.tsx';
import { Failure } from '../parts/failure.tsx';

const VerifyEmail = graphql(`
  mutation VerifyEmail($token: String!) {
    verifyEmail(input: { token: $token }) { user { id email emailVerified } }
  }
`);

/** Where the link in the mail after signing up leads. It asks for a click, because mail programs follow links by themselves. */
export function VerifyEmailPage() {
  const { token = '' } = useParams();
  const [verify, { data, error, loading }] = useMutation(VerifyEmail, { variables: { token }, onError: () => {} });
  if (data) {
    return (
      <Card title="Thank you">
        <p>{data.verifyEmail.user.email} is yours.</p>
        <Link to="/">Go on</Link>
      </Card>
    );
  }
  return (
    <Card title="Confirm your e-mail address">
      <Failure error={error} />
      <button type="button" disabled={loading} onClick={() => void verify()}>
        This address is mine
      </button>
    </Card>
  );
}
