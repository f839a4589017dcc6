import { getNamedType } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/id.js';
import { aPerson, type Person } from '../support/world.js';
import {
  aScene,
  bearer,
  call,
  documentOf,
  fieldsWithArguments,
  isAboveAll,
  operations,
  type Position,
  positionsOf,
  post,
  type Raw,
  type Scene,
  schema,
  type Values,
  valueAt,
  withValue,
} from './operations.js';
import { digest, useOwnGateway } from './own-gateway.js';

const gateway = useOwnGateway();

interface Reference {
  /** What another organization has there. */
  foreign(scene: Scene): string;
  /** What nobody has. Left out, a new UUID. */
  unknown?(): string;
  /** Why it is no secret whether this exists. Then only the other organization has to stay as it is. */
  isPublic?: string;
}

const member: Reference = { foreign: ({ member }) => member.memberId };
const team: Reference = { foreign: ({ teamId }) => teamId };
const organization: Reference = { foreign: ({ organizationId }) => organizationId };
const invitation: Reference = { foreign: ({ invitationId }) => invitationId };
const role: Reference = { foreign: ({ customRole }) => customRole, unknown: () => `custom_${newId().slice(-12)}` };

/** Every place where a caller names something that belongs to an organization. */
const references: Record<string, Reference> = {
  'Query.organization(id)': organization,
  'Query.myPermissions(organizationId)': organization,
  'Query.checkPermission(organizationId)': organization,
  'Query.checkPermission(userId)': { foreign: ({ teammate }) => teammate.user.id },
  'Query.checkPermission(teamId)': team,
  'Query.organizationBySlug(slug)': { foreign: ({ slug }) => slug, unknown: () => `org-${newId()}` },
  'Organization.member(id)': member,
  'Organization.team(id)': team,
  'Organization.workspace(id)': { foreign: ({ workspaceId }) => workspaceId },
  'AuditEventFilter.actorUserId': { foreign: ({ teammate }) => teammate.user.id },
  'AuditEventFilter.targetId': organization,
  'MemberFilter.teamId': team,
  'MemberFilter.role': role,
  'AddMemberInput.organizationId': organization,
  'AddMemberInput.userId': {
    foreign: ({ outsider }) => outsider.user.id,
    isPublic: 'users belong to no organization, and adding one tells whether there is one',
  },
  'AddMemberInput.role': role,
  'AddMemberInput.teamIds': team,
  'UpdateMemberRoleInput.organizationId': organization,
  'UpdateMemberRoleInput.memberId': member,
  'UpdateMemberRoleInput.role': role,
  'UpdateMemberInput.organizationId': organization,
  'UpdateMemberInput.memberId': member,
  'UpdateMemberInput.role': role,
  'UpdateMemberInput.targetOrganizationId': organization,
  'UpdateMemberInput.teamId': team,
  'SuspendMemberInput.organizationId': organization,
  'SuspendMemberInput.memberId': member,
  'ReinstateMemberInput.organizationId': organization,
  'ReinstateMemberInput.memberId': member,
  'RemoveMemberInput.organizationId': organization,
  'RemoveMemberInput.memberId': member,
  'UpdateOrganizationInput.organizationId': organization,
  'DeleteOrganizationInput.organizationId': organization,
  'DeleteOrganizationInput.confirmSlug': { foreign: ({ slug }) => slug, unknown: () => `org-${newId()}` },
  'RestoreOrganizationInput.organizationId': organization,
  'SetUserStatusInput.userId': { foreign: ({ teammate }) => teammate.user.id },
  'SetSuperAdminInput.userId': { foreign: ({ teammate }) => teammate.user.id },
  'CreateRoleInput.organizationId': organization,
  'UpdateRoleInput.organizationId': organization,
  'UpdateRoleInput.roleId': { foreign: ({ customRoleId }) => customRoleId },
  'DeleteRoleInput.organizationId': organization,
  'DeleteRoleInput.roleId': { foreign: ({ customRoleId }) => customRoleId },
  'DeleteRoleInput.reassignTo': role,
  'CreateTeamInput.organizationId': organization,
  'UpdateTeamInput.organizationId': organization,
  'UpdateTeamInput.teamId': team,
  'DeleteTeamInput.organizationId': organization,
  'DeleteTeamInput.teamId': team,
  'UpdateTeamMemberInput.organizationId': organization,
  'UpdateTeamMemberInput.teamId': team,
  'UpdateTeamMemberInput.memberId': { foreign: ({ teammate }) => teammate.memberId },
  'AddTeamMemberInput.organizationId': organization,
  'AddTeamMemberInput.teamId': team,
  'AddTeamMemberInput.memberId': member,
  'RemoveTeamMemberInput.organizationId': organization,
  // Of a team member, so that together with the team it names a membership that there is.
  'RemoveTeamMemberInput.memberId': { foreign: ({ teammate }) => teammate.memberId },
  'RemoveTeamMemberInput.teamId': team,
  'InviteMemberInput.organizationId': organization,
  'InviteMemberInput.role': role,
  'InviteMemberInput.teamIds': team,
  'RevokeInvitationInput.organizationId': organization,
  'RevokeInvitationInput.invitationId': invitation,
};

