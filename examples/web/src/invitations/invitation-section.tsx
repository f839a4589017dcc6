import { useQuery } from '@apollo/client/react';
import { useOrganization } from '../organization/use-organization.ts';
import { Failure } from '../parts/failure.tsx';
import { Loading } from '../parts/loading.tsx';
import { InvitationRow } from './invitation-row.tsx';
import { InviteForm } from './invite-form.tsx';
import { PendingInvitations } from './pending-invitations.ts';

/** Who is invited, and a form to invite others. */
export function InvitationSection() {
  const { id } = useOrganization();
  const { data, error } = useQuery(PendingInvitations, {
    variables: { id },
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
  });
  // One that was revoked stays in the list until it is asked for anew, but the cache knows its status.
  const pending = data?.organization.invitations.nodes.filter(({ status }) => status === 'PENDING') ?? [];
  return (
    <section aria-labelledby="invitations">
      <h2 id="invitations">Invitations</h2>
      <Failure error={error} />
      {!data && !error && <Loading what="the invitations" />}
      {data && <InviteForm roles={data.organization.roles} />}
      {data && pending.length === 0 && <p className="empty">Nobody is invited at the moment.</p>}
      {pending.length > 0 && (
        <div className="scrolling">
          <table>
            <caption className="visually-hidden">Pending invitations</caption>
            <thead>
              <tr>
                <th scope="col">E-mail</th>
                <th scope="col">Role</th>
                <th scope="col">Until</th>
                <th scope="col">
                  <span className="visually-hidden">What to do</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {pending.map((invitation) => (
                <InvitationRow key={invitation.id} invitation={invitation} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
