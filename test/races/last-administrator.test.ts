import { describe, expect, it } from 'vitest';
import type { Answer } from '../support/client.js';
import { aPerson, aWorld, type Colleague, type Person, type World } from '../support/world.js';
import { atOnce, patience, rounds, useTwoProcesses, via } from './processes.js';

const processes = useTwoProcesses();

/** The organization of one race, its two administrators, and all that their races need. */
interface Arena {
  world: World;
  superAdmin: Person;
  /** Where members are transferred to; it has an administrator of its own. */
  elsewhere: World;
}

/** Ends the reign of an administrator, through one of the processes. */
type Act = (arena: Arena, target: Colleague, index: 0 | 1) => Promise<Answer<unknown>>;

const updateMemberRole =
  'mutation ($input: UpdateMemberRoleInput!) { updateMemberRole(input: $input) { member { id } } }';
const removeMember = 'mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { removedMemberId } }';
const suspendMember = 'mutation ($input: SuspendMemberInput!) { suspendMember(input: $input) { member { id } } }';
const updateMember = 'mutation ($input: UpdateMemberInput!) { updateMember(input: $input) { member { id } } }';
const setUserStatus = 'mutation ($input: SetUserStatusInput!) { setUserStatus(input: $input) { user { id } } }';

/** Super admins do to an administrator what another administrator may not; to go and to step down one needs nobody. */
const acts: Record<string, Act> = {
  demote: ({ world }, target, index) =>
    via(processes(), index, target, updateMemberRole, { input: { ...membership(world, target), role: 'member' } }),
  remove: ({ world, superAdmin }, target, index) =>
    via(processes(), index, superAdmin, removeMember, { input: membership(world, target) }),
  leave: ({ world }, target, index) =>
    via(processes(), index, target, removeMember, { input: membership(world, target) }),
  suspend: ({ world, superAdmin }, target, index) =>
    via(processes(), index, superAdmin, suspendMember, { input: membership(world, target) }),
  transfer: ({ world, superAdmin, elsewhere }, target, index) =>
    via(processes(), index, superAdmin, updateMember, {
      input: { ...membership(world, target), targetOrganizationId: elsewhere.organization.id },
    }),
  deleteUser: ({ superAdmin }, target, index) =>
    via(processes(), index, superAdmin, setUserStatus, { input: { userId: target.user.id, status: 'DELETED' } }),
};

const pairs = Object.keys(acts).flatMap((first, index, all) =>
  all.slice(index).map((second) => [first, second] as const),
);

function membership({ organization }: World, { memberId }: Colleague) {
  return { organizationId: organization.id, memberId };
}

async function anArena(): Promise<Arena> {
  const { gateway } = processes();
  const world = await aWorld(gateway);
  // With a bystander the organization is never that of the last member, which may go together with it.
  await world.join('viewer');
  return { world, superAdmin: await aPerson(gateway, { isSuperAdmin: true }), elsewhere: await aWorld(gateway) };
}

/** Makes both active administrators again, and tells how many there were before. */
async function countAndRestore({ world, elsewhere }: Arena, first: Colleague, second: Colleague): Promise<number> {
  const [row] = await processes().gateway.services.db.write<{ administrators: number }>(
    `WITH accounts AS (UPDATE users SET status = 'ACTIVE' WHERE id IN ($3, $5) AND status <> 'ACTIVE'),
     signed_in AS (UPDATE sessions SET revoked_at = NULL WHERE user_id IN ($3, $5) AND revoked_at IS NOT NULL),
     moved AS (DELETE FROM members WHERE organization_id = $7 AND user_id IN ($3, $5)),
     restored AS (
       INSERT INTO members (organization_id, id, user_id, role_id) VALUES ($1, $2, $3, $6), ($1, $4, $5, $6)
       ON CONFLICT (organization_id, id) DO UPDATE SET role_id = excluded.role_id, status = 'ACTIVE'
     )
     SELECT count(*)::int AS administrators FROM members m JOIN users u ON u.id = m.user_id
     WHERE m.organization_id = $1 AND m.role_id = $6 AND m.status = 'ACTIVE' AND u.status = 'ACTIVE'`,
    [
      world.organization.id,
      first.memberId,
      first.user.id,
      second.memberId,
      second.user.id,
      world.roles.administrator,
      elsewhere.organization.id,
    ],
  );
  return row!.administrators;
}

describe('of two administrators who cease to be at the same moment one remains', () => {
  it.concurrent.each(pairs)('%s and %s', { timeout: patience }, async (first, second) => {
    const arena = await anArena();
    const [one, two] = [arena.world.admin, await arena.world.join('administrator')];
    for (let round = 1; round <= rounds; round += 1) {
      const outcomes = await atOnce(
        round,
        () => acts[first]!(arena, one, 0),
        () => acts[second]!(arena, two, 1),
      );
      const administrators = await countAndRestore(arena, one, two);
      // Neither act takes from the other's actor what it needs, so there is but one reason to refuse one of them.
      expect({ round, administrators, outcomes: new Set(outcomes) }).toEqual({
        round,
        administrators: 1,
        outcomes: new Set([undefined, 'LAST_ADMINISTRATOR']),
      });
    }
  });
});