/** Texts that are looked up in an organization, or find one. */
const referringTexts = new Set(['role', 'reassignTo', 'confirmSlug']);

function isReference({ coordinate, name, type }: Position): boolean {
  const named = getNamedType(type);
  if (named === schema.getType('ID')) return true;
  if (named !== schema.getType('String')) return false;
  return referringTexts.has(name) || (name === 'slug' && coordinate.startsWith('Query.'));
}

/** The places of a call at which something is named. A list is tried at its first entry. */
function referencesOf(coordinate: string): Position[] {
  const positions = positionsOf(coordinate).filter(isReference);
  return positions.filter(({ path }) => !positions.some((other) => other.path === `${path}.0`));
}

const all = [...fieldsWithArguments().keys()].filter((coordinate) => referencesOf(coordinate).length > 0);

let ours: Scene;
let theirs: Scene;
let stranger: Person;

beforeAll(async () => {
  [ours, theirs, stranger] = await Promise.all([aScene(gateway()), aScene(gateway()), aPerson(gateway())]);
});

/** Everything that a caller can tell one answer from another by. */
function visible({ status, headers, text }: Raw) {
  const kept = [...headers].filter(([name]) => name !== 'x-request-id' && name !== 'date');
  const body = text.replace(/"requestId":"[^"]+"/g, '"requestId":"…"');
  return { status, headers: Object.fromEntries(kept), body };
}

function referenceAt({ coordinate }: Position): Reference {
  const reference = references[coordinate];
  if (!reference) throw new Error(`What does ${coordinate} name? Say so in the table of references.`);
  return reference;
}

const foreignTo = (position: Position) => referenceAt(position).foreign(theirs);
const unknownTo = (position: Position) => referenceAt(position).unknown?.() ?? newId();

function replaced(variables: Values, positions: readonly Position[], by: (position: Position) => string): Values {
  return positions.reduce((values, position) => withValue(values, position.path, by(position)), variables);
}

/** Non-empty sets of the places that a call gives, each of which gets an id of others. */
function combinations(positions: readonly Position[]): Position[][] {
  const sets: Position[][] = [];
  for (const position of positions) sets.push(...sets.map((set) => [...set, position]), [position]);
  return sets;
}

async function variantsOf(coordinate: string): Promise<{ variables: Values; positions: Position[] }[]> {
  const variants = await operations[coordinate]!.valid(ours);
  return variants.map((variables) => ({
    variables,
    positions: referencesOf(coordinate).filter(({ path }) => valueAt(variables, path) !== undefined),
  }));
}

describe('the table of references', () => {
  it('has a row for every id, and no other', () => {
    const coordinates = [...fieldsWithArguments().keys()].flatMap(referencesOf).map(({ coordinate }) => coordinate);
    expect(Object.keys(references).sort()).toEqual([...new Set(coordinates)].sort());
  });

  it('names what there is: with its own ids every operation finds it', async () => {
    for (const coordinate of all) {
      const scene = await aScene(gateway());
      const [variables] = await operations[coordinate]!.valid(scene);
      expect((await call(scene, coordinate, variables!)).text, coordinate).not.toContain('"errors"');
    }
  });
});

