import { describe, expect, it } from 'vitest';
import { codeOf, send } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, type Colleague, type Person, type World, write } from '../../support/world.js';
import { answersAlike, type Caller, nobody } from '../adversaries.js';
import { aKey, current, factsOf, inside, joinAs, read } from '../api-key/keys.js';
import { trailOf } from '../audit/reading.js';
import { myPermissions } from '../permission/asking.js';
import { setMemberStatus } from '../states.js';

const gateway = useGateway();

const Switch = `mutation ($input: SwitchOrganizationInput!) {
  switchOrganization(input: $input) {
    session { accessToken refreshToken tokenType expiresAt }
    organization { id name viewerRole { key } }
  }
}`;
const Refresh = `mutation ($input: RefreshSessionInput!) {
  refreshSession(input: $input) { session { accessToken refreshToken } }
}`;
const CreateTeam = 'mutation ($input: CreateTeamInput!) { createTeam(input: $input) { team { id } } }';

interface Tokens {
  accessToken: string;
  refreshToken: string;
  tokenType: string;
  expiresAt: string;
}

type Switched = { switchOrganization: { session: Tokens; organization: { id: string; viewerRole: { key: string } } } };

const choose = ({ organization }: Pick<World, 'organization'>, caller: Caller, headers?: Record<string, string>) =>
  caller.send<Switched, object>(Switch, { input: { organizationId: organization.id } }, headers);

const refresh = (refreshToken: string) =>
  send<{ refreshSession: { session: Tokens } }, object>(gateway().url, Refresh, { input: { refreshToken } });

const bearer = (accessToken: string): Caller => ({
  send: (document, variables, headers = {}) =>
    send(gateway().url, document, variables, { authorization: `Bearer ${accessToken}`, ...headers }),
});

/** The id of the current organization, or the code of the refusal. */
async function currentOf(caller: Caller, headers?: Record<string, string>): Promise<string | undefined> {
  const answer = await caller.send<{ currentOrganization: { id: string } } | null, object>(current, {}, headers);
  return answer.data?.currentOrganization.id ?? codeOf(answer);
}

/** Somebody who is a member of two organizations, and has chosen the first. */
async function whoHasChosen(role = 'member') {
  const [first, second] = [await aWorld(gateway()), await aWorld(gateway())];
  const person: Colleague = await first.join(role);
  await joinAs(gateway(), second, person, 'viewer');
  const { session } = (await choose(first, person)).data.switchOrganization;
  return { first, second, person, session };
}

const remove = ({ organization }: World, { memberId: id }: Colleague) =>
  write(gateway(), (set) => set.delete('members', { organizationId: organization.id, id }));

describe('the current organization', () => {
  it('is none to begin with, however many one belongs to', async () => {
    const { admin } = await aWorld(gateway());
    expect(await currentOf(admin)).toBe('ORGANIZATION_REQUIRED');
    expect(await currentOf(await aPerson(gateway()))).toBe('ORGANIZATION_REQUIRED');
    expect(await currentOf(nobody(gateway()))).toBe('UNAUTHENTICATED');
  });

  it('is that of the header', async () => {
    const [world, other] = [await aWorld(gateway()), await aWorld(gateway())];
    expect(await currentOf(world.admin, inside(world))).toBe(world.organization.id);
    await answersAlike((id) => world.admin.send(current, {}, { 'x-organization-id': id }), other.organization.id);
  });

  it('is an API key’s own, whatever its maker has chosen', async () => {
    const { first, second, person } = await whoHasChosen();
    const { id: memberId } = await gateway().services.db.prisma.member.findFirstOrThrow({
      where: { organizationId: second.organization.id, userId: person.user.id },
    });
    for (const scopes of [read, ['organizations:write']]) {
      const key = await aKey(gateway(), second, { ...person, memberId }, { scopes });
      expect(await currentOf(key)).toBe(second.organization.id);
      expect(await currentOf(key, inside(second))).toBe(second.organization.id);
    }
    expect(await currentOf(person)).toBe(first.organization.id);
  });

  it('is where an API key works when an input names none', async () => {
    const world = await aWorld(gateway());
    const key = await aKey(gateway(), world, world.admin);
    expect(codeOf(await key.send(CreateTeam, { input: { name: 'Red' } }))).toBeUndefined();
    expect((await myPermissions(world, key, {})).data.myPermissions.organization.id).toBe(world.organization.id);
    expect(await gateway().services.db.prisma.team.count({ where: { organizationId: world.organization.id } })).toBe(1);
  });
});

