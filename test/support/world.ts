import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import type { Scope } from '../../src/auth/scope.js';
import type { OrganizationRow, UserRow } from '../../src/auth/standing.js';
import type { Gateway } from '../../src/gateway.js';
import { membershipOf, newMember } from '../../src/modules/member/member.service.js';
import { foundOrganization } from '../../src/modules/organization/organization.founding.js';
import { openSession } from '../../src/modules/user/session.service.js';
import { newUser } from '../../src/modules/user/user.service.js';
import { newId } from '../../src/platform/id.js';
import { Reads } from '../../src/platform/reads.js';
import { Writes } from '../../src/platform/writes.js';
import { type Answer, type Document, send } from './client.js';

/** Somebody who is signed in. */
export interface Person {
  user: UserRow;
  accessToken: string;
  refreshToken: string;
  send<Data, Variables>(
    document: Document<Data, Variables>,
    variables?: Variables,
    headers?: Record<string, string>,
  ): Promise<Answer<Data>>;
}

/** Somebody who belongs to an organization. */
export interface Colleague extends Person {
  memberId: string;
}

export interface World {
  organization: OrganizationRow;
  /** Role ids by key. */
  roles: Record<string, string>;
  /** Who founded the organization. */
  admin: Colleague;
  /** Makes somebody a member with this role. */
  join(role: string): Promise<Colleague>;
  /** Makes a team with these members. */
  team(name: string, ...members: Colleague[]): Promise<string>;
}

/** Somebody new, signed in, who belongs nowhere. */
export async function aPerson(gateway: Gateway, given: Partial<UserRow> = {}): Promise<Person> {
  const unique = randomUUID();
  const user = {
    ...newUser({ email: `${unique}@example.com`, fullName: `Person ${unique}`, passwordHash: null }),
    ...given,
  };
  const writes = new Writes();
  writes.insert('users', user);
  const { accessToken, refreshToken } = await openSession(scopeOf(gateway), writes, user.id);
  await writes.commit(gateway.services.db.write);
  return {
    user,
    accessToken,
    refreshToken,
    send: (document, variables, headers = {}) =>
      send(gateway.url, document, variables, { authorization: `Bearer ${accessToken}`, ...headers }),
  };
}

/** An organization of the test's own, with its founder. */
export async function aWorld(gateway: Gateway): Promise<World> {
  const founder = await aPerson(gateway);
  const writes = new Writes();
  const slug = `org-${randomUUID()}`;
  const founded = foundOrganization(scopeOf(gateway), writes, founder.user, { name: 'Acme', slug });
  await writes.commit(gateway.services.db.write);
  const { organization } = founded;
  const roles = Object.fromEntries(founded.roles.map(({ key, id }) => [key, id]));
  return {
    organization,
    roles,
    admin: { ...founder, memberId: founded.member.id },
    async join(role) {
      const person = await aPerson(gateway);
      const member = newMember(organization.id, person.user.id, roles[role]!, founder.user.id);
      await write(gateway, (set) => set.insert('members', member));
      return { ...person, memberId: member.id };
    },
    async team(name, ...members) {
      const id = newId();
      const organizationId = organization.id;
      await write(gateway, (set) => {
        set.insert('teams', { organizationId, id, name, slug: `team-${id}` });
        const memberships = members.map(({ memberId }) => membershipOf({ organizationId, id: memberId }, id));
        set.insert('team_memberships', ...memberships);
      });
      return id;
    },
  };
}

/** Writes rows past all rules, to make up a state. */
export async function write(gateway: Gateway, fill: (writes: Writes) => void): Promise<void> {
  const writes = new Writes();
  fill(writes);
  await writes.commit(gateway.services.db.write);
}

/** The session of an access token. */
export function sessionIdOf({ accessToken }: Pick<Person, 'accessToken'>): string {
  return String(decodeJwt(accessToken).sid);
}

/** A scope like that of a request without a credential. */
export function scopeOf({ services }: Gateway): Scope {
  return {
    ...services,
    principal: { kind: 'anonymous' },
    currentOrganizationId: null,
    request: { id: newId(), ip: '127.0.0.1', userAgent: null },
    reads: new Reads(services.db.batcher),
  };
}
