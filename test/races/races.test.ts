import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join as joinPath } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { codeOf } from '../support/client.js';
import { useGateway } from '../support/gateway.js';
import { aPerson, aWorld } from '../support/world.js';

const gateway = useGateway();

describe('twenty at once', () => {
  it('who accept one invitation make one membership, and are all told so', async () => {
    const { admin, organization } = await aWorld(gateway());
    const invited = await aPerson(gateway());
    await admin.send(`mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } } }`, {
      input: { organizationId: organization.id, email: invited.user.email, role: 'member' },
    });
    const token = await tokenMailedTo(invited.user.email);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        invited.send<{ acceptInvitation: { member: { id: string } } }, object>(
          `mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { member { id } } }`,
          { input: { token } },
        ),
      ),
    );
    expect(answers.map(codeOf).filter(Boolean)).toEqual([]);
    expect(new Set(answers.map(({ data }) => data.acceptInvitation.member.id)).size).toBe(1);
    const { prisma } = gateway().services.db;
    const organizationId = organization.id;
    expect(await prisma.member.count({ where: { organizationId, userId: invited.user.id } })).toBe(1);
    expect(await prisma.auditEvent.count({ where: { organizationId, action: 'INVITATION_ACCEPTED' } })).toBe(1);
  });

  it('who found an organization with one slug make one organization', async () => {
    const founder = await aPerson(gateway());
    const slug = `slug-${randomUUID()}`;
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        founder.send(
          `mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) { organization { id } } }`,
          {
            input: { name: 'Acme', slug },
          },
        ),
      ),
    );
    const codes = answers.map(codeOf);
    expect(codes.filter((code) => code === undefined)).toHaveLength(1);
    expect(codes.filter((code) => code === 'CONFLICT')).toHaveLength(19);
    const { prisma } = gateway().services.db;
    expect(await prisma.organization.count({ where: { slug } })).toBe(1);
    expect(await prisma.member.count({ where: { userId: founder.user.id } })).toBe(1);
  });

  it('who are added to a team by many hands are in it once', async () => {
    const { admin, organization, team } = await aWorld(gateway());
    const teamId = await team('Red');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        admin.send(
          `mutation ($input: AddTeamMemberInput!) { addTeamMember(input: $input) { teamMembership { id } } }`,
          {
            input: { organizationId: organization.id, teamId, memberId: admin.memberId },
          },
        ),
      ),
    );
    expect(answers.map(codeOf).filter((code) => code === undefined)).toHaveLength(1);
    expect(answers.map(codeOf).filter((code) => code === 'CONFLICT')).toHaveLength(19);
  });
});

/** The secret of the last invitation that was mailed to somebody. */
async function tokenMailedTo(email: string): Promise<string> {
  const folder = joinPath(inject('dataDir'), 'mail');
  for (;;) {
    const files = await readdir(folder).catch(() => []);
    for (const file of files.filter((name) => name.endsWith('.json'))) {
      const { to, text } = JSON.parse(await readFile(joinPath(folder, file), 'utf8'));
      const token = to === email && /invitations\/(\S+)/.exec(text)?.[1];
      if (token) return token;
    }
    await new Promise((wait) => setTimeout(wait, 20));
  }
}
