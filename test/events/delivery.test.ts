import { describe, expect, it } from 'vitest';
import { useGateway } from '../support/gateway.js';
import { aWorld } from '../support/world.js';
import { followAs, makeTeam } from './streams.js';

const gateway = useGateway();
const replica = useGateway();

describe('what is put on record', () => {
  it('arrives, with who did what to what, as soon as it is committed', async () => {
    const world = await aWorld(gateway());
    const stream = await followAs(gateway(), world.admin, world);
    expect(stream.messages).toEqual([{ cursor: expect.any(String), event: null }]);
    const teamId = await makeTeam(world.admin, world);
    const { event } = await stream.next();
    expect(event).toMatchObject({
      action: 'TEAM_CREATED',
      actor: { userId: world.admin.user.id },
      target: { id: teamId },
      requestId: expect.any(String),
    });
  });

  it('arrives on another replica', async () => {
    const world = await aWorld(gateway());
    const stream = await followAs(replica(), world.admin, world);
    await makeTeam(world.admin, world, 'One');
    await makeTeam(world.admin, world, 'Two');
    expect(await stream.actions(2)).toEqual(['TEAM_CREATED', 'TEAM_CREATED']);
  });
});
