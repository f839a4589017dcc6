import { randomUUID } from 'node:crypto';
import type { Gateway } from '../../src/gateway.js';
import { send } from '../support/client.js';
import { type Person, type World, write } from '../support/world.js';

// What makes the gateway send mail.

export const anAddress = () => `${randomUUID()}@example.net`;

export const password = 'correct horse battery';

/** Does something that is expected to succeed. */
async function act<Data>(who: Pick<Person, 'send'> | string, document: string, input?: object): Promise<Data> {
  const { data, errors } =
    typeof who === 'string' ? await send(who, document, { input }) : await who.send(document, { input });
  if (errors) throw new Error(JSON.stringify(errors));
  return data as Data;
}

export async function invite({ organization, admin }: World, email: string, role = 'member'): Promise<string> {
  const { inviteMember } = await act<{ inviteMember: { invitation: { id: string } } }>(
    admin,
    'mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } } }',
    { organizationId: organization.id, email, role },
  );
  return inviteMember.invitation.id;
}

/** Reminds somebody of an invitation, as if it had been sent two minutes ago. */
export async function remind(gateway: Gateway, { organization, admin }: World, invitationId: string): Promise<void> {
  const organizationId = organization.id;
  const sentAt = new Date(Date.now() - 120_000);
  await write(gateway, (set) => set.update('invitations', { organizationId, id: invitationId, sentAt }));
  await act(
    admin,
    'mutation ($input: ResendInvitationInput!) { resendInvitation(input: $input) { invitation { id } } }',
    { organizationId, invitationId },
  );
}

/** Signs up with the password, and answers with somebody who can do more. */
export async function signUp(
  gateway: Gateway,
  email: string,
  fullName = 'Ada Lovelace',
): Promise<Pick<Person, 'send'>> {
  const { register } = await act<{ register: { session: { accessToken: string } } }>(
    gateway.url,
    'mutation ($input: RegisterInput!) { register(input: $input) { session { accessToken } } }',
    { email, password, fullName },
  );
  const authorization = `Bearer ${register.session.accessToken}`;
  return {
    send: (document, variables, headers = {}) => send(gateway.url, document, variables, { authorization, ...headers }),
  };
}

export const askForReset = (gateway: Gateway, email: string) =>
  act(gateway.url, 'mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { ok } }', {
    email,
  });

export const askForAddress = (who: Pick<Person, 'send'>, newEmail: string) =>
  act(who, 'mutation ($input: RequestEmailChangeInput!) { requestEmailChange(input: $input) { ok } }', {
    newEmail,
    currentPassword: password,
  });

export const changePassword = (who: Pick<Person, 'send'>) =>
  act(who, 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { session { expiresAt } } }', {
    currentPassword: password,
    newPassword: `${password} staple`,
  });

export const foundFor = (superAdmin: Person, email: string, name: string) =>
  act(
    superAdmin,
    'mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) { organization { id } } }',
    { name, owner: { email, fullName: 'Grace Hopper' } },
  );

export const giveRole = ({ organization, admin }: World, memberId: string, role: string) =>
  act(admin, 'mutation ($input: UpdateMemberRoleInput!) { updateMemberRole(input: $input) { member { id } } }', {
    organizationId: organization.id,
    memberId,
    role,
  });
