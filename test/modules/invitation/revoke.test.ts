import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { graphql } from '../../support/generated/index.js';
import { aWorld, type World } from '../../support/world.js';
import { answersAlike, itIsRefusedToOthers } from '../adversaries.js';
import { tracesIn } from '../audit.js';
import { accept, anInvited, expire } from './inviting.js';

const gateway = useGateway();

const Revoke = graphql(`
  mutation RevokeTest_Revoke($input: RevokeInvitationInput!) {
    revokeInvitation(input: $input) { invitation { id status } }
  }
`);

const revoke = ({ organization, admin }: World, invitationId: string) =>
  admin.send(Revoke, { input: { organizationId: organization.id, invitationId } });

/** Expects an invitation that is no longer pending to stay as it is. */
async function refused(world: World, invitationId: string, status: string) {
  const before = await tracesIn(gateway(), world.organization.id);
  const answer = await revoke(world, invitationId);
  expect(codeOf(answer)).toBe('INVITATION_NOT_PENDING');
  expect(answer.errors![0]!.extensions.status).toBe(status);
  expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
}

describe('taking an invitation back', () => {
  itIsRefusedToOthers(gateway, 'users.invite', async (world) => {
    const { invitationId } = await anInvited(gateway(), world);
    return (caller, organizationId) => caller.send(Revoke, { input: { organizationId, invitationId } });
  });

  it('makes its secret worthless at once', async () => {
    const world = await aWorld(gateway());
    const { invitationId, secret, ...person } = await anInvited(gateway(), world);
    const { data, errors } = await revoke(world, invitationId);
    expect(errors).toBeUndefined();
    expect(data.revokeInvitation.invitation).toEqual({ id: invitationId, status: 'REVOKED' });
    const answer = await accept(person, secret);
    expect(codeOf(answer)).toBe('INVITATION_NOT_PENDING');
    expect(answer.errors![0]!.extensions.status).toBe('REVOKED');
  });

  it('is recorded once, and cannot be repeated', async () => {
    const world = await aWorld(gateway());
    const { invitationId } = await anInvited(gateway(), world);
    await revoke(world, invitationId);
    const { events } = await tracesIn(gateway(), world.organization.id);
    expect(events).toHaveLength(2);
    expect(events[1]).toEqual({
      actorType: 'USER',
      actorUserId: world.admin.user.id,
      action: 'INVITATION_REVOKED',
      targetType: 'INVITATION',
      targetId: invitationId,
      changes: { status: { before: 'PENDING', after: 'REVOKED' } },
    });
    await refused(world, invitationId, 'REVOKED');
  });

  it('is refused once it is accepted or has expired', async () => {
    const world = await aWorld(gateway());
    const [accepted, expired] = [await anInvited(gateway(), world), await anInvited(gateway(), world)];
    await accept(accepted, accepted.secret);
    await refused(world, accepted.invitationId, 'ACCEPTED');
    await expire(gateway(), world, expired.invitationId);
    await refused(world, expired.invitationId, 'EXPIRED');
  });

  it('is open to others who may invite', async () => {
    const world = await aWorld(gateway());
    const { invitationId } = await anInvited(gateway(), world);
    const second = await world.join('administrator');
    expect(codeOf(await revoke({ ...world, admin: second }, invitationId))).toBeUndefined();
  });

  it('of another organization is refused as if there were none', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    const theirs = await anInvited(gateway(), other);
    await answersAlike((id) => revoke(world, id), theirs.invitationId);
    expect(codeOf(await accept(theirs, theirs.secret))).toBeUndefined();
  });
});