describe('choosing an organization', () => {
  it('makes it the current one of the session, without a header, with the old tokens and the new', async () => {
    const [world, person] = [await aWorld(gateway()), await aPerson(gateway())];
    await joinAs(gateway(), world, person, 'administrator');
    const { data, errors } = await choose(world, person);
    expect(errors).toBeUndefined();
    const { session, organization } = data.switchOrganization;
    expect(organization).toEqual({ id: world.organization.id, name: 'Acme', viewerRole: { key: 'administrator' } });
    expect(session.tokenType).toBe('Bearer');
    expect(Date.parse(session.expiresAt)).toBeGreaterThan(Date.now());
    for (const caller of [person, bearer(session.accessToken)]) {
      expect(await currentOf(caller)).toBe(world.organization.id);
      expect(codeOf(await caller.send(CreateTeam, { input: { name: crypto.randomUUID() } }))).toBeUndefined();
    }
  });

  it('counts within the same request for what comes after it, whatever was read before', async () => {
    const { admin, organization } = await aWorld(gateway());
    const { data, errors } = await admin.send(
      `mutation ($id: ID!) {
        updateMe(input: { fullName: "Ada" }) { user { memberships { totalCount } } }
        switchOrganization(input: { organizationId: $id }) { organization { id } }
        createTeam(input: { name: "Red" }) { team { name organization { id } } }
      }`,
      { id: organization.id },
    );
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ createTeam: { team: { name: 'Red', organization: { id: organization.id } } } });
  });

  it('gives new tokens, and ends the refresh token that was used so far', async () => {
    const { first, person, session } = await whoHasChosen();
    expect(session.refreshToken).not.toBe(person.refreshToken);
    const renewed = (await refresh(session.refreshToken)).data.refreshSession.session;
    expect(await currentOf(bearer(renewed.accessToken))).toBe(first.organization.id);
    expect(codeOf(await refresh(renewed.refreshToken))).toBeUndefined();

    const other = await whoHasChosen();
    const answer = await refresh(other.person.refreshToken);
    expect(codeOf(answer)).toBe('UNAUTHENTICATED');
    // Whoever comes with a used one may be a thief, so the session is over.
    expect(await currentOf(bearer(other.session.accessToken))).toBe('UNAUTHENTICATED');
    expect(codeOf(await refresh(other.session.refreshToken))).toBe('UNAUTHENTICATED');
  });

  it('can be done again, for another one or the same', async () => {
    const { first, second, person, session } = await whoHasChosen();
    const again = (await choose(second, person)).data.switchOrganization.session;
    expect(await currentOf(person)).toBe(second.organization.id);
    const back = (await choose(first, bearer(again.accessToken))).data.switchOrganization.session;
    expect(await currentOf(person)).toBe(first.organization.id);
    const same = (await choose(first, person)).data.switchOrganization.session;
    expect(await currentOf(person)).toBe(first.organization.id);
    expect(new Set([session, again, back, same].map(({ refreshToken }) => refreshToken)).size).toBe(4);
    expect(codeOf(await refresh(same.refreshToken))).toBeUndefined();
  });

  it('gives way to the header, and that to what an input names', async () => {
    const { first, second, person } = await whoHasChosen('administrator');
    expect(await currentOf(person, inside(second))).toBe(second.organization.id);
    expect(await currentOf(person)).toBe(first.organization.id);
    const { id } = first.organization;
    expect((await myPermissions(first, person, {})).data.myPermissions.organization.id).toBe(id);
    const input = { organizationId: id, name: 'Red' };
    expect(codeOf(await person.send(CreateTeam, { input }, inside(second)))).toBeUndefined();
    expect(codeOf(await person.send(CreateTeam, { input: { name: 'Blue' } }, inside(second)))).toBe('FORBIDDEN');
    expect((await choose(first, person, inside(second))).data.switchOrganization.organization.id).toBe(id);
  });

  it('concerns this session only', async () => {
    const { person, first } = await whoHasChosen();
    const stranger = await first.join('member');
    expect(await currentOf(stranger)).toBe('ORGANIZATION_REQUIRED');
    const { currentOrganizationId } = await gateway().services.db.prisma.session.findFirstOrThrow({
      where: { userId: person.user.id },
    });
    expect(currentOrganizationId).toBe(first.organization.id);
  });
});

