import { describe, expect, it } from 'vitest';
import { newMember } from '../../src/modules/member/member.service.js';
import { useGateway } from '../support/gateway.js';
import { aPerson, aWorld, write } from '../support/world.js';
import { asking, bodyOf } from './answers.js';
import { bearer } from './requests.js';

const gateway = useGateway();
const { ask } = asking(gateway);

describe('several fields in one document', () => {
  it('each get a verdict of their own, also under two names of one field', async () => {
    const [mine, theirs] = [await aWorld(gateway()), await aWorld(gateway())];
    for (const [first, second] of [
      [mine, theirs],
      [theirs, mine],
    ] as const) {
      const query = `query ($a: ID!, $b: ID!) { a: organization(id: $a) { id } b: organization(id: $b) { id } }`;
      const ids = { a: first.organization.id, b: second.organization.id };
      const answer = bodyOf(await ask(query, bearer(mine.admin), ids));
      const refused = first === mine ? 'b' : 'a';
      expect(answer.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([[[refused], 'NOT_FOUND']]);
    }
  });

  it('each get a verdict of their own where nothing but the rule stands in between', async () => {
    const [mine, theirs] = [await aWorld(gateway()), await aWorld(gateway())];
    await write(gateway(), (writes) => {
      const { id } = theirs.organization;
      writes.insert('members', newMember(id, mine.admin.user.id, theirs.roles.viewer!, theirs.admin.user.id));
    });
    const ids = { mine: mine.organization.id, theirs: theirs.organization.id };
    for (const [first, second] of [
      ['mine', 'theirs'],
      ['theirs', 'mine'],
    ]) {
      const query = `query ($mine: ID!, $theirs: ID!) {
        ${first}: organization(id: $${first}) { members { nodes { user { email } } } }
        ${second}: organization(id: $${second}) { members { nodes { user { email } } } }
      }`;
      const answer = await ask(query, bearer(mine.admin), ids);
      expect(bodyOf(answer).errors).toMatchObject([
        { path: ['theirs', 'members'], extensions: { code: 'FORBIDDEN', requiredPermission: 'users.read' } },
      ]);
      expect(answer.text).not.toContain(theirs.admin.user.email);
    }
  });

  it('each get a verdict of their own, also below the root', async () => {
    const world = await aWorld(gateway());
    const viewer = await world.join('viewer');
    const query = `query ($id: ID!) { organization(id: $id) {
      open: teams { totalCount } closed: members(first: 1) { totalCount } } }`;
    const answer = bodyOf(await ask(query, bearer(viewer), { id: world.organization.id }));
    expect(answer.errors).toMatchObject([
      {
        path: ['organization', 'closed'],
        extensions: { code: 'FORBIDDEN', requiredPermission: 'users.read' },
      },
    ]);
  });

  it('give two aliases of a mutation two verdicts', async () => {
    const [mine, theirs] = [await aWorld(gateway()), await aWorld(gateway())];
    const document = `mutation ($mine: CreateTeamInput!, $theirs: CreateTeamInput!) {
      mine: createTeam(input: $mine) { team { name } }
      theirs: createTeam(input: $theirs) { team { name } }
    }`;
    const inputs = {
      mine: { organizationId: mine.organization.id, name: 'Blue' },
      theirs: { organizationId: theirs.organization.id, name: 'Blue' },
    };
    const answer = bodyOf(await ask(document, bearer(mine.admin), inputs));
    expect(answer.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([[['theirs'], 'NOT_FOUND']]);
    const teams = await gateway().services.db.run<{ organizationId: string }>(
      'SELECT organization_id AS "organizationId" FROM teams WHERE organization_id = ANY($1::uuid[])',
      [[mine.organization.id, theirs.organization.id]],
    );
    expect(teams).toEqual([{ organizationId: mine.organization.id }]);
  });

  it('run one after the other as mutations, and each sees what the one before has done', async () => {
    const { organization, admin } = await aWorld(gateway());
    const page = 'team { name organization { name teams { nodes { name } totalCount } } }';
    const document = `mutation ($id: ID!) {
      before: createTeam(input: { organizationId: $id, name: "Blue" }) { ${page} }
      updateOrganization(input: { organizationId: $id, name: "Renamed" }) {
        organization { name teams { nodes { name } } }
      }
      after: createTeam(input: { organizationId: $id, name: "Green" }) { ${page} }
    }`;
    const answer = bodyOf(await ask(document, bearer(admin), { id: organization.id }));
    expect(answer.errors).toBeUndefined();
    expect(answer.data).toEqual({
      before: {
        team: { name: 'Blue', organization: { name: 'Acme', teams: { nodes: [{ name: 'Blue' }], totalCount: 1 } } },
      },
      updateOrganization: { organization: { name: 'Renamed', teams: { nodes: [{ name: 'Blue' }] } } },
      after: {
        team: {
          name: 'Green',
          organization: { name: 'Renamed', teams: { nodes: [{ name: 'Blue' }, { name: 'Green' }], totalCount: 2 } },
        },
      },
    });
  });

  it('count a lost right from the next mutation on', async () => {
    const { organization, admin, join } = await aWorld(gateway());
    const other = await join('administrator');
    const document = `mutation ($id: ID!, $self: ID!) {
      updateMemberRole(input: { organizationId: $id, memberId: $self, role: "viewer" }) { member { role { key } } }
      createTeam(input: { organizationId: $id, name: "Too late" }) { team { name } }
    }`;
    const answer = bodyOf(await ask(document, bearer(other), { id: organization.id, self: other.memberId }));
    expect(answer.errors).toMatchObject([
      { path: ['createTeam'], extensions: { code: 'FORBIDDEN', requiredPermission: 'teams.create' } },
    ]);
    const teams = '{ currentOrganization { teams { totalCount } } }';
    expect((await ask(teams, { ...bearer(admin), 'x-organization-id': organization.id })).text).toContain('Count":0');
  });

  it('count a lost membership from the next mutation on', async () => {
    const { organization, join } = await aWorld(gateway());
    const leaver = await join('administrator');
    const document = `mutation ($id: ID!, $self: ID!) {
      removeMember(input: { organizationId: $id, memberId: $self }) { removedMemberId }
      createTeam(input: { organizationId: $id, name: "Too late" }) { team { name } }
    }`;
    const answer = bodyOf(await ask(document, bearer(leaver), { id: organization.id, self: leaver.memberId }));
    expect(answer.errors).toMatchObject([{ path: ['createTeam'], extensions: { code: 'NOT_FOUND' } }]);
  });

  it('count an ended session from the next mutation on', async () => {
    const person = await aPerson(gateway());
    const document = `mutation {
      logout(input: {}) { ok }
      updateMe(input: { fullName: "Too late" }) { user { fullName } }
    }`;
    const answer = bodyOf(await ask(document, bearer(person)));
    expect(answer.errors).toMatchObject([{ path: ['updateMe'], extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});
