import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { graphql } from '../../support/generated/index.js';
import { aPerson, aWorld, type World } from '../../support/world.js';
import { answersAlike, nobody } from '../adversaries.js';
import { tracesIn } from '../audit.js';
import { pathsIn } from '../lists.js';
import { accept, anInvited, expire } from './inviting.js';

const gateway = useGateway();

const Preview = graphql(`
  query PreviewTest_Preview($token: String!) {
    invitationByToken(token: $token) {
      organizationName organizationLogoUrl roleName inviterName email status expiresAt
    }
  }
`);

const preview = (token: string) => nobody(gateway()).send(Preview, { token });

const statusOf = async (token: string) => (await preview(token)).data.invitationByToken.status;

const admin = ({ admin, organization }: World, mutation: string, input: object) =>
  admin.send(
    `mutation ($input: ${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input!) { ${mutation}(input: $input) { __typename } }`,
    {
      input: { organizationId: organization.id, ...input },
    },
  );

describe('the preview of an invitation', () => {
  it('shows the holder of the secret what is offered, before signing in', async () => {
    const world = await aWorld(gateway());
    const logoUrl = 'https://example.com/logo.png';
    await admin(world, 'updateOrganization', { name: 'Acme Ltd', logoUrl });
    const { secret, user } = await anInvited(gateway(), world, { role: 'billing_manager' });
    const { data, errors } = await preview(secret);
    expect(errors).toBeUndefined();
    expect(data.invitationByToken).toMatchObject({
      organizationName: 'Acme Ltd',
      organizationLogoUrl: logoUrl,
      roleName: 'Billing Manager',
      inviterName: world.admin.user.fullName,
      email: user.email,
      status: 'PENDING',
    });
    expect(Date.parse(data.invitationByToken.expiresAt)).toBeGreaterThan(Date.now());
  });

  it('shows the same to whoever is signed in', async () => {
    const { secret } = await anInvited(gateway(), await aWorld(gateway()));
    const { data } = await (await aPerson(gateway())).send(Preview, { token: secret });
    expect(data).toEqual((await preview(secret)).data);
  });

  it('uses nothing up', async () => {
    const world = await aWorld(gateway());
    const person = await anInvited(gateway(), world);
    const before = await tracesIn(gateway(), world.organization.id);
    for (let round = 0; round < 3; round += 1) expect(await statusOf(person.secret)).toBe('PENDING');
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
    expect(codeOf(await accept(person, person.secret))).toBeUndefined();
  });

  it('says what has become of it', async () => {
    const world = await aWorld(gateway());
    const inviter = await world.join('administrator');
    const accepted = await anInvited(gateway(), world);
    await accept(accepted, accepted.secret);
    expect(await statusOf(accepted.secret)).toBe('ACCEPTED');
    const revoked = await anInvited(gateway(), world);
    await admin(world, 'revokeInvitation', { invitationId: revoked.invitationId });
    expect(await statusOf(revoked.secret)).toBe('REVOKED');
    const expired = await anInvited(gateway(), world);
    await expire(gateway(), world, expired.invitationId);
    expect(await statusOf(expired.secret)).toBe('EXPIRED');
    const invalidated = await anInvited(gateway(), world, { by: inviter });
    await admin({ ...world, admin: inviter }, 'removeMember', { memberId: inviter.memberId });
    await accept(invalidated, invalidated.secret);
    expect(await statusOf(invalidated.secret)).toBe('INVALIDATED');
  });

  it('is not there for a secret that no invitation has, or whose organization is deleted', async () => {
    const world = await aWorld(gateway());
    const { secret, invitationId, refreshToken } = await anInvited(gateway(), world);
    for (const other of ['x', invitationId, refreshToken]) expect(codeOf(await preview(other))).toBe('NOT_FOUND');
    expect(pathsIn(await preview(''))).toEqual(['token']);
    await admin(world, 'deleteOrganization', { confirmSlug: world.organization.slug });
    await answersAlike(preview, secret);
  });
});
