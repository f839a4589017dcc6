import { expect } from 'vitest';
import type { Gateway } from '../../../src/gateway.js';
import { type Answer, codeOf } from '../../support/client.js';
import { type World, write } from '../../support/world.js';
import type { Caller } from '../adversaries.js';

/** A document with one mutation, whose input has the name that every input has. */
export const mutation = (name: string, payload = '__typename') =>
  `mutation ($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${payload} } }`;

/** How an invitation is named by whoever answers it. */
export interface Named {
  token?: string | null;
  invitationId?: string | null;
}

const preview = 'invitation { organizationName roleName inviterName email status expiresAt }';

export const decline = (caller: Caller, named: Named) =>
  caller.send<{ declineInvitation: { invitation: { email: string; status: string } } }, object>(
    mutation('declineInvitation', preview),
    { input: named },
  );

export const acceptAs = (caller: Caller, named: Named) =>
  caller.send<{ acceptInvitation: { member: { id: string; role: { key: string }; teams: { id: string }[] } } }, object>(
    mutation('acceptInvitation', 'member { id role { key } teams { id } }'),
    { input: named },
  );

/** Something that is done to an invitation by whoever looks after them, the founder unless told otherwise. */
export const managed = ({ organization, admin }: World, name: string, invitationId: string, by: Caller = admin) =>
  by.send<Record<string, { invitation: { status: string } }>, object>(mutation(name, 'invitation { id status }'), {
    input: { organizationId: organization.id, invitationId },
  });

/** The row of an invitation, with what no answer shows. */
export function rowOf({ services }: Gateway, { organization }: World, id: string) {
  return services.db.prisma.invitation.findUniqueOrThrow({
    where: { organizationId_id: { organizationId: organization.id, id } },
  });
}

/** Has somebody prove an address otherwise than by an invitation. */
export async function verified(gateway: Gateway, { user }: { user: { id: string } }): Promise<void> {
  await write(gateway, (set) => set.update('users', { id: user.id, emailVerifiedAt: new Date() }));
}

/** Expects an answer to be refused because of what has become of the invitation. */
export function refusedAs(answer: Answer<unknown>, status: string): void {
  expect(codeOf(answer)).toBe('INVITATION_NOT_PENDING');
  expect(answer.errors![0]!.extensions.status).toBe(status);
}

/** The code of an answer, and the reason if it has one. */
export function reasonOf(answer: Answer<unknown>): (string | undefined)[] {
  return [codeOf(answer), answer.errors?.[0]?.extensions.reason];
}

/** Marks a role as deleted, past all rules. */
export async function deleteRole(gateway: Gateway, { organization, roles }: World, key: string): Promise<void> {
  const deletedAt = new Date();
  await write(gateway, (set) => {
    set.update('roles', { organizationId: organization.id, id: roles[key]!, deletedAt });
  });
}
