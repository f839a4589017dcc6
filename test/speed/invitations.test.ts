import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { mailTo, secretMailedTo } from '../modules/mailbox.js';
import { send } from '../support/client.js';
import { useOwnGateway } from '../support/own-gateway.js';
import { countingStatements } from '../support/statements.js';
import { aPerson, aWorld, type World } from '../support/world.js';

const gateway = useOwnGateway();

const mutation = (name: string, payload: string) =>
  `mutation ($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${payload} } }`;

const InviteMany = mutation(
  'inviteMembers',
  'results { email invitation { id status role { key } teams { id } invitedBy { id } } error { code } }',
);

type Invited = { inviteMembers: { results: { error: object | null }[] } };

const anAddress = () => `${randomUUID()}@example.net`;

/** The statements that change anything but counters of attempts. */
const writing = (statements: readonly string[]) =>
  statements.filter(
    (text) => /\b(INSERT INTO|UPDATE|DELETE FROM|add_job)\b/.test(text) && !/\brate_limits?\b/.test(text),
  );

const transactions = (statements: readonly string[]) =>
  statements.filter((text) => /^(BEGIN|COMMIT|ROLLBACK)/.test(text));

/** Invites so many people to two teams, and says in how many statements. */
async function inviting({ organization, admin }: World, teamIds: string[], emails: string[]) {
  const invitations = emails.map((email) => ({ email, role: 'developer', teamIds }));
  const { result, statements } = await countingStatements(() =>
    admin.send<Invited, object>(InviteMany, { input: { organizationId: organization.id, invitations } }),
  );
  expect(result.errors).toBeUndefined();
  return { results: result.data.inviteMembers.results, statements };
}

describe('an invitation for a hundred addresses', () => {
  it('is one transaction and at most 12 SQL statements', async () => {
    const world = await aWorld(gateway());
    const teamIds = [await world.team('Red'), await world.team('Blue')];
    const emails = Array.from({ length: 100 }, anAddress);
    const { results, statements } = await inviting(world, teamIds, emails);
    expect(results.filter(({ error }) => error)).toEqual([]);
    expect(statements.length).toBeLessThanOrEqual(12);
    // A statement of its own is a transaction.
    expect(writing(statements)).toHaveLength(1);
    expect(transactions(statements)).toEqual([]);
    const [text] = writing(statements);
    for (const table of ['invitations', 'invitation_teams', 'audit_events'])
      expect(text).toContain(`INSERT INTO ${table} `);
    for (const email of emails) expect(await mailTo(email)).toHaveLength(1);
  });

  it('takes no more if as many have expired, which make way', async () => {
    const world = await aWorld(gateway());
    const emails = Array.from({ length: 100 }, anAddress);
    await inviting(world, [], emails);
    await gateway().services.db.prisma.invitation.updateMany({
      where: { organizationId: world.organization.id },
      data: { expiresAt: new Date(Date.now() - 1000) },
    });
    const { results, statements } = await inviting(world, [], emails);
    expect(results.filter(({ error }) => error)).toEqual([]);
    expect(statements.length).toBeLessThanOrEqual(12);
  });

  it('takes no more if most of them cannot be invited', async () => {
    const world = await aWorld(gateway());
    const emails = Array.from({ length: 98 }, anAddress);
    await inviting(world, [], emails);
    const again = [...emails, anAddress(), 'nobody'];
    const { results, statements } = await inviting(world, [], again);
    expect(results.filter(({ error }) => !error)).toHaveLength(1);
    expect(statements.length).toBeLessThanOrEqual(12);
    expect(writing(statements)).toHaveLength(1);
  });
});

describe('answering an invitation', () => {
  async function anOffer(email = anAddress()) {
    const world = await aWorld(gateway());
    const teamIds = [await world.team('Red'), await world.team('Blue')];
    const input = { organizationId: world.organization.id, email, role: 'developer', teamIds };
    await world.admin.send(mutation('inviteMember', '__typename'), { input });
    return { email, token: await secretMailedTo(email) };
  }

  it('by accepting it writes everything in one statement', async () => {
    const person = await aPerson(gateway());
    const { token } = await anOffer(person.user.email);
    const { result, statements } = await countingStatements(() =>
      person.send(mutation('acceptInvitation', '__typename'), { input: { token } }),
    );
    expect(result.errors).toBeUndefined();
    expect(writing(statements)).toHaveLength(1);
    expect(transactions(statements)).toEqual([]);
  });

  it('by signing up with it writes account, organization, membership, teams and session in one statement', async () => {
    const { email, token } = await anOffer();
    const input = { email, password: 'correct horse battery', fullName: 'Ada', invitationToken: token };
    const { result, statements } = await countingStatements(() =>
      send(gateway().url, mutation('register', '__typename'), { input }),
    );
    expect(result.errors).toBeUndefined();
    expect(transactions(statements)).toEqual([]);
    const [text, ...more] = writing(statements);
    expect(more).toEqual([]);
    for (const table of ['users', 'organizations', 'workspaces', 'members', 'team_memberships', 'sessions']) {
      expect(text).toContain(`INSERT INTO ${table} `);
    }
    expect(text).toContain('UPDATE invitations ');
  });
});
