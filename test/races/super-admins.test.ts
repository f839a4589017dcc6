import { describe, expect, it } from 'vitest';
import { aPerson, type Person } from '../support/world.js';
import { atOnce, type Outcome, patience, rounds, useTwoProcesses, via } from './processes.js';

// Super admins are counted over the whole installation, so nobody else may make any in this database.
const processes = useTwoProcesses({ ownDatabase: true });

const setSuperAdmin = 'mutation ($input: SetSuperAdminInput!) { setSuperAdmin(input: $input) { user { id } } }';
const setUserStatus = 'mutation ($input: SetUserStatusInput!) { setUserStatus(input: $input) { user { id } } }';

type Act = (index: 0 | 1, actor: Person, target: Person) => () => ReturnType<typeof via>;

const takeFlagOf: Act =
  (index, actor, { user }) =>
  () =>
    via(processes(), index, actor, setSuperAdmin, { input: { userId: user.id, isSuperAdmin: false } });
const suspend: Act =
  (index, actor, { user }) =>
  () =>
    via(processes(), index, actor, setUserStatus, { input: { userId: user.id, status: 'SUSPENDED' } });
const remove: Act =
  (index, actor, { user }) =>
  () =>
    via(processes(), index, actor, setUserStatus, { input: { userId: user.id, status: 'DELETED' } });
const stepDown: Act = (index, actor) => takeFlagOf(index, actor, actor);

/** Makes the two super admins again, and tells how many there were before. */
async function countAndRestore(people: Person[]): Promise<number> {
  const { db } = processes().gateway.services;
  const [row] = await db.write<{ count: number }>(
    `WITH restored AS (UPDATE users SET status = 'ACTIVE', is_super_admin = true WHERE id = ANY($1::uuid[])),
     signed_in AS (UPDATE sessions SET revoked_at = NULL WHERE user_id = ANY($1::uuid[]))
     SELECT count(*)::int FROM users WHERE is_super_admin AND status = 'ACTIVE'`,
    [people.map(({ user }) => user.id)],
  );
  return row!.count;
}

/** Lets the only two super admins act at once, over and over. Exactly one act may succeed. */
async function race(first: Act, second: Act, refusals: Outcome[]): Promise<void> {
  const { gateway } = processes();
  await gateway.services.db.write('UPDATE users SET is_super_admin = false WHERE is_super_admin', []);
  const one = await aPerson(gateway, { isSuperAdmin: true });
  const two = await aPerson(gateway, { isSuperAdmin: true });
  for (let round = 1; round <= rounds; round += 1) {
    const outcomes = await atOnce(round, first(0, one, two), second(1, two, one));
    const superAdmins = await countAndRestore([one, two]);
    expect({ round, superAdmins, outcomes }).toMatchObject({ round, superAdmins: 1 });
    expect(outcomes).toContain(undefined);
    expect(refusals).toContain(outcomes.find((outcome) => outcome !== undefined));
  }
}

describe('of two super admins at the same moment one remains', { timeout: patience }, () => {
  // Whoever comes second has no right any more, or is signed out.
  it('who take the flag from each other', () => race(takeFlagOf, takeFlagOf, ['FORBIDDEN']));
  it('who suspend each other', () => race(suspend, suspend, ['UNAUTHENTICATED']));
  it('who delete each other', () => race(remove, remove, ['UNAUTHENTICATED']));
  it('of whom one suspends and one takes the flag', () => race(suspend, takeFlagOf, ['FORBIDDEN', 'UNAUTHENTICATED']));
  // Here the second one still has every right, but is the last.
  it('who both step down', () => race(stepDown, stepDown, ['CONFLICT']));
});
