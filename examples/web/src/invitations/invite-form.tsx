import { useMutation } from '@apollo/client/react';
import { type SubmitEvent, useId } from 'react';
import { explainRefusal } from '../api/refusal.ts';
import type { RoleChoiceFragment } from '../generated/graphql.ts';
import { graphql } from '../generated/index.ts';
import { RoleOptions } from '../members/role-options.tsx';
import { useOrganization } from '../organization/use-organization.ts';
import { announce } from '../parts/announcements.tsx';
import { Failure } from '../parts/failure.tsx';
import { Field } from '../parts/field.tsx';
import { fieldsOf } from '../parts/fields-of.ts';
import { addToPending } from './pending-invitations.ts';

const InviteMembers = graphql(`
  mutation InviteMembers($organizationId: ID!, $invitations: [InvitationInput!]!) {
    inviteMembers(input: { organizationId: $organizationId, invitations: $invitations }) {
      results {
        email
        invitation { ...InvitationFields }
        error { code message issues { path message } }
      }
    }
  }
`);

/** Invites several people at once. Each is invited or refused by itself. */
export function InviteForm({ roles }: { roles: readonly RoleChoiceFragment[] }) {
  const { id: organizationId } = useOrganization();
  const roleId = useId();
  const [invite, { data, error, loading }] = useMutation(InviteMembers, {
    onError: () => {},
    update(cache, { data }) {
      addToPending(
        cache,
        organizationId,
        data?.inviteMembers.results.flatMap(({ invitation }) => invitation ?? []) ?? [],
      );
    },
  });
  const refused = data?.inviteMembers.results.filter((result) => result.error) ?? [];

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const { emails, role } = fieldsOf(form, 'emails', 'role');
    const invitations = emails
      .split(/[\s,;]+/)
      .filter(Boolean)
      .map((email) => ({ email, role }));
    const sent = await invite({ variables: { organizationId, invitations } });
    const invited = sent.data?.inviteMembers.results.filter((result) => result.invitation) ?? [];
    if (invited.length === 0) return;
    announce(`Invited: ${invited.map(({ email }) => email).join(', ')}.`);
    form.reset();
  }

  return (
    <form className="row" onSubmit={submit}>
      <Field label="E-mail addresses" name="emails" placeholder="sam@example.com, kim@example.com" autoComplete="off" />
      <div className="field">
        <label htmlFor={roleId}>Role</label>
        <select id={roleId} name="role" defaultValue="member">
          <RoleOptions roles={roles} />
        </select>
      </div>
      <button type="submit" disabled={loading}>
        Invite
      </button>
      <Failure error={error} />
      <ul role="alert" className="failure">
        {refused.map(({ email, error }) => (
          <li key={email}>
            {email}: {error && explainRefusal(error)}
          </li>
        ))}
      </ul>
    </form>
  );
}
