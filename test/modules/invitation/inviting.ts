import type { Gateway } from '../../../src/gateway.js';
import { graphql } from '../../support/generated/index.js';
import { aPerson, type Person, type World, write } from '../../support/world.js';
import { secretMailedTo } from '../mailbox.js';

export const Invite = graphql(`
  mutation InvitationTests_Invite($input: InviteMemberInput!) {
    inviteMember(input: $input) {
      invitation {
        id email status expiresAt sentAt sendCount createdAt
        role { key }
        teams { id }
        invitedBy { id }
        organization { id }
      }
    }
  }
`);

export const Accept = graphql(`
  mutation InvitationTests_Accept($input: AcceptInvitationInput!) {
    acceptInvitation(input: $input) {
      member {
        id status
        user { id emailVerified }
        role { key }
        teams { id }
        invitedBy { id }
        organization { id memberCount }
      }
    }
  }
`);

export interface Invited extends Person {
  invitationId: string;
  /** What the mail has brought. */
  secret: string;
}

/** Has somebody invited, by the founder unless told otherwise, who gets the mail and has an account with that address. */
export async function anInvited(
  gateway: Gateway,
  { organization, admin }: World,
  { role = 'member', teamIds, by = admin }: { role?: string; teamIds?: string[]; by?: Person } = {},
): Promise<Invited> {
  const person = await aPerson(gateway);
  const { email } = person.user;
  const input = { organizationId: organization.id, email, role, ...(teamIds && { teamIds }) };
  const { data } = await by.send(Invite, { input });
  return { ...person, invitationId: data.inviteMember.invitation.id, secret: await secretMailedTo(email) };
}

/** Lets the time of an invitation run out. */
export async function expire(gateway: Gateway, { organization }: World, id: string): Promise<void> {
  const expiresAt = new Date(Date.now() - 1000);
  await write(gateway, (set) => set.update('invitations', { organizationId: organization.id, id, expiresAt }));
}

/** Answers with the invitation's secret. */
export const accept = (person: Person, secret: string) => person.send(Accept, { input: { token: secret } });
