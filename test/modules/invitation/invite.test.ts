import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, type World } from '../../support/world.js';
import { answersAlike, itIsRefusedToOthers } from '../adversaries.js';
import { eventsOf, tracesIn } from '../audit.js';
import { pathsIn } from '../lists.js';
import { mailTo, secretMailedTo } from '../mailbox.js';
import { customRole, leadRole } from '../states.js';
import { accept, expire, Invite } from './inviting.js';

const gateway = useGateway();

const anAddress = () => `${randomUUID()}@example.net`;

const invite = ({ organization, admin }: World, email: string, more: { role?: string; teamIds?: string[] } = {}) =>
  admin.send(Invite, { input: { organizationId: organization.id, email, role: 'member', ...more } });

describe('inviting', () => {
  itIsRefusedToOthers(gateway, 'users.invite', async () => {
    const email = anAddress();
    return (caller, organizationId) => caller.send(Invite, { input: { organizationId, email, role: 'viewer' } });
  });

  it('offers a role and teams to an address for a week', async () => {
    const world = await aWorld(gateway());
    const red = await world.team('Red');
    const email = anAddress();
    const { data, errors } = await invite(world, email, { role: 'developer', teamIds: [red, red.toUpperCase()] });
    expect(errors).toBeUndefined();
    const { invitation } = data.inviteMember;
    expect(invitation).toMatchObject({
      email,
      status: 'PENDING',
      sendCount: 1,
      role: { key: 'developer' },
      teams: [{ id: red }],
      invitedBy: { id: world.admin.user.id },
      organization: { id: world.organization.id },
    });
    const days = (Date.parse(invitation.expiresAt) - Date.parse(invitation.createdAt)) / 86_400_000;
    expect(days).toBeCloseTo(7, 3);
  });

  it('makes nobody a member yet', async () => {
    const world = await aWorld(gateway());
    const person = await aPerson(gateway());
    await invite(world, person.user.email);
    const { id } = world.organization;
    await answersAlike(
      (organization) => person.send('query ($id: ID!) { organization(id: $id) { id } }', { id: organization }),
      id,
    );
  });

  it('sends one mail that says who invites to what, with the secret, which is stored nowhere in clear', async () => {
    const world = await aWorld(gateway());
    const email = anAddress();
    const answer = await invite(world, email, { role: 'viewer' });
    const mails = await mailTo(email);
    expect(mails).toHaveLength(1);
    const [{ subject, text, html }] = mails as [(typeof mails)[number]];
    expect(subject).toBe(`${world.admin.user.fullName} invites you to Acme`);
    expect(text).toContain('as Viewer');
    const secret = await secretMailedTo(email);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(html).toContain(secret);
    expect(JSON.stringify(answer)).not.toContain(secret);
    const { prisma } = gateway().services.db;
    const organizationId = world.organization.id;
    const stored = [
      await prisma.invitation.findMany({ where: { organizationId } }),
      await prisma.auditEvent.findMany({ where: { organizationId } }),
      await prisma.$queryRaw`SELECT * FROM graphile_worker._private_jobs`,
    ];
    expect(JSON.stringify(stored)).not.toContain(secret);
  });

  it('keeps names harmless in the mail', async () => {
    const world = await aWorld(gateway());
    const name = `<img src=x onerror="alert('Acme')"> & Co`;
    await world.admin.send(
      'mutation ($input: UpdateOrganizationInput!) { updateOrganization(input: $input) { organization { id } } }',
      { input: { organizationId: world.organization.id, name } },
    );
    const email = anAddress();
    await invite(world, email);
    const [mail] = await mailTo(email);
    expect(mail!.subject).toContain(name);
    expect(mail!.html).not.toContain('<img');
    expect(mail!.html).toContain('&lt;img');
  });

  it('is recorded once', async () => {
    const world = await aWorld(gateway());
    const red = await world.team('Red');
    const email = anAddress();
    const { data } = await invite(world, email, { teamIds: [red] });
    expect(await eventsOf(gateway(), world.organization.id)).toEqual([
      {
        actorType: 'USER',
        actorUserId: world.admin.user.id,
        action: 'INVITATION_SENT',
        targetType: 'INVITATION',
        targetId: data.inviteMember.invitation.id,
        changes: {
          email: { before: null, after: email },
          role: { before: null, after: 'member' },
          teamIds: { before: [], after: [red] },
        },
      },
    ]);
  });

  it('is refused for a member, in whatever case the address is written', async () => {
    const world = await aWorld(gateway());
    const { user } = await world.join('viewer');
    for (const email of [user.email, user.email.toUpperCase()]) {
      const answer = await invite(world, email);
      expect(codeOf(answer)).toBe('CONFLICT');
      expect(answer.errors![0]!.extensions.reason).toBe('ALREADY_MEMBER');
    }
    expect(await eventsOf(gateway(), world.organization.id)).toEqual([]);
  });

  it('is refused while an invitation is pending, which is named', async () => {
    const world = await aWorld(gateway());
    const email = anAddress();
    const { id: invitationId } = (await invite(world, email)).data.inviteMember.invitation;
    const before = await tracesIn(gateway(), world.organization.id);
    for (const again of [email, email.toUpperCase()]) {
      const answer = await invite(world, again, { role: 'viewer' });
      expect(codeOf(answer)).toBe('CONFLICT');
      expect(answer.errors![0]!.extensions).toMatchObject({ reason: 'ALREADY_INVITED', invitationId });
    }
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
    expect(await mailTo(email)).toHaveLength(1);
  });

  it('is possible in two organizations at a time', async () => {
    const email = anAddress();
    expect(codeOf(await invite(await aWorld(gateway()), email))).toBeUndefined();
    expect(codeOf(await invite(await aWorld(gateway()), email))).toBeUndefined();
    expect(await mailTo(email, 2)).toHaveLength(2);
  });

  it('is possible again once the last invitation has expired or was taken back', async () => {
    const world = await aWorld(gateway());
    const person = await aPerson(gateway());
    const { email } = person.user;
    const first = (await invite(world, email)).data.inviteMember.invitation;
    const oldSecret = await secretMailedTo(email);
    await expire(gateway(), world, first.id);

    const { data, errors } = await invite(world, email, { role: 'viewer' });
    expect(errors).toBeUndefined();
    const second = data.inviteMember.invitation;
    expect(second).toMatchObject({ status: 'PENDING', role: { key: 'viewer' } });
    const statuses = await world.admin.send(
      'query ($id: ID!) { organization(id: $id) { invitations { nodes { id status } } } }',
      { id: world.organization.id },
    );
    const nodes = [
      { id: second.id, status: 'PENDING' },
      { id: first.id, status: 'EXPIRED' },
    ];
    expect(statuses.data).toEqual({ organization: { invitations: { nodes } } });
    expect(codeOf(await accept(person, oldSecret))).toBe('INVITATION_NOT_PENDING');

    const taken = 'mutation ($input: RevokeInvitationInput!) { revokeInvitation(input: $input) { invitation { id } } }';
    await world.admin.send(taken, { input: { organizationId: world.organization.id, invitationId: second.id } });
    expect(codeOf(await invite(world, email))).toBeUndefined();
    const { data: accepted } = await accept(person, await secretMailedTo(email, 3));
    expect(accepted.acceptInvitation.member.role.key).toBe('member');
  });

  it('gives nobody more than the inviter has', async () => {
    const world = await aWorld(gateway());
    await leadRole(gateway(), world);
    await customRole(gateway(), world, { key: 'higher', rank: 51, permissions: [] });
    const lead = await world.join('lead');
    const asLead = { ...world, admin: lead };
    const administrator = await invite(asLead, anAddress(), { role: 'administrator' });
    expect(codeOf(administrator)).toBe('ROLE_CEILING');
    expect(administrator.errors![0]!.extensions.missingPermissions).toContain('organization.delete');
    expect(codeOf(await invite(asLead, anAddress(), { role: 'billing_manager' }))).toBe('ROLE_CEILING');
    expect(codeOf(await invite(asLead, anAddress(), { role: 'higher' }))).toBe('ROLE_CEILING');
    expect(await eventsOf(gateway(), world.organization.id)).toEqual([]);
    expect(codeOf(await invite(asLead, anAddress(), { role: 'lead' }))).toBeUndefined();
  });

  it('never offers the platform role', async () => {
    const world = await aWorld(gateway());
    expect(codeOf(await invite(world, anAddress(), { role: 'super_admin' }))).toBe('NOT_FOUND');
  });

  it('is refused with a role or a team of another organization, as if there were none', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    await customRole(gateway(), other, { key: 'guest', rank: 5, permissions: [] });
    const email = anAddress();
    const foreign = await invite(world, email, { role: 'guest' });
    expect(codeOf(foreign)).toBe('NOT_FOUND');
    expect(await invite(world, email, { role: 'ghost' })).toEqual(foreign);
    const red = await world.team('Red');
    await answersAlike((id) => invite(world, email, { teamIds: [red, id] }), await other.team('Theirs'));
    expect(await eventsOf(gateway(), world.organization.id)).toEqual([]);
    expect(codeOf(await invite(world, email))).toBeUndefined();
  });

  it('needs an address', async () => {
    const world = await aWorld(gateway());
    for (const email of ['', 'ada', 'ada@localhost', 'ada@example.com\nbcc: eve@example.com']) {
      expect(pathsIn(await invite(world, email))).toEqual(['input.email']);
    }
    expect(await eventsOf(gateway(), world.organization.id)).toEqual([]);
  });
});
