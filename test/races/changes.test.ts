import { describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/id.js';
import { aPerson, aWorld, write } from '../support/world.js';
import { atOnce, patience, rounds, useTwoProcesses, via } from './processes.js';

const processes = useTwoProcesses();

const updateMemberRole =
  'mutation ($input: UpdateMemberRoleInput!) { updateMemberRole(input: $input) { member { id } } }';
const deleteRole = 'mutation ($input: DeleteRoleInput!) { deleteRole(input: $input) { role { id } } }';
const createRole = 'mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id } } }';
const addMember = 'mutation ($input: AddMemberInput!) { addMember(input: $input) { member { id } } }';
const updateMember = 'mutation ($input: UpdateMemberInput!) { updateMember(input: $input) { member { id } } }';
const deleteOrganization = `mutation ($input: DeleteOrganizationInput!) {
  deleteOrganization(input: $input) { deletedOrganizationId }
}`;

async function sql<Row extends object = Record<string, unknown>>(text: string, ...values: unknown[]): Promise<Row> {
  const [row] = await processes().gateway.services.db.write<Row>(text, values);
  return row!;
}

describe('at the same moment, through two processes,', { concurrent: true, timeout: patience }, () => {
  it('a role is deleted and given: nobody is left with a deleted role', async () => {
    const { gateway } = processes();
    const { organization, roles, admin, join } = await aWorld(gateway);
    const organizationId = organization.id;
    const { memberId } = await join('viewer');
    const roleId = newId();
    const role = { organizationId, id: roleId, key: 'guide', name: 'Guide', rank: 5, permissions: [], isSystem: false };
    await write(gateway, (set) => set.insert('roles', role));
    for (let round = 1; round <= rounds; round += 1) {
      const outcomes = await atOnce(
        round,
        () => via(processes(), 0, admin, deleteRole, { input: { organizationId, roleId } }),
        () => via(processes(), 1, admin, updateMemberRole, { input: { organizationId, memberId, role: 'guide' } }),
      );
      const { deleted, held } = await sql<{ deleted: boolean; held: boolean }>(
        `WITH role AS (UPDATE roles SET deleted_at = NULL WHERE organization_id = $1 AND id = $2),
         member AS (UPDATE members SET role_id = $4 WHERE organization_id = $1 AND id = $3)
         SELECT r.deleted_at IS NOT NULL AS deleted, m.id IS NOT NULL AS held FROM roles r
         LEFT JOIN members m ON m.organization_id = r.organization_id AND m.role_id = r.id
         WHERE r.organization_id = $1 AND r.id = $2`,
        organizationId,
        roleId,
        memberId,
        roles.viewer,
      );
      const expected = deleted ? [undefined, 'NOT_FOUND'] : ['ROLE_IN_USE', undefined];
      expect({ round, outcomes, held }).toEqual({ round, outcomes: expected, held: !deleted });
    }
  });

  it('somebody is added twice: there is one membership, and one CONFLICT', async () => {
    const { gateway } = processes();
    const { organization, admin } = await aWorld(gateway);
    const { user } = await aPerson(gateway);
    const input = { organizationId: organization.id, userId: user.id, role: 'member' };
    for (let round = 1; round <= rounds; round += 1) {
      const outcomes = await atOnce(
        round,
        () => via(processes(), 0, admin, addMember, { input }),
        () => via(processes(), 1, admin, addMember, { input }),
      );
      const { memberships, events } = await sql(
        `WITH gone AS (DELETE FROM members WHERE organization_id = $1 AND user_id = $2 RETURNING id)
         SELECT (SELECT count(*)::int FROM gone) AS memberships, (SELECT count(*)::int FROM audit_events
           WHERE organization_id = $1 AND action = 'MEMBER_ADDED') AS events`,
        organization.id,
        user.id,
      );
      expect({ round, memberships, events, outcomes: new Set(outcomes) }).toEqual({
        round,
        memberships: 1,
        events: round,
        outcomes: new Set([undefined, 'CONFLICT']),
      });
    }
  });

  it('two members change places between two organizations: both arrive', async () => {
    const { gateway } = processes();
    const [red, blue] = [await aWorld(gateway), await aWorld(gateway)];
    const superAdmin = await aPerson(gateway, { isSuperAdmin: true });
    const [fromRed, fromBlue] = [await red.join('member'), await blue.join('developer')];
    const [one, other] = [red.organization.id, blue.organization.id];
    const moveAcross = (index: 0 | 1, organizationId: string, memberId: string, targetOrganizationId: string) => () =>
      via(processes(), index, superAdmin, updateMember, { input: { organizationId, memberId, targetOrganizationId } });
    for (let round = 1; round <= rounds; round += 1) {
      const outcomes = await atOnce(
        round,
        moveAcross(0, one, fromRed.memberId, other),
        moveAcross(1, other, fromBlue.memberId, one),
      );
      const { places } = await sql(
        `WITH gone AS (
           DELETE FROM members WHERE organization_id IN ($1, $2) AND user_id IN ($4, $7) RETURNING organization_id, user_id
         ), back AS (
           INSERT INTO members (organization_id, id, user_id, role_id) SELECT * FROM
             (VALUES ($1::uuid, $3::uuid, $4::uuid, $5::uuid), ($2::uuid, $6::uuid, $7::uuid, $8::uuid)) AS member
           WHERE (SELECT count(*) FROM gone) > 0
         )
         SELECT jsonb_object_agg(user_id, organization_id) AS places FROM gone`,
        ...[one, other],
        ...[fromRed.memberId, fromRed.user.id, red.roles.member],
        ...[fromBlue.memberId, fromBlue.user.id, blue.roles.developer],
      );
      // Nothing that either of them does stands in the way of the other, so neither is refused.
      expect({ round, outcomes, places }).toEqual({
        round,
        outcomes: [undefined, undefined],
        places: { [fromRed.user.id]: other, [fromBlue.user.id]: one },
      });
    }
  });

  it('an organization is deleted and somebody added: nobody joins what is gone', async () => {
    const { gateway } = processes();
    const { organization, admin } = await aWorld(gateway);
    const { user } = await aPerson(gateway);
    const { id: organizationId, slug: confirmSlug } = organization;
    for (let round = 1; round <= rounds; round += 1) {
      const outcomes = await atOnce(
        round,
        () => via(processes(), 0, admin, deleteOrganization, { input: { organizationId, confirmSlug } }),
        () => via(processes(), 1, admin, addMember, { input: { organizationId, userId: user.id, role: 'member' } }),
      );
      // Transactions are numbered as they begin to write, and neither of these wrote before it had the organization's lock.
      const { status, added, inOrder } = await sql<{ status: string; added: boolean; inOrder: boolean }>(
        `WITH gone AS (DELETE FROM members WHERE organization_id = $1 AND user_id = $2 RETURNING xmin),
         back AS (UPDATE organizations SET status = 'ACTIVE', deleted_at = NULL WHERE id = $1)
         SELECT o.status, EXISTS (SELECT 1 FROM gone) AS added,
           (SELECT max(xmin::text::bigint) FROM gone) < o.xmin::text::bigint AS "inOrder"
         FROM organizations o WHERE o.id = $1`,
        organizationId,
        user.id,
      );
      const expected = added
        ? { outcomes: [undefined, undefined], inOrder: true }
        : { outcomes: [undefined, 'NOT_FOUND'], inOrder: null };
      expect({ round, status, outcomes, inOrder }).toEqual({ round, status: 'DELETED', ...expected });
    }
  });

  it('a system role is shadowed twice: there is one shadow, and one CONFLICT', async () => {
    const { gateway } = processes();
    const { organization, roles, admin } = await aWorld(gateway);
    const shadow = (rank: number) => {
      const role = { key: 'viewer', name: `Shadow ${rank}`, rank, permissions: ['teams.read'] };
      return { input: { organizationId: organization.id, ...role } };
    };
    for (let round = 1; round <= rounds; round += 1) {
      const outcomes = await atOnce(
        round,
        () => via(processes(), 0, admin, createRole, shadow(1)),
        () => via(processes(), 1, admin, createRole, shadow(2)),
      );
      const { rank, events } = await sql(
        `WITH restored AS (UPDATE roles SET is_system = true, rank = 10 WHERE organization_id = $1 AND id = $2)
         SELECT r.rank, (SELECT count(*)::int FROM audit_events e
           WHERE e.organization_id = $1 AND e.action = 'ROLE_CREATED') AS events
         FROM roles r WHERE r.organization_id = $1 AND r.id = $2`,
        organization.id,
        roles.viewer,
      );
      // Whoever was told to have made it is the one whose role it is.
      const expected = rank === 1 ? [undefined, 'CONFLICT'] : ['CONFLICT', undefined];
      expect({ round, outcomes, events }).toEqual({ round, outcomes: expected, events: round });
    }
  });
});
