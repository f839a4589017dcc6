import { useMutation } from '@apollo/client/react';
import type { SubmitEvent } from 'react';
import { issueOf } from '../api/refusal.ts';
import { graphql } from '../generated/index.ts';
import { Failure } from '../parts/failure.tsx';
import { Field } from '../parts/field.tsx';
import { fieldsOf } from '../parts/fields-of.ts';
import { session } from './session.ts';

const Register = graphql(`
  mutation Register($input: RegisterInput!) {
    register(input: $input) {
      session { accessToken refreshToken }
      member { organization { id } }
    }
  }
`);

interface Invited {
  email: string;
  /** The secret of the invitation, which also proves the address. */
  token: string;
  onJoined(organizationId: string): void;
}

/** Makes an account, and for who is invited also a membership, in one step. */
export function SignUpForm({ invited }: { invited?: Invited }) {
  const [register, { error, loading }] = useMutation(Register, {
    onCompleted({ register: { session: tokens, member } }) {
      session.begin(tokens);
      if (member) invited?.onJoined(member.organization.id);
    },
    onError: () => {},
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = fieldsOf(event.currentTarget, 'fullName', 'email', 'password');
    void register({ variables: { input: { ...fields, invitationToken: invited?.token } } });
  };
  const email = invited?.email;
  return (
    <form onSubmit={submit}>
      <Field label="Your name" name="fullName" autoComplete="name" issue={issueOf(error, 'input.fullName')} />
      <Field
        label="E-mail"
        name="email"
        type="email"
        autoComplete="username"
        defaultValue={email}
        readOnly={!!email}
        issue={issueOf(error, 'input.email')}
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        hint="At least 8 characters."
        issue={issueOf(error, 'input.password')}
      />
      <Failure error={error} />
      <button type="submit" disabled={loading}>
        {invited ? 'Sign up and join' : 'Sign up'}
      </button>
    </form>
  );
}
