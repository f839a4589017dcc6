import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kind, type OperationDefinitionNode, parse, print } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, codeOf, send } from '../support/client.js';
import {
  MainJobAcceptInvitationDocument,
  MainJobCreateOrganizationDocument,
  MainJobCreateTeamDocument,
  MainJobFillTeamDocument,
  MainJobInviteColleagueDocument,
  MainJobInviteIntoTeamDocument,
  MainJobMeDocument,
  MainJobOrganizationPageDocument,
  MainJobReadInvitationDocument,
  MainJobRegisterColleagueDocument,
  MainJobRegisterFounderDocument,
  MainJobUpdateRoleDocument,
  type TypedDocumentString,
} from '../support/generated/graphql.js';
import { isPostgresRunning, newDataDir, removeDataDir, type StartedGateway, startTenantry } from './started-gateway.js';

const source = readFileSync(join(import.meta.dirname, '../../examples/main-job.graphql'), 'utf8');
const dataDir = newDataDir();
const env = { TENANTRY_SEED: 'none', APP_URL: 'https://app.example.com' };

let gateway: StartedGateway;

beforeAll(async () => {
  gateway = await startTenantry({ dataDir, env });
});

afterAll(async () => {
  await gateway?.stop();
  removeDataDir(dataDir);
});

describe('the main job', () => {
  const operations = parse(source).definitions.filter(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const left = [...operations];

  it('runs from the first account to the organization page', async () => {
    const { register: founder } = await step(MainJobRegisterFounderDocument, {});
    const grace = founder.session.accessToken;
    expect(founder.organization.isPersonal).toBe(true);
    expect(founder.workspace).toEqual({ name: 'Default', isDefault: true });

    const { createOrganization } = await step(MainJobCreateOrganizationDocument, {}, grace);
    const organizationId = createOrganization.organization.id;
    const founderId = createOrganization.member.id;
    expect(createOrganization.organization.viewerRole?.key).toBe('administrator');
    expect(createOrganization.organization.roles).toHaveLength(6);

    const { inviteMember } = await step(MainJobInviteColleagueDocument, { organizationId }, grace);
    expect(inviteMember.invitation).toMatchObject({ status: 'PENDING', role: { name: 'Member' } });

    const token = await mailedSecret('linus@example.com');
    const { invitationByToken } = await step(MainJobReadInvitationDocument, { token });
    expect(invitationByToken).toEqual({
      organizationName: 'Lighthouse Books',
      inviterName: 'Grace Moreau',
      roleName: 'Member',
      email: 'linus@example.com',
      status: 'PENDING',
    });

    const { register: colleague } = await step(MainJobRegisterColleagueDocument, {});
    const linus = colleague.session.accessToken;
    expect(colleague.user.emailVerified).toBe(false);

    const { acceptInvitation } = await step(MainJobAcceptInvitationDocument, { token }, linus);
    const colleagueId = acceptInvitation.member.id;
    expect(acceptInvitation.member).toMatchObject({
      status: 'ACTIVE',
      user: { emailVerified: true },
      role: { key: 'member' },
      organization: { name: 'Lighthouse Books' },
      invitedBy: { fullName: 'Grace Moreau' },
    });

    const { createTeam } = await step(MainJobCreateTeamDocument, { organizationId }, grace);
    const teamId = createTeam.team.id;
    expect(createTeam.team).toMatchObject({ slug: 'bookshop', memberCount: 0 });

    const filled = await step(MainJobFillTeamDocument, { organizationId, teamId, founderId, colleagueId }, grace);
    expect(filled.founder.teamMembership.role).toBe('MANAGER');
    expect(filled.colleague.teamMembership).toEqual({ role: 'MEMBER', team: { memberCount: 2 } });

    const invited = await step(MainJobInviteIntoTeamDocument, { organizationId, teamId }, grace);
    expect(invited.inviteMember.invitation.teams).toEqual([{ name: 'Bookshop' }]);

    const { organization } = await step(MainJobOrganizationPageDocument, { organizationId }, grace);
    expect(organization).toMatchObject({
      name: 'Lighthouse Books',
      memberCount: 2,
      members: {
        totalCount: 2,
        nodes: [
          { user: { fullName: 'Grace Moreau' }, role: { key: 'administrator' }, teams: [{ name: 'Bookshop' }] },
          { user: { fullName: 'Linus Aalto' }, role: { key: 'member' }, teams: [{ name: 'Bookshop' }] },
        ],
      },
      teams: { nodes: [{ name: 'Bookshop', memberCount: 2 }] },
      invitations: { nodes: [{ email: 'noor@example.com', role: { key: 'viewer' } }] },
    });

    const { updateMemberRole } = await step(MainJobUpdateRoleDocument, { organizationId, colleagueId }, grace);
    expect(updateMemberRole.member.role.key).toBe('team_manager');

    const { me, organizations } = await step(MainJobMeDocument, {}, linus);
    expect(me.fullName).toBe('Linus Aalto');
    expect(me.memberships.nodes.map(({ role }) => role.key).sort()).toEqual(['administrator', 'team_manager']);
    expect(organizations.nodes.map(({ name, viewerRole }) => [name, viewerRole?.key])).toEqual([
      ['Lighthouse Books', 'team_manager'],
      ['Linus Aalto', 'administrator'],
    ]);

    expect(left.map(({ name }) => name?.value)).toEqual([]);
  });

  it('explains every operation in a comment of its own', () => {
    const numbered = operations.map(({ loc }) => /# (\d+)\. [^\n]+\n(?:#[^\n]*\n)*$/.exec(source.slice(0, loc!.start)));
    expect(numbered.map((comment) => Number(comment?.[1]))).toEqual(operations.map((_, index) => index + 1));
  });

  /** Runs the next operation of the file, which must be this one, in the very words of the file. */
  async function step<Data, Variables>(
    document: TypedDocumentString<Data, Variables>,
    variables: Variables,
    token?: string,
  ): Promise<Data> {
    const next = left.shift()!;
    expect(print(parse(document.toString()))).toBe(print(next));
    const text = source.slice(next.loc!.start, next.loc!.end);
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
    const { data, errors }: Answer<Data> = await send<Data, Variables>(gateway.url, text, variables, headers);
    expect(errors).toBeUndefined();
    return data;
  }
});

describe('after the main job', () => {
  it('stops on SIGTERM, and its PostgreSQL with it', async () => {
    const { postgres } = gateway;
    expect(isPostgresRunning(dataDir, postgres)).toBe(true);
    expect(await gateway.stop()).toBe(0);
    expect(isPostgresRunning(dataDir, postgres)).toBe(false);
  });

  it('starts again at once, and everything is still there', async () => {
    const startedAt = performance.now();
    gateway = await startTenantry({ dataDir, env });
    // Nothing is built, created or migrated any more. It takes a second or two; the rest is for a busy machine.
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    const again = await send<{ login: { user: { memberships: { totalCount: number } } } }, object>(
      gateway.url,
      `mutation { login(input: { email: "LINUS@example.com", password: "another passphrase" }) {
        user { memberships { totalCount } }
      } }`,
    );
    expect(again.errors).toBeUndefined();
    expect(again.data.login.user.memberships.totalCount).toBe(2);
    const wrong = await send(
      gateway.url,
      'mutation { login(input: { email: "linus@example.com", password: "a long passphrase" }) { user { id } } }',
    );
    expect(codeOf(wrong)).toBe('UNAUTHENTICATED');
  });
});

/** The secret in the mail to this address, once the gateway has delivered it. */
async function mailedSecret(to: string): Promise<string> {
  const folder = join(dataDir, 'mail');
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(50)) {
    for (const mail of mailsIn(folder)) {
      const secret = mail.to === to && /https:\/\/app\.example\.com\/invitations\/(\S+)/.exec(mail.text)?.[1];
      if (secret) return secret;
    }
  }
  throw new Error(`No mail to ${to} has arrived.`);
}

function mailsIn(folder: string): { to: string; text: string }[] {
  try {
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
    return files.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as { to: string; text: string });
  } catch (error) {
    // There is no such folder before the first mail.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
