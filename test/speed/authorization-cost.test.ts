import { describe, expect, it } from 'vitest';
import { codeOf } from '../support/client.js';
import { useOwnGateway } from '../support/own-gateway.js';
import { countingStatements } from '../support/statements.js';
import { aWorld, type Person } from '../support/world.js';

const gateway = useOwnGateway();

/** How many of the statements of a document find out where its sender stands, and how many there are in all. */
async function cost(who: Person, document: string) {
  const { result, statements: all } = await countingStatements(() =>
    who.send<Record<string, unknown>, object>(document),
  );
  // The worker looks for jobs now and then, whether anybody asks for anything or not.
  const statements = all.filter((text) => !text.includes('graphile_worker'));
  return { result, standing: statements.filter((text) => text.includes('FROM sessions c')).length, statements };
}

/** The same fields many times over, each under a name of its own. */
function times(count: number, field: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => `f${index}: ${field(index)}`).join('\n');
}

describe('authorization takes one statement', () => {
  it('for twenty fields that each need a permission, and nothing beside', async () => {
    const { admin, organization } = await aWorld(gateway());
    const guarded = times(20, () => 'members(first: 1) { nodes { id } }');
    const few = await cost(admin, `{ organization(id: "${organization.id}") { members(first: 1) { nodes { id } } } }`);
    const many = await cost(admin, `{ organization(id: "${organization.id}") { ${guarded} } }`);
    expect(many.result.errors).toBeUndefined();
    expect([few.standing, many.standing]).toEqual([1, 1]);
    expect(many.statements).toHaveLength(few.statements.length);
    expect(few.statements).toHaveLength(1);
  });

  it('for twenty different questions about one organization', async () => {
    const { admin, organization } = await aWorld(gateway());
    const { result, standing, statements } = await cost(
      admin,
      `{ me { id memberships { totalCount } }
        organization(id: "${organization.id}") {
          ${times(6, (index) => `members(first: ${index + 1}) { totalCount }`)}
          teams { totalCount }
          roles { key memberCount }
          workspaces { totalCount }
          invitations { totalCount }
          auditEvents(first: 5) { nodes { action } }
          member(id: "${admin.memberId}") { teams { name } teamMemberships { role } }
        }
        myPermissions(organizationId: "${organization.id}") { granted }
      }`,
    );
    expect(result.errors).toBeUndefined();
    // The caller without an organization; and in this one, together with what is asked of it.
    expect(standing).toBe(2);
    expect(statements).toHaveLength(6);
  });

  it('for ten organizations in one document', async () => {
    const { admin, organization } = await aWorld(gateway());
    const worlds = await Promise.all(Array.from({ length: 9 }, () => aWorld(gateway())));
    const { db } = gateway().services;
    for (const { organization, roles } of worlds) {
      await db.prisma.member.create({
        data: {
          organizationId: organization.id,
          id: crypto.randomUUID(),
          userId: admin.user.id,
          roleId: roles.administrator!,
        },
      });
    }
    const ids = [organization.id, ...worlds.map((world) => world.organization.id)];
    const { result, standing } = await cost(
      admin,
      `{ ${times(10, (index) => `organization(id: "${ids[index]}") { name members { totalCount } roles { key } }`)} }`,
    );
    expect(result.errors).toBeUndefined();
    expect(Object.keys(result.data)).toHaveLength(10);
    expect(standing).toBe(1);
  });

  it('for a change, in the rule and in the decision alike', async () => {
    const { organization, admin, join } = await aWorld(gateway());
    const { memberId } = await join('member');
    const input = `input: { organizationId: "${organization.id}", memberId: "${memberId}" }`;
    const { result, standing, statements } = await cost(
      admin,
      `mutation { suspendMember(${input}) { member { id } } }`,
    );
    expect(result.errors).toBeUndefined();
    expect(standing).toBe(1);
    // Standing, member, administrators, and one that writes everything.
    expect(statements.map((text) => text.slice(0, 50))).toHaveLength(4);
  });

  it('for a change, and one more for all that is read after it, when the caller may have less', async () => {
    const { organization, join } = await aWorld(gateway());
    const leaving = await join('administrator');
    const input = `input: { organizationId: "${organization.id}", memberId: "${leaving.memberId}", role: "viewer" }`;
    const { result, standing } = await cost(
      leaving,
      `mutation { updateMemberRole(${input}) { member { organization { ${times(20, () => 'members { totalCount }')} } } } }`,
    );
    expect(codeOf(result)).toBe('FORBIDDEN');
    expect(standing).toBe(2);
  });
});
