import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { standingQuestion } from '../../src/auth/scope.js';
import { teamsOfOrganization } from '../../src/modules/team/team.loader.js';
import { everything, pageStatement } from '../../src/platform/list.js';
import { withFollowUps } from '../../src/platform/together.js';
import { aKey } from '../modules/api-key/keys.js';
import { codeOf } from '../support/client.js';
import { useOwnGateway } from '../support/own-gateway.js';
import { countingStatements } from '../support/statements.js';
import { aPerson, aWorld, type Person, scopeOf, sessionIdOf, type World } from '../support/world.js';

const gateway = useOwnGateway();
let world: World;
let red: string;
let workspaceId: string;

beforeAll(async () => {
  world = await aWorld(gateway());
  const ann = await world.join('member');
  red = await world.team('Red', ann);
  await world.team('Blue', ann, await world.join('viewer'));
  await world.team('Green');
  const { id: organizationId } = world.organization;
  const workspace = { organizationId, id: randomUUID(), name: 'Main', slug: 'main' };
  workspaceId = (await gateway().services.db.prisma.workspace.create({ data: workspace })).id;
});

const members = `members(first: 2) {
  nodes { id user { email } role { key } teams { name } } pageInfo { endCursor hasNextPage }
}`;

/** What can be asked of an organization, and how many statements it takes together with the standing. */
const selections: [string, number, () => string][] = [
  ['lists of all kinds', 1, () => `${members} invitations { nodes { id } } workspaces { nodes { id } } roles { key }`],
  [
    'one of each',
    1,
    () =>
      `member(id: "${world.admin.memberId.toUpperCase()}") { id } team(id: "${red}") { name } workspace(id: "${workspaceId}") { name }`,
  ],
  ['what was issued', 1, () => 'integrationTokens { nodes { id } } integrationTokenRevocations { nodes { jti } }'],
  ['what was done', 1, () => 'auditEvents(first: 5) { nodes { action } }'],
  [
    'a list by two names',
    1,
    () => `${members} last: members(last: 1, orderBy: { field: NAME, direction: DESC }) { nodes { id } }`,
  ],
  ['a list in two parts', 1, () => 'teams { nodes { id } } ...Names'],
  ['a list in fragments', 1, () => '... on Organization { teams { nodes { id } } } ... { teams { nodes { name } } }'],
  ['variables', 1, () => 'teams(first: $first, filter: { search: $search }) { nodes { name } }'],
  ['no list', 1, () => 'name memberCount'],
  [
    'what a directive leaves out',
    1,
    () => 'teams @skip(if: $yes) { nodes { id } } ... @include(if: $no) { teams { nodes { id } } }',
  ],
  ['what a directive may leave out', 2, () => 'teams @include(if: $yes) { nodes { id } }'],
  ['a list and how long it is', 2, () => 'teams { totalCount nodes { id } }'],
  ['a list of lists', 2, () => 'teams { nodes { members { nodes { id } } } }'],
  ['what is not valid', 1, () => 'members(first: 1000) { nodes { id } } teams { nodes { id } }'],
  ['a cursor of something else', 1, () => 'members(after: "abc") { nodes { id } } teams(first: 1) { nodes { id } }'],
  ['what is not there', 1, () => `member(id: "${randomUUID()}") { id } teams { nodes { id } }`],
  ['what is no id', 1, () => 'member(id: "1") { id } teams { nodes { id } }'],
];

const variables = { yes: true, no: false, first: 2, search: 'e' };
const types = { yes: 'Boolean!', no: 'Boolean!', first: 'Int', search: 'String' };
const fragment = 'fragment Names on Organization { teams { nodes { name } } }';

/** What is answered about an organization, and how many statements it took. */
async function asked(who: Person, field: string, selection: string, headers = {}) {
  const used = Object.entries(types).filter(([name]) => selection.includes(`$${name}`));
  const declared = used.length > 0 ? `(${used.map(([name, type]) => `$${name}: ${type}`).join()})` : '';
  const document = `query ${declared} { organization: ${field} { id ${selection} } }
    ${selection.includes('...Names') ? fragment : ''}`;
  const { result, statements } = await countingStatements(() => who.send(document, variables, headers));
  const errors = result.errors?.map(({ message, path, extensions: { code, issues } }) => ({
    message,
    path,
    code,
    issues,
  }));
  return { answer: { data: result.data, errors }, statements: statements.length };
}

const byId = () => `organization(id: "${world.organization.id}")`;
const bySlug = () => `organizationBySlug(slug: "${world.organization.slug}")`;

