import { useMutation } from '@apollo/client/react';
import { graphql } from '../generated/index.ts';
import { session } from './session.ts';

const LogOut = graphql(`
  mutation LogOut { logout(input: {}) { ok } }
`);

/** Has the gateway end the session, and forgets it also if the gateway does not answer. */
export function SignOutButton() {
  const [logOut, { loading }] = useMutation(LogOut, { onCompleted: session.end, onError: session.end });
  return (
    <button type="button" className="quiet" disabled={loading} onClick={() => void logOut()}>
      Sign out
    </button>
  );
}
