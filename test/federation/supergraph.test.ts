import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/id.js';
import { joinAs } from '../modules/api-key/keys.js';
import { type Answer, send } from '../support/client.js';
import { useOwnGateway } from '../support/own-gateway.js';
import { countingStatements } from '../support/statements.js';
import { aPerson, type Person } from '../support/world.js';
import { aReferableWorld, type Referable } from './entities.js';
import { compose, useSupergraph } from './supergraph.js';
import type { Tour } from './tours.js';

const gateway = useOwnGateway({ federation: true });
const supergraph = useSupergraph(gateway);

let world: Referable;

beforeAll(async () => {
  world = await aReferableWorld(gateway());
});

function aTour({ ids }: Pick<Referable, 'ids'>, given: Partial<Tour> = {}): Tour {
  const { Organization, Member, Team, Workspace, User } = ids;
  const references = { organizationId: Organization, guideId: Member, teamId: Team, workspaceId: Workspace };
  return { id: newId(), title: 'Old town', ...references, authorId: User, ...given };
}

/** Puts tours into the other service in the place of those that are there. */
function thereAre(...tours: Tour[]): void {
  supergraph().tours.splice(0, supergraph().tours.length, ...tours);
}

/** Asks the router, as an app does. */
function ask<Data>({ accessToken }: Pick<Person, 'accessToken'>, query: string, variables = {}): Promise<Answer<Data>> {
  return send(supergraph().url, query, variables, { authorization: `Bearer ${accessToken}` });
}

describe('Tenantry and a second subgraph', () => {
  it('compose without an error', () => {
    const composed = compose({ tenantry: 'http://tenantry', tours: 'http://tours' });
    expect(composed.errors).toBeUndefined();
    expect(composed.publicSdl).toMatch(/type Tour \{[^}]*organization: Organization!/);
    expect(composed.publicSdl).toMatch(/type Organization \{[^}]*tours: \[Tour!\]!/);
    expect(composed.publicSdl).not.toMatch(/_entities|_service/);
  });

  it('keep what Tenantry’s schema says of itself', () => {
    const { publicSdl } = compose({ tenantry: 'http://tenantry', tours: 'http://tours' });
    expect(publicSdl).toContain('The name in URLs. Unique without regard to case.');
  });
});

describe('through a router, a member', () => {
  it('reads from tours into Tenantry, as far as the graph goes', async () => {
    thereAre(aTour(world));
    const answer = await ask(
      world.admin,
      `{ tours {
        title
        organization { name memberCount }
        guide { role { key } user { fullName } organization { slug } }
        team { name members { nodes { id } } }
        workspace { name }
        author { email }
      } }`,
    );
    expect(answer.errors).toBeUndefined();
    const { user } = world.colleague;
    const { name, slug } = world.organization;
    expect(answer.data).toEqual({
      tours: [
        {
          title: 'Old town',
          organization: { name, memberCount: 2 },
          guide: { role: { key: 'member' }, user: { fullName: user.fullName }, organization: { slug } },
          team: { name: 'Red', members: { nodes: [{ id: world.ids.Member }] } },
          workspace: { name: 'Default' },
          author: { email: user.email },
        },
      ],
    });
  });

  it('reads from Tenantry into tours, and back again', async () => {
    thereAre(aTour(world), aTour(world, { title: 'Harbour' }), aTour(world, { organizationId: newId() }));
    const answer = await ask(
      world.admin,
      `query ($id: ID!) { organization(id: $id) {
        name
        tours { title guide { user { fullName } } }
        members { nodes { id guides { title team { name } } } }
      } }`,
      { id: world.ids.Organization },
    );
    const { fullName } = world.colleague.user;
    expect(answer.data).toMatchObject({
      organization: {
        name: 'Acme',
        tours: [
          { title: 'Old town', guide: { user: { fullName } } },
          { title: 'Harbour', guide: { user: { fullName } } },
        ],
        members: {
          nodes: [
            { id: world.admin.memberId, guides: [] },
            {
              id: world.ids.Member,
              guides: ['Old town', 'Harbour', 'Old town'].map((title) => ({ title, team: { name: 'Red' } })),
            },
          ],
        },
      },
    });
  });

  it('reads pages of both', async () => {
    thereAre(aTour(world));
    const { data, errors } = await ask(
      world.admin,
      '{ tourPage { pageInfo { hasNextPage } } organizations { pageInfo { hasNextPage } } }',
    );
    expect(errors).toBeUndefined();
    const page = { pageInfo: { hasNextPage: false } };
    expect(data).toEqual({ tourPage: page, organizations: page });
  });

  it('is known to both services by the own credential', async () => {
    thereAre(aTour(world));
    const before = supergraph().service.seen.length;
    const { data } = await ask(world.colleague, '{ me { id } tours { title } }');
    expect(data).toEqual({ me: { id: world.colleague.user.id }, tours: [{ title: 'Old town' }] });
    const seen = supergraph().service.seen.slice(before);
    expect(seen.map(({ authorization }) => authorization)).toEqual([`Bearer ${world.colleague.accessToken}`]);
  });
});

describe('through a router, a stranger', () => {
  it('gets nothing of an organization, nor of anybody or anything in it', async () => {
    thereAre(aTour(world));
    const stranger = await aPerson(gateway());
    const tours = '{ tours { title guide { status } team { name } workspace { name } author { email } } }';
    const { data, errors } = await ask(stranger, tours);
    expect(data).toEqual({ tours: [{ title: 'Old town', guide: null, team: null, workspace: null, author: null }] });
    const told = errors?.map(({ extensions, path }) => `${extensions.code} ${path?.slice(0, 3).join('.')}`);
    expect(told?.sort()).toEqual(['author', 'guide', 'team', 'workspace'].map((field) => `NOT_FOUND tours.0.${field}`));
    const required = await ask(stranger, '{ tours { organization { name } } }');
    expect(required.data).toBeNull();
    expect(JSON.stringify([required, errors])).not.toContain('Acme');
  });

  it('gets the same of what there is and of what there is not', async () => {
    const stranger = await aPerson(gateway());
    const [real, made] = [aTour(world), aTour({ ids: { ...world.ids, Member: newId(), User: newId() } })];
    const answers = [];
    for (const tour of [real, made]) {
      thereAre(tour);
      answers.push(await ask(stranger, '{ tours { guide { status } author { email } } }'));
    }
    expect(answers[0]).toEqual(answers[1]);
  });
});

describe('the SQL statements behind a router', () => {
  const Everything = `{ tours {
    organization { name } guide { status } team { name } workspace { name } author { email }
  } }`;

  it('are the same for 1 tour as for 50 tours of 50 organizations', async () => {
    const reader = await aPerson(gateway());
    const worlds: Referable[] = [];
    for (let count = 0; count < 50; count += 1) {
      const each = await aReferableWorld(gateway());
      await joinAs(gateway(), each, reader, 'member');
      worlds.push(each);
    }
    const kinds: string[][] = [];
    for (const number of [1, 50]) {
      thereAre(...worlds.slice(0, number).map((each) => aTour(each)));
      const { result, statements } = await countingStatements(() => ask<{ tours: object[] }>(reader, Everything));
      expect(result.errors).toBeUndefined();
      expect(result.data.tours).toHaveLength(number);
      kinds.push(statements.filter((text) => !text.includes('graphile_worker')).sort());
    }
    expect(kinds[1]).toEqual(kinds[0]);
  });
});
