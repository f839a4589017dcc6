import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/id.js';
import { digest, useOwnGateway } from '../support/own-gateway.js';
import { aPerson, type Person } from '../support/world.js';
import { errorsOf } from './answers.js';
import { call, isAboveAll, naming, operations } from './operations.js';
import { fieldsWithArguments, type Position, positionsOf, type Values, valueAt, withValue } from './positions.js';
import { referenceAt, references, referencesOf } from './references.js';
import { bearer, keyed, post, type Raw } from './requests.js';
import { aScene, type Scene } from './scene.js';

const gateway = useOwnGateway();

const all = [...fieldsWithArguments().keys()].filter((coordinate) => referencesOf(coordinate).length > 0);

let ours: Scene;
let theirs: Scene;
let stranger: Person;

beforeAll(async () => {
  [ours, theirs, stranger] = await Promise.all([
    aScene(gateway()),
    aScene(gateway()),
    aPerson(gateway(), { emailVerifiedAt: new Date() }),
  ]);
});

/** Everything that a caller can tell one answer from another by. */
function visible({ status, headers, text }: Raw) {
  const kept = [...headers].filter(([name]) => name !== 'x-request-id' && name !== 'date');
  const body = text.replace(/"requestId":"[^"]+"/g, '"requestId":"…"');
  return { status, headers: Object.fromEntries(kept), body };
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

interface Variant {
  variables: Values;
  positions: Position[];
}

/** The calls of an operation that name something. Whoever shows a secret instead need not say what it is to. */
async function variantsOf(coordinate: string, scene = ours): Promise<Variant[]> {
  const variants = await operations[coordinate]!.valid(scene);
  const named = variants.map((variables) => ({
    variables,
    positions: referencesOf(coordinate).filter(({ path }) => valueAt(variables, path) !== undefined),
  }));
  return named.filter(({ positions }) => positions.length > 0);
}

describe('the table of references', () => {
  it('has a row for every id, and no other', () => {
    const coordinates = [...fieldsWithArguments().keys()].flatMap(referencesOf).map(({ coordinate }) => coordinate);
    expect(Object.keys(references).sort()).toEqual([...new Set(coordinates)].sort());
  });

  it('names what there is: with its own ids every operation finds it', async () => {
    for (const coordinate of all) {
      const scene = await aScene(gateway());
      const [variant] = await variantsOf(coordinate, scene);
      expect(errorsOf(await call(scene, coordinate, variant!.variables)), coordinate).toEqual([]);
    }
  });
});

describe.each(all)('%s', (coordinate) => {
  /** Asks with every set of foreign ids, and again with ids of nothing. What is for super admins alone is for them to try. */
  async function compare(sets: (positions: Position[]) => Position[][], headers: Record<string, string>) {
    const variants = await variantsOf(coordinate);
    const before = await contentsOf(theirs.organizationId);
    for (const { variables, positions } of variants) {
      for (const set of sets(positions.filter((position) => !referenceAt(position).isPublic))) {
        const [foreign, unknown] = [foreignTo, unknownTo].map((ids) => replaced(variables, set, ids));
        const ask = (values: Values) => call(ours, coordinate, values, headers);
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
    const as = isAboveAll(coordinate) ? ours.admin : operations[coordinate]!.as!(ours);
    await compare(combinations, bearer(as));
  });

  it.each([
    ['a manager of teams', ({ manager }: Scene) => bearer(manager)],
    ['a member', ({ member }: Scene) => bearer(member)],
    ['an API key', ({ writeKey }: Scene) => keyed(writeKey)],
  ])('answers %s of another organization as if there were nothing, and leaves it alone', async (_, headers) => {
    await compare((positions) => positions.map((position) => [position]), headers(ours));
  });

  it.each([
    ['a stranger', () => bearer(stranger)],
    ['nobody', () => ({})],
  ])('answers %s as if there were nothing', async (_, headers) => {
    const ask = (scene: Scene, variables: Values) => call(scene, coordinate, variables, headers());
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
    const takesPlace = (name: string) => positionsOf(name).some(({ path }) => path === 'input.organizationId');
    const placed = all.filter((name) => takesPlace(name) && !isAboveAll(name) && !naming.includes(name));
    for (const coordinate of placed) {
      const [variables] = await operations[coordinate]!.valid(theirs);
      const without = withValue(variables!, 'input.organizationId', undefined);
      const answer = await call(theirs, coordinate, without, headers);
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
        .map(async (coordinate) => ({ coordinate, variants: await variantsOf(coordinate, scene) })),
    );
    const input = { organizationId: scene.organizationId, confirmSlug: scene.slug };
    expect((await call(scene, 'Mutation.deleteOrganization', { input })).text).not.toContain('"errors"');
    const before = await digest(gateway());
    for (const { coordinate, variants } of calls) {
      for (const { variables, positions } of variants) {
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
  const tables = [
    'members',
    'teams',
    'team_memberships',
    'roles',
    'invitations',
    'invitation_teams',
    'workspaces',
    'api_keys',
    'integration_keys',
    'integration_tokens',
    'integration_token_revocations',
    'activity_entries',
    'activity_days',
    'activity_totals',
    'membership_periods',
    'audit_events',
  ];
  const rows = tables.map((table) =>
    run(`SELECT * FROM ${table} WHERE organization_id = $1 ORDER BY id`, [organizationId]),
  );
  return Promise.all([run('SELECT * FROM organizations WHERE id = $1', [organizationId]), ...rows]);
}
