import { useMutation } from '@apollo/client/react';
import type { SubmitEvent } from 'react';
import { graphql } from '../generated/index.ts';
import { Failure } from '../parts/failure.tsx';
import { Field } from '../parts/field.tsx';
import { fieldsOf } from '../parts/fields-of.ts';
import { session } from './session.ts';

const LogIn = graphql(`
  mutation LogIn($input: LoginInput!) {
    login(input: $input) { session { accessToken refreshToken } }
  }
`);

/** @param email the address, where it is known who has to sign in. */
export function SignInForm({ email }: { email?: string }) {
  const [logIn, { error, loading }] = useMutation(LogIn, {
    onCompleted: ({ login }) => session.begin(login.session),
    onError: () => {},
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    void logIn({ variables: { input: fieldsOf(event.currentTarget, 'email', 'password') } });
  };
  return (
    <form onSubmit={submit}>
      <Field label="E-mail" name="email" type="email" autoComplete="username" defaultValue={email} readOnly={!!email} />
      <Field label="Password" name="password" type="password" autoComplete="current-password" />
      <Failure error={error} />
      <button type="submit" disabled={loading}>
        Sign in
      </button>
    </form>
  );
}
