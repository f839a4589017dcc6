import { expect, it } from 'vitest';
import { send } from '../support/client.js';
import { aWorld, sessionIdOf } from '../support/world.js';
import { patience, rounds, useTwoProcesses, via } from './processes.js';

const processes = useTwoProcesses();

const fields = 'session { accessToken refreshToken }';
const refreshSession = `mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { ${fields} } }`;
const switchOrganization = `mutation ($input: SwitchOrganizationInput!) { switchOrganization(input: $input) { ${fields} } }`;

it('choosing an organization beside a refresh leaves at most one token to use', { timeout: patience }, async () => {
  for (let round = 0; round < Math.min(rounds, 100); round += 1) {
    const { organization, admin } = await aWorld(processes().gateway);
    const { refreshToken } = admin;
    const acts = [
      () => send(processes().urls[0], refreshSession, { input: { refreshToken } }),
      () => via(processes(), 1, admin, switchOrganization, { input: { organizationId: organization.id } }),
    ];
    if (round % 2) acts.reverse();
    await Promise.all(acts.map((act) => act()));
    const sessionId = sessionIdOf(admin);
    const { prisma } = processes().gateway.services.db;
    expect(await prisma.refreshToken.count({ where: { sessionId, usedAt: null } })).toBeLessThanOrEqual(1);
  }
});
