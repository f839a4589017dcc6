import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { mostSubscriptions } from '../../src/http/socket-subscriptions.js';
import { useGateway } from '../support/gateway.js';
import { useImpatientServer } from '../support/impatient-server.js';
import { aWorld, type World } from '../support/world.js';
import { aSocket, type RawSocket } from './raw-socket.js';
import { asPerson, clientOf, follow, makeTeam, OrganizationEvents } from './streams.js';

const gateway = useGateway();
const server = useImpatientServer(gateway, {});
const impatient = useImpatientServer(gateway, { pong: 150 });

describe('a peer', () => {
  it('that does not answer pings is cut off, and one that does is not', async () => {
    const [dead, alive] = [await aSocket(impatient().url, {}, { autoPong: false }), await aSocket(impatient().url)];
    for (const { send } of [dead, alive]) send({ type: 'connection_init' });
    expect(await dead.closed).toBe(1006);
    await sleep(600);
    expect(alive.socket.readyState).toBe(alive.socket.OPEN);
  });
});

describe('a caller', () => {
  it('has so many subscriptions over all sockets, whatever others have', async () => {
    const world = await aWorld(gateway());
    const reader = await world.join('administrator');
    const variables = { organizationId: world.organization.id };
    const { socket, caller } = mostSubscriptions;
    const clients = Array.from({ length: caller / socket }, () => clientOf(gateway(), asPerson(world.admin)));
    const streams = clients.flatMap((client) => Array.from({ length: socket }, () => follow(client, variables)));
    await Promise.all(streams.map((stream) => stream.next()));
    const more = () => follow(clientOf(gateway(), asPerson(world.admin)), variables);
    expect(await more().ended).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
    expect((await follow(clientOf(gateway(), asPerson(reader)), variables).next()).event).toBeNull();
    streams[0]!.stop();
    await streams[0]!.ended;
    // The server hears of it on another socket than the next one asks on.
    await expect
      .poll(
        async () =>
          (
            await more()
              .next()
              .catch(() => null)
          )?.event,
      )
      .toBeNull();
  });
});

/** So much that no network has room for all of it: 100 MB. */
const events = 2_000;
const bytesEach = 50_000;

async function recordMany({ organization }: World): Promise<void> {
  await gateway().services.db.write(
    `INSERT INTO audit_events (organization_id, id, actor_type, action, target_type, changes)
     SELECT $1::uuid, gen_random_uuid(), 'SYSTEM', 'TEAM_UPDATED', 'TEAM',
       jsonb_build_object('name', jsonb_build_object('before', null, 'after', repeat('x', ${bytesEach})))
     FROM generate_series(1, ${events})`,
    [organization.id],
  );
}

async function sentMessages(): Promise<number> {
  const [, count] = /^tenantry_subscription_messages_total (\d+)$/m.exec(await server().metrics.text()) ?? [];
  return Number(count);
}

/** How many messages were sent by the time that no more are. */
async function sentInTheEnd(): Promise<number> {
  for (let before = -1; ; ) {
    const now = await sentMessages();
    if (now === before && now > 10) return now;
    before = now;
    await sleep(300);
  }
}

async function nextEvent(raw: RawSocket): Promise<string | null> {
  const { type, payload } = (await raw.next()) as { type: string; payload: { data: Sent } };
  expect(type).toBe('next');
  return payload.data.organizationEvents.event?.action ?? null;
}

interface Sent {
  organizationEvents: { event: { action: string } | null };
}

describe('a client that does not read', () => {
  it('is read nothing ahead for, and misses nothing when it goes on', async () => {
    const world = await aWorld(gateway());
    const raw = await aSocket(server().url);
    raw.send({ type: 'connection_init', payload: asPerson(world.admin) });
    expect(await raw.next()).toMatchObject({ type: 'connection_ack' });
    const variables = { organizationId: world.organization.id };
    raw.send({ type: 'subscribe', id: '1', payload: { query: OrganizationEvents, variables } });
    expect(await nextEvent(raw)).toBeNull();
    raw.socket.pause();
    await recordMany(world);
    await makeTeam(world.admin, world);
    const sent = await sentInTheEnd();
    expect(sent).toBeLessThan(events / 2);
    raw.socket.resume();
    const actions: (string | null)[] = [];
    while (actions.length <= events) actions.push(await nextEvent(raw));
    expect(actions.filter((action) => action === 'TEAM_UPDATED')).toHaveLength(events);
    expect(actions.filter((action) => action === 'TEAM_CREATED')).toHaveLength(1);
  });
});