describe.each(all)('%s', (coordinate) => {
  /** Asks with every set of foreign ids, and again with ids of nothing. What is for super admins alone is for them to try. */
  async function compare(sets: (positions: Position[]) => Position[][], as: (scene: Scene) => Person) {
    const variants = await variantsOf(coordinate);
    const before = await contentsOf(theirs.organizationId);
    for (const { variables, positions } of variants) {
      for (const set of sets(positions.filter((position) => !referenceAt(position).isPublic))) {
        const [foreign, unknown] = [foreignTo, unknownTo].map((ids) => replaced(variables, set, ids));
        const ask = (values: Values) =>
          post(
            gateway().url,
            JSON.stringify({ query: documentOf(ours, coordinate), variables: values }),
            bearer(as(ours)),
          );
        const answer = await ask(foreign!);
        const where = set.map(({ path }) => path).join(' and ');
        expect(visible(answer), where).toEqual(visible(await ask(unknown!)));
        expect(answer.status, where).toBeLessThan(500);
        expect(answer.text, where).not.toContain('INTERNAL_SERVER_ERROR');
      }
    }
    expect(await contentsOf(theirs.organizationId)).toEqual(before);
  }

  it('answers an administrator of another organization as if there were nothing, and leaves it alone', async () => {
    const sets = (positions: Position[]) => combinations(positions).filter(() => true);
    await compare(sets, (scene) => (isAboveAll(coordinate) ? scene.admin : operations[coordinate]!.as!(scene)));
  });

  it.each([
    ['a manager of teams', ({ manager }: Scene) => manager],
    ['a member', ({ member }: Scene) => member],
  ])('answers %s of another organization as if there were nothing, and leaves it alone', async (_, as) => {
    await compare((positions) => positions.map((position) => [position]), as);
  });

  it.each([
    ['a stranger', () => bearer(stranger)],
    ['nobody', () => ({})],
  ])('answers %s as if there were nothing', async (_, headers) => {
    const ask = (scene: Scene, variables: Values) =>
      post(gateway().url, JSON.stringify({ query: documentOf(scene, coordinate), variables }), headers());
    // With the organization's own ids, all of them right; then with an organization that is not there.
    const nowhere = { ...theirs, organizationId: newId() };
    const variants = await variantsOf(coordinate);
    const before = await digest(gateway());
    for (const { variables, positions } of variants) {
      const foreign = await ask(theirs, replaced(variables, positions, foreignTo));
      const unknown = await ask(nowhere, replaced(variables, positions, unknownTo));
      expect(visible(foreign)).toEqual(visible(unknown));
      expect(foreign.text).toMatch(
        isAboveAll(coordinate) ? /"code":"(FORBIDDEN|UNAUTHENTICATED)"/ : /"code":"(NOT_FOUND|UNAUTHENTICATED)"/,
      );
    }
    expect(await digest(gateway())).toEqual(before);
  });
});

describe('the X-Organization-Id header', () => {
  it.each(['{ currentOrganization { id name } }', '{ me { id } organizations { totalCount } }'])(
    'naming another organization answers like naming none that is there: %s',
    async (query) => {
      const ask = (id: string) =>
        post(gateway().url, JSON.stringify({ query }), { ...bearer(ours.admin), 'x-organization-id': id });
      expect(visible(await ask(theirs.organizationId))).toEqual(visible(await ask(newId())));
    },
  );

  it('does not let an input reach into it', async () => {
    const before = await contentsOf(theirs.organizationId);
    const headers = { ...bearer(ours.admin), 'x-organization-id': theirs.organizationId };
    for (const coordinate of all.filter((name) => name.startsWith('Mutation.') && !isAboveAll(name))) {
      const [variables] = await operations[coordinate]!.valid(theirs);
      const without = withValue(variables!, 'input.organizationId', undefined);
      const body = JSON.stringify({ query: documentOf(theirs, coordinate), variables: without });
      const answer = await post(gateway().url, body, headers);
      expect(answer.text, coordinate).toContain('"message":"Organization not found."');
    }
    expect(await contentsOf(theirs.organizationId)).toEqual(before);
  });
});

describe('a public reference', () => {
  it('adds a user of another organization without touching it', async () => {
    const scene = await aScene(gateway());
    const before = await contentsOf(theirs.organizationId);
    const input = { organizationId: scene.organizationId, userId: theirs.member.user.id, role: 'member' };
    const answer = await call(scene, 'Mutation.addMember', { input });
    expect(answer.text).not.toContain('"errors"');
    expect(await contentsOf(theirs.organizationId)).toEqual(before);
  });
});

describe('a deleted organization', () => {
  it('answers its own administrator like one that never was', async () => {
    const scene = await aScene(gateway());
    const calls = await Promise.all(
      all
        .filter((coordinate) => !isAboveAll(coordinate))
        .map(async (coordinate) => ({ coordinate, variants: await operations[coordinate]!.valid(scene) })),
    );
    const input = { organizationId: scene.organizationId, confirmSlug: scene.slug };
    expect((await call(scene, 'Mutation.deleteOrganization', { input })).text).not.toContain('"errors"');
    const before = await digest(gateway());
    for (const { coordinate, variants } of calls) {
      for (const variables of variants) {
        const positions = referencesOf(coordinate).filter(({ path }) => valueAt(variables, path) !== undefined);
        const gone = await call(scene, coordinate, variables);
        const nowhere = { ...scene, organizationId: newId() };
        const unknown = await call(nowhere, coordinate, replaced(variables, positions, unknownTo));
        expect(visible(gone), coordinate).toEqual(visible(unknown));
      }
    }
    expect(await digest(gateway())).toEqual(before);
  });
});

/** All rows of an organization. */
async function contentsOf(organizationId: string): Promise<unknown> {
  const { run } = gateway().services.db;
  const tables = ['members', 'teams', 'team_memberships', 'roles', 'invitations', 'workspaces', 'audit_events'];
  const rows = tables.map((table) =>
    run(`SELECT * FROM ${table} WHERE organization_id = $1 ORDER BY id`, [organizationId]),
  );
  return Promise.all([run('SELECT * FROM organizations WHERE id = $1', [organizationId]), ...rows]);
}
