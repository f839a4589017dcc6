import { describe, expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aWorld } from '../../support/world.js';
import { answersAlike } from '../adversaries.js';
import { tracesIn } from '../audit.js';
import { aKey, CreateTeam, factsOf, inside, inTwoOrganizations, makeTeam, me, place, read, rename } from './keys.js';

const gateway = useGateway();

describe('an API key acts for nobody but its maker', () => {
  it('whoever an input names: ids of others give it nothing', async () => {
    const { world, other, key, untouched } = await inTwoOrganizations(gateway());
    const weak = await aKey(gateway(), world, await world.join('viewer'));
    const check = `query ($organizationId: ID, $userId: ID) {
      checkPermission(organizationId: $organizationId, userId: $userId, permission: "teams.create") { granted }
    }`;
    const userId = world.admin.user.id;
    expect(factsOf(await weak.send(check, { userId }))).toMatchObject({ requiredPermission: 'users.read' });
    expect(codeOf(await weak.send(check, { userId, organizationId: other.organization.id }))).toBe('NOT_FOUND');
    expect(codeOf(await makeTeam(world, weak))).toBe('FORBIDDEN');
    for (const caller of [weak, key]) {
      await answersAlike((id) => rename(place(id), caller, inside(world)), other.organization.id);
    }
    expect(await tracesIn(gateway(), other.organization.id)).toEqual(untouched);
  });

  it('whoever a header names', async () => {
    const world = await aWorld(gateway());
    const weak = await aKey(gateway(), world, await world.join('viewer'));
    const { id } = world.admin.user;
    const input = { organizationId: world.organization.id, name: 'Red' };
    const headers: Record<string, string>[] = [
      { 'x-user-id': id },
      { 'x-role': 'administrator' },
      { cookie: `user=${id}` },
    ];
    for (const forged of headers) {
      const answer = await weak.send(CreateTeam, { input }, forged);
      expect(codeOf(answer)).toBe('FORBIDDEN');
    }
  });

  it('and takes part in nothing that is the person’s own', async () => {
    const world = await aWorld(gateway());
    const key = await aKey(gateway(), world, world.admin);
    const { email } = world.admin.user;
    const token = 'x'.repeat(43);
    const account = { email, password: 'correct horse', fullName: 'Ada' };
    const personal: Record<string, [string, object | null]> = {
      register: ['{ user { id } }', account],
      login: ['{ user { id } }', { email, password: 'correct horse' }],
      refreshSession: ['{ session { accessToken } }', { refreshToken: world.admin.refreshToken }],
      logout: ['{ ok }', { everywhere: true }],
      switchOrganization: ['{ organization { id } }', { organizationId: world.organization.id }],
      updateMe: ['{ user { id } }', { fullName: 'Eve' }],
      changePassword: [
        '{ session { accessToken } }',
        { currentPassword: 'correct horse', newPassword: 'another horse' },
      ],
      requestPasswordReset: ['{ ok }', { email }],
      resetPassword: ['{ user { id } }', { token, newPassword: 'another horse' }],
      requestEmailVerification: ['{ ok }', null],
      verifyEmail: ['{ user { id } }', { token }],
      requestEmailChange: ['{ ok }', { newEmail: 'eve@example.com', currentPassword: 'correct horse' }],
      acceptInvitation: ['{ member { id } }', { token }],
      createApiKey: ['{ secret }', { name: 'Another', scopes: read }],
      deleteApiKey: ['{ deletedApiKeyId }', { apiKeyId: key.id }],
    };
    for (const [field, [selection, input]] of Object.entries(personal)) {
      const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input!`;
      const document = input
        ? `mutation ($input: ${type}) { ${field}(input: $input) ${selection} }`
        : `mutation { ${field} ${selection} }`;
      const answer = await key.send(document, input ? { input } : {});
      expect([field, factsOf(answer)?.code, factsOf(answer)?.reason]).toEqual([field, 'FORBIDDEN', 'SESSION_REQUIRED']);
    }
    const preview = await key.send('{ invitationByToken(token: "x") { email } }');
    expect(factsOf(preview)).toMatchObject({ code: 'FORBIDDEN', reason: 'SESSION_REQUIRED' });
    expect(codeOf(await world.admin.send(me))).toBeUndefined();
  });
});