describe('a chosen organization', () => {
  it('is none any more once one was removed from it: another one has to be named', async () => {
    const { first, second, person } = await whoHasChosen();
    await remove(first, person);
    expect(await currentOf(person)).toBe('ORGANIZATION_REQUIRED');
    expect(codeOf(await myPermissions(first, person, {}))).toBe('ORGANIZATION_REQUIRED');
    expect(codeOf(await person.send(CreateTeam, { input: { name: 'Red' } }))).toBe('ORGANIZATION_REQUIRED');
    expect(await currentOf(person, inside(first))).toBe('NOT_FOUND');
    expect(codeOf(await person.send('{ me { id } }'))).toBeUndefined();
    expect(await currentOf(person, inside(second))).toBe(second.organization.id);
    expect(codeOf(await choose(second, person))).toBeUndefined();
    expect(await currentOf(person)).toBe(second.organization.id);
  });

  it('is none while it is deleted', async () => {
    const { first, person } = await whoHasChosen();
    const { id } = first.organization;
    await write(gateway(), (set) => set.update('organizations', { id, status: 'DELETED', deletedAt: new Date() }));
    expect(await currentOf(person)).toBe('ORGANIZATION_REQUIRED');
    await write(gateway(), (set) => set.update('organizations', { id, status: 'ACTIVE', deletedAt: null }));
    expect(await currentOf(person)).toBe(id);
  });

  it('stays chosen while the membership is suspended, and nothing is permitted there', async () => {
    const { first, person } = await whoHasChosen();
    await setMemberStatus(gateway(), first, person, 'SUSPENDED');
    expect(factsOf(await person.send(current))).toMatchObject({
      code: 'FORBIDDEN',
      requiredPermission: 'organization.read',
    });
    await setMemberStatus(gateway(), first, person, 'ACTIVE');
    expect(await currentOf(person)).toBe(first.organization.id);
  });

  it('is none any more for a super admin who is one no longer', async () => {
    const [world, person] = [await aWorld(gateway()), await aPerson(gateway(), { isSuperAdmin: true })];
    await choose(world, person);
    expect(await currentOf(person)).toBe(world.organization.id);
    await write(gateway(), (set) => set.update('users', { id: person.user.id, isSuperAdmin: false }));
    expect(await currentOf(person)).toBe('ORGANIZATION_REQUIRED');
  });
});

describe('an organization cannot be chosen', () => {
  /** Nothing has changed: neither the choice nor the tokens. */
  async function expectAsBefore({ first, person, session }: { first: World; person: Person; session: Tokens }) {
    expect(await currentOf(person)).toBe(first.organization.id);
    expect(codeOf(await refresh(session.refreshToken))).toBeUndefined();
  }

  it('by strangers, as if there were none', async () => {
    const before = await whoHasChosen();
    const { organization } = await aWorld(gateway());
    const ask = (id: string) => choose({ organization: { ...organization, id } }, before.person);
    await answersAlike(ask, organization.id);
    await expectAsBefore(before);
  });

  it('while the membership is suspended, which is recorded', async () => {
    const before = await whoHasChosen();
    const { second, person } = before;
    const { id: memberId } = await gateway().services.db.prisma.member.findFirstOrThrow({
      where: { organizationId: second.organization.id, userId: person.user.id },
    });
    await setMemberStatus(gateway(), second, { ...person, memberId }, 'SUSPENDED');
    const answer = await choose(second, person);
    expect(factsOf(answer)).toMatchObject({ code: 'FORBIDDEN', requiredPermission: 'organization.read' });
    expect(await trailOf(second, { actions: ['ACCESS_REFUSED'] })).toMatchObject([
      { actor: { type: 'USER', userId: person.user.id }, changes: { operation: { after: 'switchOrganization' } } },
    ]);
    await expectAsBefore(before);
  });

  it('with an API key, nor by nobody', async () => {
    const world = await aWorld(gateway());
    const answer = await choose(world, await aKey(gateway(), world, world.admin));
    expect(factsOf(answer)).toMatchObject({ code: 'FORBIDDEN', reason: 'SESSION_REQUIRED' });
    expect(codeOf(await choose(world, nobody(gateway())))).toBe('UNAUTHENTICATED');
  });
});
