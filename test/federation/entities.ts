import type { Gateway } from '../../src/gateway.js';
import type { Caller } from '../modules/adversaries.js';
import type { Answer } from '../support/client.js';
import { aWorld, type Colleague, type World } from '../support/world.js';

export const entities = ['User', 'Organization', 'Member', 'Team', 'Workspace'] as const;

export type Entity = (typeof entities)[number];

export interface Reference {
  __typename: string;
  id: string;
}

export type Entities = { _entities: (Reference | null)[] | null };

const Lookup = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    __typename
    ... on User { id }
    ... on Organization { id }
    ... on Member { id }
    ... on Team { id }
    ... on Workspace { id }
  }
}`;

/** Asks for entities as a router does. */
export function lookUp(caller: Caller, representations: unknown): Promise<Answer<Entities>> {
  return caller.send<Entities, object>(Lookup, { representations });
}

/** An organization with one of everything that can be referred to. */
export interface Referable extends World {
  colleague: Colleague;
  ids: Record<Entity, string>;
}

export async function aReferableWorld(gateway: Gateway): Promise<Referable> {
  const world = await aWorld(gateway);
  const colleague = await world.join('member');
  const { data } = await world.admin.send<{ organization: { workspaces: { nodes: { id: string }[] } } }, object>(
    'query ($id: ID!) { organization(id: $id) { workspaces { nodes { id } } } }',
    { id: world.organization.id },
  );
  return {
    ...world,
    colleague,
    ids: {
      User: colleague.user.id,
      Organization: world.organization.id,
      Member: colleague.memberId,
      Team: await world.team('Red', colleague),
      Workspace: data.organization.workspaces.nodes[0]!.id,
    },
  };
}

export function referencesTo({ ids }: Pick<Referable, 'ids'>): Reference[] {
  return entities.map((name) => ({ __typename: name, id: ids[name] }));
}

/** Which of them the caller gets; every other one has to be NOT_FOUND in its place, and nothing else may be told of it. */
export async function seenBy(caller: Caller, world: Pick<Referable, 'ids'>): Promise<Entity[]> {
  const references = referencesTo(world);
  const { data, errors = [] } = await lookUp(caller, references);
  const found = data._entities ?? [];
  const missing = references.flatMap(({ __typename }, index) =>
    found[index] ? [] : [{ message: `${__typename} not found.`, path: ['_entities', index], code: 'NOT_FOUND' }],
  );
  const told = errors.map(({ message, path, extensions }) => ({ message, path, ...extensions }));
  const byPlace = (a: { path?: unknown }, b: { path?: unknown }) => String(a.path).localeCompare(String(b.path));
  if (JSON.stringify(told.sort(byPlace)) !== JSON.stringify(missing.sort(byPlace))) {
    throw new Error(`Not as NOT_FOUND reads: ${JSON.stringify(told)}`);
  }
  return references.flatMap((reference, index) => {
    if (!found[index]) return [];
    if (JSON.stringify(found[index]) !== JSON.stringify(reference)) throw new Error('Another object was found.');
    return [reference.__typename as Entity];
  });
}

const ordinaryWays: Record<Entity, string> = {
  User: 'query ($o: ID!, $id: ID) { organization(id: $o) { members(first: 100) { nodes { user { id } } } } }',
  Organization: 'query ($o: ID!, $id: ID) { organization(id: $o) { id } }',
  Member: 'query ($o: ID!, $id: ID!) { organization(id: $o) { member(id: $id) { id } } }',
  Team: 'query ($o: ID!, $id: ID!) { organization(id: $o) { team(id: $id) { id } } }',
  Workspace: 'query ($o: ID!, $id: ID!) { organization(id: $o) { workspace(id: $id) { id } } }',
};

/** Which of them the caller reads where the organization is named, as apps do. */
export async function readBy(caller: Caller, { ids }: Pick<Referable, 'ids'>): Promise<Entity[]> {
  const read: Entity[] = [];
  for (const name of entities) {
    const { data } = await caller.send<unknown, object>(ordinaryWays[name].replace('($o: ID!, $id: ID)', '($o: ID!)'), {
      o: ids.Organization,
      id: ids[name],
    });
    if (JSON.stringify(data ?? null).includes(ids[name])) read.push(name);
  }
  return read;
}