describe('what is read together with the standing of the caller', () => {
  it.each(selections)('is answered as if it were read step by step: %s', async (_, count, selection) => {
    // An organization that is named by its slug is read step by step.
    const stepwise = await asked(world.admin, bySlug(), selection());
    // What a resolver is going to read is found out the first time, and known the second time.
    for (const id of [byId(), byId().replace(/"(.*)"/, (id) => id.toUpperCase())]) {
      const ahead = await asked(world.admin, id, selection());
      expect(ahead).toEqual({ answer: stepwise.answer, statements: count });
    }
    const current = await asked(world.admin, 'currentOrganization', selection(), {
      'x-organization-id': world.organization.id,
    });
    expect(current).toEqual({ answer: stepwise.answer, statements: count });
  });

  it('is another page for other variables', async () => {
    const { id } = world.organization;
    const document =
      'query ($id: ID!, $first: Int) { organization(id: $id) { teams(first: $first) { nodes { name } } } }';
    for (const first of [1, 2, 3, 1]) {
      const { result, statements } = await countingStatements(() =>
        world.admin.send<{ organization: { teams: { nodes: unknown[] } } }, object>(document, { id, first }),
      );
      expect(result.data.organization.teams.nodes).toHaveLength(first);
      expect(statements).toHaveLength(1);
    }
  });

  it('is that of each organization, where several are asked for in one document', async () => {
    const other = await aWorld(gateway());
    await other.team('Other');
    await gateway().services.db.prisma.member.create({
      data: {
        organizationId: other.organization.id,
        id: randomUUID(),
        userId: world.admin.user.id,
        roleId: other.roles.viewer!,
      },
    });
    const ids = [world, other, await aWorld(gateway())].map(({ organization }) => organization.id);
    const fields = ids.map((id, index) => `o${index}: organization(id: "${id}") { teams { nodes { name } } }`);
    const answer = await world.admin.send(`{ ${fields.join(' ')} }`);
    const teams = (...names: string[]) => ({ teams: { nodes: names.map((name) => ({ name })) } });
    expect(answer.errors).toMatchObject([{ path: ['o2'], extensions: { code: 'NOT_FOUND' } }]);
    expect(answer.data).toBeNull();
    const both = await world.admin.send(`{ ${fields.slice(0, 2).join(' ')} }`);
    expect(both.data).toEqual({ o0: teams('Blue', 'Green', 'Red'), o1: teams('Other') });
  });

  it('is answered only behind its rule', async () => {
    const { id } = world.organization;
    const viewer = await world.join('viewer');
    const answer = await viewer.send(
      `{ organization(id: "${id}") { teams { nodes { name } } auditEvents { nodes { id } } } }`,
    );
    expect(answer.errors).toMatchObject([{ path: ['organization', 'auditEvents'], extensions: { code: 'FORBIDDEN' } }]);
    expect(answer.data).toBeNull();
  });
});

interface PlanNode {
  'Relation Name'?: string;
  'Actual Loops': number;
  Plans?: PlanNode[];
}

/** How often PostgreSQL looks for the teams of an organization together with the standing of somebody in it. */
async function looksAtTeams(who: Person, organizationId: string): Promise<number> {
  const scope = { ...scopeOf(gateway()), principal: { kind: 'session', sessionId: sessionIdOf(who) } } as const;
  const shape = { by: 't.id', way: 'ASC', conditions: [], limit: '$2', wanted: everything } as const;
  const teams = { statement: pageStatement(teamsOfOrganization, shape), key: [], fixed: [10] };
  const { statement, key, fixed } = withFollowUps(standingQuestion(scope, organizationId)!, 'organization.id', [
    teams,
  ])!;
  const [row] = await gateway().services.db.run<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
    `EXPLAIN (ANALYZE, FORMAT JSON) ${statement.text}`,
    [...key.map((column) => [column]), ...fixed],
  );
  const all = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(all)];
  const scans = all(row!['QUERY PLAN'][0].Plan).filter((node) => node['Relation Name'] === 'teams');
  expect(scans).toHaveLength(1);
  return scans[0]!['Actual Loops'];
}

describe('for whoever has nothing to do with the organization', () => {
  it('nothing of it is read, just as if it were not there', async () => {
    const { id } = world.organization;
    expect(await looksAtTeams(world.admin, id)).toBe(1);
    const stranger = await aPerson(gateway());
    for (const somewhere of [id, randomUUID()]) {
      expect(await looksAtTeams(stranger, somewhere)).toBe(0);
      const { result, statements } = await countingStatements(() =>
        stranger.send(`{ organization(id: "${somewhere}") { teams { nodes { id } } } }`),
      );
      expect(codeOf(result)).toBe('NOT_FOUND');
      expect(statements).toHaveLength(1);
    }
  });

  it('nor of another organization than that of the API key', async () => {
    const key = await aKey(gateway(), world, world.admin);
    const other = await aWorld(gateway());
    const document = (id: string) => `{ organization(id: "${id}") { teams { nodes { name } } } }`;
    expect(codeOf(await key.send(document(other.organization.id)))).toBe('NOT_FOUND');
    expect(await key.send(document(world.organization.id))).toMatchObject({
      data: { organization: { teams: { nodes: [{ name: 'Blue' }, { name: 'Green' }, { name: 'Red' }] } } },
    });
  });
});
