import { expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway.js';
import { newId } from '../../src/platform/id.js';
import { type Answer, codeOf, send } from '../support/client.js';
import { aWorld, type Person, type World } from '../support/world.js';
import { tracesIn } from './audit.js';
import { setMemberStatus } from './states.js';

export type Caller = Pick<Person, 'send'>;

/** How a caller attempts an operation in the organization of this id, or in the current one. */
export type Attempt = (caller: Caller, organizationId: string | null) => Promise<Answer<unknown>>;

/** Somebody who is not signed in. */
export function nobody({ url }: Gateway): Caller {
  return { send: (document, variables, headers) => send(url, document, variables, headers) };
}

/**
 * The people who may not change an organization, each attempting the operation once. None of them changes anything.
 *
 * @param prepare brings about a state in which the founder could do it.
 */
export function itIsRefusedToOthers(
  gateway: () => Gateway,
  permission: string,
  prepare: (world: World) => Promise<Attempt>,
): void {
  async function refused(by: (world: World, attempt: Attempt) => Promise<void>): Promise<void> {
    const world = await aWorld(gateway());
    const attempt = await prepare(world);
    const before = await tracesIn(gateway(), world.organization.id);
    await by(world, attempt);
    expect(await tracesIn(gateway(), world.organization.id)).toEqual(before);
  }

  it('is refused to whoever is not signed in', () =>
    refused(async ({ organization }, attempt) => {
      expect(codeOf(await attempt(nobody(gateway()), organization.id))).toBe('UNAUTHENTICATED');
    }));

  it('is refused to an outsider as if there were no such organization', () =>
    refused(async ({ organization }, attempt) => {
      const { admin: outsider } = await aWorld(gateway());
      await answersAlike((id) => attempt(outsider, id), organization.id);
    }));

  it(`is refused to a member without ${permission}, who learns what is missing`, () =>
    refused(async ({ organization, join }, attempt) => {
      const answer = await attempt(await join('team_manager'), organization.id);
      expect(codeOf(answer)).toBe('FORBIDDEN');
      expect(answer.errors![0]!.extensions.requiredPermission).toBe(permission);
    }));

  it('is refused to an administrator while suspended', () =>
    refused(async (world, attempt) => {
      const suspended = await world.join('administrator');
      await setMemberStatus(gateway(), world, suspended, 'SUSPENDED');
      const answer = await attempt(suspended, world.organization.id);
      expect(codeOf(answer)).toBe('FORBIDDEN');
      expect(answer.errors![0]!.extensions.requiredPermission).toBe(permission);
    }));

  it('needs an organization, named or current', () =>
    refused(async ({ admin }, attempt) => {
      expect(codeOf(await attempt(admin, null))).toBe('ORGANIZATION_REQUIRED');
    }));
}

/** What belongs to somebody else is answered word for word like what does not exist. */
export async function answersAlike(ask: (id: string) => Promise<Answer<unknown>>, foreignId: string): Promise<void> {
  const foreign = await ask(foreignId);
  expect(codeOf(foreign)).toBe('NOT_FOUND');
  expect(foreign).toEqual(await ask(newId()));
}
