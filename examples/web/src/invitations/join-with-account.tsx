import { useState } from 'react';
import { useNavigate } from 'react-router';
import { SignInForm } from '../session/sign-in-form.tsx';
import { SignUpForm } from '../session/sign-up-form.tsx';

interface Props {
  token: string;
  email: string;
}

/** For who is invited and not signed in: a new account, which is a member at once, or the one that is there. */
export function JoinWithAccount({ token, email }: Props) {
  const [hasAccount, setHasAccount] = useState(false);
  const navigate = useNavigate();
  const onJoined = (organizationId: string) => navigate(`/organizations/${organizationId}`);
  return (
    <>
      {hasAccount ? <SignInForm email={email} /> : <SignUpForm invited={{ email, token, onJoined }} />}
      <button type="button" className="quiet" onClick={() => setHasAccount(!hasAccount)}>
        {hasAccount ? 'I have no account yet' : 'I have an account already'}
      </button>
    </>
  );
}
