import type { Gateway } from '../../../src/gateway.js';
import type { ApiKeyRow } from '../../../src/modules/api-key/api-key.loader.js';
import { newMember } from '../../../src/modules/member/member.service.js';
import { newId } from '../../../src/platform/id.js';
import { hashSecret, newSecret } from '../../../src/platform/secret.js';
import { type Answer, send } from '../../support/client.js';
import { aWorld, type Colleague, type World, write } from '../../support/world.js';
import type { Caller } from '../adversaries.js';
import { tracesIn } from '../audit.js';

export interface KeyAnswer {
  id: string;
  name: string;
  prefix: string;
  scopes: string[];
  createdBy: { id: string };
  createdAt: string;
  lastUsedAt: string | null;
  expiresAt: string | null;
}

const fields = 'id name prefix scopes createdBy { id } createdAt lastUsedAt expiresAt';

export const CreateApiKey = `mutation ($input: CreateApiKeyInput!) {
  createApiKey(input: $input) { apiKey { ${fields} } secret }
}`;
export const DeleteApiKey = 'mutation ($input: DeleteApiKeyInput!) { deleteApiKey(input: $input) { deletedApiKeyId } }';
const List = `query ($id: ID!, $orderBy: ApiKeyOrder) {
  organization(id: $id) { apiKeys(orderBy: $orderBy, first: 100) { totalCount nodes { ${fields} } } }
}`;
export const CreateTeam = 'mutation ($input: CreateTeamInput!) { createTeam(input: $input) { team { id } } }';
export const CreateOrganization = 'mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input)';
const UpdateOrganization =
  'mutation ($input: UpdateOrganizationInput!) { updateOrganization(input: $input) { organization { id name } } }';
export const me = '{ me { id isSuperAdmin } }';
export const one = 'query ($id: ID!) { organization(id: $id) { id name } }';
export const bySlug = 'query ($slug: String!) { organizationBySlug(slug: $slug) { id } }';
export const current = '{ currentOrganization { id } }';

export const read = ['organizations:read'];
export const readAndWrite = ['organizations:write'];

type Place = Pick<World, 'organization'>;

/** Makes a key for reading, unless the input says otherwise. */
export const create = ({ organization }: Place, maker: Caller, input: object = {}) =>
  maker.send<{ createApiKey: { apiKey: KeyAnswer; secret: string } }, object>(CreateApiKey, {
    input: { organizationId: organization.id, name: 'Nightly sync', scopes: read, ...input },
  });

export const erase = ({ organization }: Place, caller: Caller, apiKeyId: string) =>
  caller.send<{ deleteApiKey: { deletedApiKeyId: string } }, object>(DeleteApiKey, {
    input: { organizationId: organization.id, apiKeyId },
  });

type Listed = { organization: { apiKeys: { totalCount: number; nodes: KeyAnswer[] } } };

export const list = ({ organization }: Place, caller: Caller, orderBy: object | null = null) =>
  caller.send<Listed, object>(List, { id: organization.id, orderBy });

/** The keys that somebody sees, the newest first. */
export async function keysSeenBy(caller: Caller, place: Place): Promise<KeyAnswer[]> {
  const { apiKeys } = (await list(place, caller)).data.organization;
  return apiKeys.nodes;
}

export const makeTeam = ({ organization }: Place, caller: Caller, name = 'Red'): Promise<Answer<unknown>> =>
  caller.send(CreateTeam, { input: { organizationId: organization.id, name } });

/** An API key, which sends what it is given to send. */
export interface Key extends Caller {
  id: string;
  secret: string;
}

export function keyOf({ url }: Gateway, id: string, secret: string): Key {
  return {
    id,
    secret,
    send: (document, variables, headers = {}) => send(url, document, variables, { 'x-api-key': secret, ...headers }),
  };
}

/** A key of a member for reading and writing, unless given otherwise, whether the member may make keys or not. */
export async function aKey(
  gateway: Gateway,
  { organization }: Place,
  { memberId, user }: Pick<Colleague, 'memberId' | 'user'>,
  given: Partial<ApiKeyRow> = {},
): Promise<Key> {
  const secret = `tnt_${newSecret()}`;
  const row = {
    organizationId: organization.id,
    id: newId(),
    memberId,
    userId: user.id,
    name: 'Nightly sync',
    prefix: secret.slice(0, 12),
    secretHash: hashSecret(secret),
    scopes: readAndWrite,
    ...given,
  };
  await write(gateway, (set) => set.insert('api_keys', row));
  return keyOf(gateway, row.id, secret);
}

/** Another membership of somebody, in this organization. */
export async function joinAs(
  gateway: Gateway,
  { organization, roles, admin }: World,
  person: Pick<Colleague, 'user'>,
  role: string,
): Promise<string> {
  const member = newMember(organization.id, person.user.id, roles[role]!, admin.user.id);
  await write(gateway, (set) => set.insert('members', member));
  return member.id;
}

/** Somebody with a key for one organization who administrates another one, too. */
export async function inTwoOrganizations(gateway: Gateway, given: Partial<ApiKeyRow> = {}) {
  const [world, other] = [await aWorld(gateway), await aWorld(gateway)];
  await joinAs(gateway, other, world.admin, 'administrator');
  const key = await aKey(gateway, world, world.admin, given);
  return { world, other, key, untouched: await tracesIn(gateway, other.organization.id) };
}

/** What an answer says to programs of why it was refused. */
export const factsOf = ({ errors }: Answer<unknown>) => errors?.[0]?.extensions;

export const lacksScope = { code: 'FORBIDDEN', requiredScope: 'organizations:write' };

export const place = (id: string) => ({ organization: { id } as World['organization'] });

export const inside = ({ organization }: Place) => ({ 'x-organization-id': organization.id });

export const rename = ({ organization }: Place, caller: Caller, headers?: Record<string, string>) =>
  caller.send(UpdateOrganization, { input: { organizationId: organization.id, name: 'Mine now' } }, headers);
