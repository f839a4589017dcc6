import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/id.js';
import { hashSecret, newSecret } from '../../src/platform/secret.js';
import { type Answer, codeOf } from '../support/client.js';
import { aPerson, aWorld, type Person, type World, write } from '../support/world.js';
import { atOnce, patience, rounds, useTwoProcesses, via } from './processes.js';

const seats = 4;
const none = { pendingInvitations: null, teams: null, workspaces: null, apiKeys: null };
const processes = useTwoProcesses({
  plans: [
    { key: 'roomy', name: 'Roomy', maximum: { ...none, members: null } },
    { key: 'small', name: 'Small', maximum: { ...none, members: seats } },
  ],
});

const accept = 'mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { member { id } } }';
const revoke = 'mutation ($input: RevokeInvitationInput!) { revokeInvitation(input: $input) { invitation { id } } }';
const decline = `mutation ($input: DeclineInvitationInput!) {
  declineInvitation(input: $input) { invitation { status } }
}`;
const inviteMany = `mutation ($input: InviteMembersInput!) {
  inviteMembers(input: $input) { results { invitation { id } error { code facts } } }
}`;

type Accepted = Answer<{ acceptInvitation: { member: { id: string } } } | null>;

interface Invited extends Person {
  id: string;
  token: string;
}

const db = () => processes().gateway.services.db;

/** Somebody who is invited as if it had been mailed. */
async function anInvited({ organization, roles, admin }: World): Promise<Invited> {
  const { gateway } = processes();
  const person = await aPerson(gateway);
  const [id, token] = [newId(), newSecret()];
  await write(gateway, (set) =>
    set.insert('invitations', {
      ...{ organizationId: organization.id, id, email: person.user.email, roleId: roles.member! },
      ...{ tokenHash: hashSecret(token), invitedById: admin.user.id },
      expiresAt: new Date(Date.now() + 86_400_000),
    }),
  );
  return { ...person, id, token };
}

const accepting = (index: number, person: Invited) => (): Promise<Accepted> =>
  via<NonNullable<Accepted['data']>, object>(processes(), (index % 2) as 0 | 1, person, accept, {
    input: { token: person.token },
  });

interface State {
  /** The status of each invitation, by id. */
  statuses: Record<string, string>;
  /** The users that have become members. */
  joined: string[];
}

/** What has become of the invitations of an organization, which then are pending again, and nobody has joined. */
async function takeBack({ organization, admin }: World): Promise<State> {
  const [state] = await db().write<State>(
    `WITH gone AS (DELETE FROM members WHERE organization_id = $1 AND invited_by_id IS NOT NULL RETURNING user_id),
     before AS (SELECT id, status FROM invitations WHERE organization_id = $1),
     back AS (UPDATE invitations SET status = 'PENDING', responded_at = NULL WHERE organization_id = $1)
     SELECT (SELECT jsonb_object_agg(id, status) FROM before) AS statuses,
       (SELECT coalesce(jsonb_agg(user_id), '[]') FROM gone WHERE user_id <> $2) AS joined`,
    [organization.id, admin.user.id],
  );
  return state!;
}

const recorded = async ({ organization }: World, action: string) =>
  db().prisma.auditEvent.count({ where: { organizationId: organization.id, action } });

