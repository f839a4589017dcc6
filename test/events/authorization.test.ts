import { describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/id.js';
import { aKey } from '../modules/api-key/keys.js';
import { customRole } from '../modules/states.js';
import { useGateway } from '../support/gateway.js';
import { aPerson, aWorld, type Colleague, type Person, type World, write } from '../support/world.js';
import { asPerson, clientOf, type Ended, follow, followAs, makeTeam, type Stream } from './streams.js';

const gateway = useGateway();
const replica = useGateway();

/** Somebody who may follow, and is of a lower rank than the founder. */
async function anAuditor(world: World): Promise<Colleague> {
  const permissions = ['organization.read', 'audit.read'];
  await customRole(gateway(), world, { key: 'auditor', rank: 40, permissions });
  return world.join('auditor');
}

const refusalOf = async (connectionParams: Record<string, string>, variables: object): Promise<Ended | undefined> =>
  follow(clientOf(gateway(), connectionParams), { ...variables }).ended;

const withCode = (code: string, facts: object = {}) => ({
  errors: [{ message: expect.any(String), path: ['organizationEvents'], extensions: { code, ...facts } }],
});

describe('who may begin', () => {
  it('nobody without credentials, no outsider, and no member without the permission', async () => {
    const world = await aWorld(gateway());
    const { id: organizationId } = world.organization;
    const outsider = await aPerson(gateway());
    const viewer = await world.join('viewer');
    const refused = withCode('NOT_FOUND');
    expect(await refusalOf({}, { organizationId })).toMatchObject(withCode('UNAUTHENTICATED'));
    expect(await refusalOf(asPerson(outsider), { organizationId })).toMatchObject(refused);
    expect(await refusalOf(asPerson(outsider), { organizationId: newId() })).toMatchObject(refused);
    expect(await refusalOf(asPerson(viewer), { organizationId })).toMatchObject(
      withCode('FORBIDDEN', { requiredPermission: 'audit.read' }),
    );
  });

  it('is asked before anything is looked at, and an id that is none is refused with its path', async () => {
    const world = await aWorld(gateway());
    const outsider = await aPerson(gateway());
    const ended = await refusalOf(asPerson(outsider), { organizationId: world.organization.id, after: 'nonsense' });
    expect(ended).toMatchObject(withCode('NOT_FOUND'));
    expect(await refusalOf(asPerson(outsider), { organizationId: 'x' })).toMatchObject(
      withCode('BAD_USER_INPUT', { issues: [{ path: 'organizationId', message: expect.any(String) }] }),
    );
  });

  it('means the organization that connecting names, or that was chosen; without one it is asked for', async () => {
    const world = await aWorld(gateway());
    const params = asPerson(world.admin);
    expect(await refusalOf(params, {})).toMatchObject(withCode('ORGANIZATION_REQUIRED'));
    const named = follow(clientOf(gateway(), { ...params, 'X-Organization-Id': world.organization.id }), {});
    await named.next();
    const document =
      'mutation ($input: SwitchOrganizationInput!) { switchOrganization(input: $input) { organization { id } } }';
    await world.admin.send(document, { input: { organizationId: world.organization.id } });
    const chosen = follow(clientOf(gateway(), params), {});
    await chosen.next();
    await makeTeam(world.admin, world);
    expect([...(await named.actions(1)), ...(await chosen.actions(1))]).toEqual(['TEAM_CREATED', 'TEAM_CREATED']);
  });

  it('an API key with a scope, in its own organization', async () => {
    const world = await aWorld(gateway());
    const other = await aWorld(gateway());
    const { secret } = await aKey(gateway(), world, world.admin, { scopes: ['organizations:read'] });
    const stream = follow(clientOf(gateway(), { 'x-api-key': secret }), {});
    await stream.next();
    await makeTeam(world.admin, world);
    expect(await stream.actions(1)).toEqual(['TEAM_CREATED']);
    const foreign = { organizationId: other.organization.id };
    expect(await refusalOf({ 'X-API-KEY': secret }, foreign)).toMatchObject(withCode('NOT_FOUND'));
    const viewer = await world.join('viewer');
    const weak = await aKey(gateway(), world, viewer);
    expect(await refusalOf({ 'x-api-key': weak.secret }, {})).toMatchObject(withCode('FORBIDDEN'));
    const none = await aKey(gateway(), world, world.admin, { scopes: [] });
    expect(await refusalOf({ 'x-api-key': none.secret }, {})).toMatchObject(
      withCode('FORBIDDEN', { requiredScope: 'organizations:read' }),
    );
  });
});

/** What ends the streams of somebody, and with what. */
interface End {
  code: string;
  by(world: World, auditor: Colleague): Promise<unknown>;
}

const change = (
  by: Person,
  { organization }: World,
  name: string,
  type: string,
  input: object,
  selection = '__typename',
) =>
  by
    .send(`mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`, {
      input: { ...(organization && { organizationId: organization.id }), ...input },
    })
    .then(({ errors }) => expect(errors).toBeUndefined());

const ends: Record<string, End> = {
  'a removal': {
    code: 'NOT_FOUND',
    by: (world, { memberId }) => change(world.admin, world, 'removeMember', 'RemoveMemberInput', { memberId }),
  },
  leaving: {
    code: 'NOT_FOUND',
    by: (world, auditor) => change(auditor, world, 'removeMember', 'RemoveMemberInput', { memberId: auditor.memberId }),
  },
  'a suspension': {
    code: 'FORBIDDEN',
    by: (world, { memberId }) => change(world.admin, world, 'suspendMember', 'SuspendMemberInput', { memberId }),
  },
  'a lower role': {
    code: 'FORBIDDEN',
    by: (world, { memberId }) =>
      change(world.admin, world, 'updateMemberRole', 'UpdateMemberRoleInput', { memberId, role: 'viewer' }),
  },
  'a role that may less': {
    code: 'FORBIDDEN',
    by: (world) =>
      change(world.admin, world, 'updateRole', 'UpdateRoleInput', {
        roleId: world.roles.auditor,
        permissions: ['organization.read'],
      }),
  },
  'a log-out': {
    code: 'UNAUTHENTICATED',
    by: (_, auditor) => auditor.send('mutation { logout(input: { everywhere: true }) { ok } }'),
  },
  'the end of the account': {
    code: 'UNAUTHENTICATED',
    by: (_, { user }) => write(gateway(), (set) => set.update('users', { id: user.id, status: 'SUSPENDED' })),
  },
  'the end of the organization': {
    code: 'NOT_FOUND',
    by: (world) =>
      change(world.admin, world, 'deleteOrganization', 'DeleteOrganizationInput', {
        confirmSlug: world.organization.slug,
      }),
  },
};

const actionsIn = ({ messages }: Stream) => messages.flatMap(({ event }) => event?.target.id ?? []);

describe('a stream ends at once, with nothing of what has happened since, by', () => {
  it.each(Object.entries(ends))('%s', async (name, { code, by }) => {
    const world = await aWorld(gateway());
    const auditor = await anAuditor(world);
    const streams = await Promise.all([gateway(), replica()].map((of) => followAs(of, auditor, world)));
    const before = await makeTeam(world.admin, world, 'Before');
    for (const stream of streams) await stream.next();
    await by(world, auditor);
    if (name !== 'the end of the organization') await makeTeam(world.admin, world, 'After');
    for (const stream of streams) {
      expect(await stream.ended).toMatchObject({ errors: [{ extensions: { code } }] });
      expect(actionsIn(stream)).toEqual([before]);
    }
  });

  it('the end of the API key', async () => {
    const world = await aWorld(gateway());
    const { secret, id: apiKeyId } = await aKey(gateway(), world, world.admin);
    const stream = follow(clientOf(replica(), { 'x-api-key': secret }), {});
    await stream.next();
    await change(world.admin, world, 'deleteApiKey', 'DeleteApiKeyInput', { apiKeyId });
    expect(await stream.ended).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(actionsIn(stream)).toEqual([]);
  });

  it('a removal in the middle of many changes: whatever the moment, what came after it is never delivered', async () => {
    for (let round = 0; round < 5; round += 1) {
      const world = await aWorld(gateway());
      const auditor = await anAuditor(world);
      const stream = await followAs(replica(), auditor, world);
      const input = { memberId: auditor.memberId };
      const made: string[] = [];
      for (let number = 0; number < 3; number += 1) made.push(await makeTeam(world.admin, world, `Before ${number}`));
      await change(world.admin, world, 'removeMember', 'RemoveMemberInput', input);
      for (let number = 0; number < 3; number += 1) await makeTeam(world.admin, world, `After ${number}`);
      await stream.ended;
      expect(made).toEqual(expect.arrayContaining(actionsIn(stream)));
    }
  });
});
