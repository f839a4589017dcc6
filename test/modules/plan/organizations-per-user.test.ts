import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Answer, codeOf, send } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aPerson, aWorld, type Person } from '../../support/world.js';
import type { Caller } from '../adversaries.js';
import { create as createKey, readAndWrite } from '../api-key/keys.js';
import { mutation } from '../invitation/answering.js';
import { accountsOf, as } from '../user/accounts.js';
import { limitReached } from './limits.js';

const most = 3;
const gateway = useGateway({ organizationsPerUser: most });
const people = accountsOf(gateway);

interface Created {
  createOrganization: { organization: { id: string; slug: string } };
}

const found = (by: Caller, input: object = {}): Promise<Answer<Created>> =>
  by.send<Created, object>(mutation('createOrganization', 'organization { id slug }'), {
    input: { name: 'Acme', slug: `acme-${randomUUID()}`, ...input },
  });

const callerWith = (headers: Record<string, string>): Caller => ({
  send: (document, variables) => send(gateway().url, document, variables, headers),
});

async function foundAll(by: Caller): Promise<Created['createOrganization']['organization'][]> {
  const made = [];
  for (let count = 0; count < most; count += 1) {
    const { data, errors } = await found(by);
    expect(errors).toBeUndefined();
    made.push(data.createOrganization.organization);
  }
  return made;
}

const erase = (by: Caller, { id, slug }: { id: string; slug: string }) =>
  by.send(mutation('deleteOrganization'), { input: { organizationId: id, confirmSlug: slug } });

const foundedBy = ({ user }: Person) =>
  gateway().services.db.prisma.organization.count({ where: { foundedById: user.id, isPersonal: false } });

describe('the organizations that a user may found', () => {
  it('are so many and not one more, with whatever slug', async () => {
    const person = await aPerson(gateway());
    await foundAll(person);
    limitReached(await found(person), 'organizations', most);
    limitReached(await found(person, { slug: null }), 'organizations', most);
    expect(await foundedBy(person)).toBe(most);
  });

  it('do not count those that are deleted', async () => {
    const person = await aPerson(gateway());
    const [first] = await foundAll(person);
    expect(codeOf(await erase(person, first!))).toBeUndefined();
    expect(codeOf(await found(person))).toBeUndefined();
    limitReached(await found(person), 'organizations', most);
  });

  it('count those that one has left to others', async () => {
    const person = await aPerson(gateway());
    const [first] = await foundAll(person);
    const { user } = await aPerson(gateway());
    const organizationId = first!.id;
    const input = { organizationId, userId: user.id, role: 'administrator' };
    expect(codeOf(await person.send(mutation('addMember'), { input }))).toBeUndefined();
    const { id: memberId } = await gateway().services.db.prisma.member.findFirstOrThrow({
      where: { organizationId, userId: person.user.id },
    });
    expect(
      codeOf(await person.send(mutation('removeMember'), { input: { organizationId, memberId } })),
    ).toBeUndefined();
    limitReached(await found(person), 'organizations', most);
  });

  it('do not count the personal one, nor those that one was invited to', async () => {
    const { session, user } = await people.signUp();
    const caller = callerWith(as(session));
    const { organization, admin } = await aWorld(gateway());
    const input = { organizationId: organization.id, userId: user.id, role: 'administrator' };
    expect(codeOf(await admin.send(mutation('addMember'), { input }))).toBeUndefined();
    await foundAll(caller);
    limitReached(await found(caller), 'organizations', most);
  });

  it('count for the user whose API key founds them', async () => {
    const world = await aWorld(gateway());
    const { data } = await createKey(world, world.admin, { scopes: readAndWrite });
    const key = callerWith({ 'x-api-key': data.createApiKey.secret });
    // The first was founded together with the world.
    for (let count = 1; count < most; count += 1) expect(codeOf(await found(key))).toBeUndefined();
    limitReached(await found(key), 'organizations', most);
    limitReached(await found(world.admin), 'organizations', most);
  });

  it('are as many as a super admin likes, also for others, for whom they do not count', async () => {
    const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
    await foundAll(superAdmin);
    expect(codeOf(await found(superAdmin))).toBeUndefined();
    const owner = await aPerson(gateway(), { emailVerifiedAt: new Date() });
    const given = { owner: { email: owner.user.email, fullName: 'Grace Hopper' } };
    for (let count = 0; count <= most; count += 1) expect(codeOf(await found(superAdmin, given))).toBeUndefined();
    await foundAll(owner);
    limitReached(await found(owner), 'organizations', most);
    expect(codeOf(await found(superAdmin, given))).toBeUndefined();
  });

  it('are never more, if twenty are founded at once', async () => {
    const person = await aPerson(gateway());
    const answers = await Promise.all(Array.from({ length: 20 }, () => found(person)));
    expect(answers.filter(({ errors }) => !errors)).toHaveLength(most);
    for (const answer of answers) if (answer.errors) limitReached(answer, 'organizations', most);
    expect(await foundedBy(person)).toBe(most);
  });

  it('leave nothing of the one that was one too many', async () => {
    const person = await aPerson(gateway());
    await foundAll(person);
    const slug = `acme-${randomUUID()}`;
    limitReached(await found(person, { slug }), 'organizations', most);
    expect(await gateway().services.db.prisma.organization.count({ where: { slug } })).toBe(0);
    expect(await gateway().services.db.prisma.member.count({ where: { userId: person.user.id } })).toBe(most);
  });
});