describe('at the same moment, through two processes,', { timeout: patience }, () => {
  it('an invitation is accepted twenty times: there is one membership, and all are told so', async () => {
    const world = await aWorld(processes().gateway);
    const person = await anInvited(world);
    for (let round = 1; round <= rounds; round += 1) {
      const requests = Array.from({ length: 20 }, (_, index) => accepting(index + round, person)());
      const answers = await Promise.all(requests);
      expect(answers.map(codeOf).filter(Boolean)).toEqual([]);
      const members = new Set(answers.map(({ data }) => data!.acceptInvitation.member.id));
      const accepted = await recorded(world, 'INVITATION_ACCEPTED');
      const { statuses, joined } = await takeBack(world);
      expect({ round, members: members.size, accepted, statuses, joined }).toEqual({
        ...{ round, members: 1, accepted: round },
        ...{ statuses: { [person.id]: 'ACCEPTED' }, joined: [person.user.id] },
      });
    }
  });

  it.each([
    ['taken back', 'REVOKED', 'INVITATION_REVOKED'],
    ['declined', 'DECLINED', 'INVITATION_DECLINED'],
  ])('an invitation is accepted and %s: one of them it is, and the other is told', async (_, status, action) => {
    const world = await aWorld(processes().gateway);
    const organizationId = world.organization.id;
    const person = await anInvited(world);
    const end = () =>
      status === 'REVOKED'
        ? via(processes(), 1, world.admin, revoke, { input: { organizationId, invitationId: person.id } })
        : via(processes(), 1, person, decline, { input: { token: person.token } });
    let ended = 0;
    for (let round = 1; round <= rounds; round += 1) {
      const outcomes = await atOnce(round, accepting(0, person), end);
      const { statuses, joined } = await takeBack(world);
      const isAccepted = outcomes[0] === undefined;
      if (!isAccepted) ended += 1;
      expect({ round, outcomes, statuses, joined }).toEqual({
        round,
        outcomes: isAccepted ? [undefined, 'INVITATION_NOT_PENDING'] : ['INVITATION_NOT_PENDING', undefined],
        statuses: { [person.id]: isAccepted ? 'ACCEPTED' : status },
        joined: isAccepted ? [person.user.id] : [],
      });
    }
    expect(await recorded(world, action)).toBe(ended);
    expect(await recorded(world, 'INVITATION_ACCEPTED')).toBe(rounds - ended);
  });

  it('ten accept for the last seat: one has it, and the others’ invitations wait', async () => {
    const world = await aWorld(processes().gateway);
    const { id } = world.organization;
    await write(processes().gateway, (set) => set.update('organizations', { id, plan: 'small' }));
    for (let member = 2; member < seats; member += 1) {
      const { memberId } = await world.join('viewer');
      // Those who were invited go after each round.
      await write(processes().gateway, (set) =>
        set.update('members', { organizationId: id, id: memberId, invitedById: null }),
      );
    }
    const people = [];
    for (let index = 0; index < 10; index += 1) people.push(await anInvited(world));
    for (let round = 1; round <= rounds; round += 1) {
      const answers = await Promise.all(people.map((person, index) => accepting(index + round, person)()));
      const { statuses, joined } = await takeBack(world);
      const winners = people.filter((_, index) => !answers[index]!.errors);
      const facts = answers.flatMap(({ errors }) => errors?.map(({ extensions }) => extensions) ?? []);
      expect({ round, winners: winners.length, joined }).toEqual({
        round,
        winners: 1,
        joined: winners.map(({ user }) => user.id),
      });
      for (const fact of facts) {
        expect(fact).toMatchObject({ code: 'CONFLICT', reason: 'LIMIT_REACHED', limit: 'members', used: seats });
      }
      for (const person of people) {
        expect(statuses[person.id]).toBe(winners.includes(person) ? 'ACCEPTED' : 'PENDING');
      }
    }
  });

  it('the same address is invited among others: once, and whoever comes second is told of it', async () => {
    const world = await aWorld(processes().gateway);
    const organizationId = world.organization.id;
    for (let round = 1; round <= rounds; round += 1) {
      const shared = `${randomUUID()}@example.net`;
      const invitations = () =>
        [`${randomUUID()}@example.net`, shared, `${randomUUID()}@example.net`].map((email) => ({
          email,
          role: 'viewer',
        }));
      const ask = (index: 0 | 1) =>
        via<{ inviteMembers: { results: { invitation: { id: string } | null; error: object | null }[] } }, object>(
          processes(),
          index,
          world.admin,
          inviteMany,
          { input: { organizationId, invitations: invitations() } },
        );
      const answers = await Promise.all(round % 2 ? [ask(0), ask(1)] : [ask(1), ask(0)]);
      const middles = answers.map(({ data }) => data.inviteMembers.results[1]!);
      const [made, ...more] = middles.flatMap(({ invitation }) => invitation ?? []);
      expect({ round, more }).toEqual({ round, more: [] });
      expect(middles.flatMap(({ error }) => error ?? [])).toEqual([
        { code: 'CONFLICT', facts: { reason: 'ALREADY_INVITED', invitationId: made!.id } },
      ]);
      expect(await db().prisma.invitation.count({ where: { organizationId } })).toBe(round * 5);
    }
  });
});
