import pg from 'pg';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { auditEvent } from '../../src/auth/audit.js';
import type { Scope } from '../../src/auth/scope.js';
import type { Run } from '../../src/platform/sql.js';
import { Writes } from '../../src/platform/writes.js';
import { bearer, post } from '../contract/requests.js';
import { useGateway } from '../support/gateway.js';
import { aWorld, scopeOf, type World } from '../support/world.js';
import { asPerson, clientOf, follow, followAs, makeTeam, type Stream } from './streams.js';

const gateway = useGateway();

/** Puts something on record past the service, so that nobody is told. The target tells which it is. */
function record({ organization, admin }: World, ...targets: string[]): (run: Run) => Promise<boolean> {
  const writes = new Writes();
  const scope: Scope = scopeOf(gateway());
  const events = targets.map((id) =>
    auditEvent(scope, admin.user, {
      organizationId: organization.id,
      action: 'TEAM_UPDATED',
      target: { type: 'TEAM', id },
    }),
  );
  writes.insert('audit_events', ...events);
  return (run) => writes.commit(run);
}

const targetsOf = ({ messages }: Stream) => messages.flatMap(({ event }) => (event ? [event.target.id] : []));
const someIds = (count: number): string[] => Array.from({ length: count }, () => crypto.randomUUID());

async function connection() {
  const client = new pg.Client(inject('databaseUrl'));
  await client.connect();
  onTestFinished(() => client.end().catch(() => {}));
  const run: Run = async (text, values) => (await client.query(text, values as unknown[])).rows;
  return { client, run };
}

describe('whoever comes again with the cursor of the last message', () => {
  it('gets what has happened meanwhile, and then what happens, in order and once', async () => {
    const world = await aWorld(gateway());
    const first = await followAs(gateway(), world.admin, world);
    const teams = [await makeTeam(world.admin, world, 'One')];
    await first.actions(1);
    first.stop();
    await first.ended;
    for (const name of ['Two', 'Three', 'Four']) teams.push(await makeTeam(world.admin, world, name));
    const second = await followAs(gateway(), world.admin, world, { after: first.messages.at(-1)!.cursor });
    teams.push(await makeTeam(world.admin, world, 'Five'));
    await second.actions(4);
    expect([...targetsOf(first), ...targetsOf(second)]).toEqual(teams);
  });

  it('need not have got any event before: the first message says where the stream began', async () => {
    const world = await aWorld(gateway());
    const first = await followAs(gateway(), world.admin, world);
    first.stop();
    const team = await makeTeam(world.admin, world);
    const second = await followAs(gateway(), world.admin, world, { after: first.messages[0]!.cursor });
    await second.actions(1);
    expect(targetsOf(second)).toEqual([team]);
  });

  it('may have stopped after any event of many that were read at once', async () => {
    const world = await aWorld(gateway());
    const start = (await followAs(gateway(), world.admin, world)).messages[0]!.cursor;
    const ids = someIds(250);
    await record(world, ...ids)(gateway().services.db.write);
    const whole = await followAs(gateway(), world.admin, world, { after: start });
    await whole.actions(ids.length);
    expect(targetsOf(whole)).toEqual(ids);
    for (const index of [0, 57, 98, 99, 100, 199, 248]) {
      const rest = await followAs(gateway(), world.admin, world, { after: whole.messages[index + 1]!.cursor });
      await rest.actions(ids.length - index - 1);
      expect(targetsOf(rest)).toEqual(ids.slice(index + 1));
      rest.stop();
    }
  });

  it('goes on by itself with the client of graphql-ws, if the app keeps the cursor in the variables', async () => {
    const world = await aWorld(gateway());
    let socket: { close(code: number, reason: string): void } | undefined;
    const client = clientOf(gateway(), asPerson(world.admin), {
      retryAttempts: 5,
      retryWait: async () => {},
      on: {
        connected: (opened) => {
          socket = opened as typeof socket;
        },
      },
    });
    const variables: Record<string, unknown> = { organizationId: world.organization.id };
    const stream = follow(client, variables);
    variables.after = (await stream.next()).cursor;
    const teams = [await makeTeam(world.admin, world, 'One')];
    variables.after = (await stream.next()).cursor;
    socket!.close(4205, 'as if the network had failed');
    teams.push(await makeTeam(world.admin, world, 'Two'));
    await stream.actions(1);
    expect(targetsOf(stream)).toEqual(teams);
  });
});

describe('an event that was begun earlier than another one, and committed later', () => {
  it('is delivered, live and after a resumption, though its transaction and its id are the lower ones', async () => {
    const world = await aWorld(gateway());
    const stream = await followAs(gateway(), world.admin, world);
    const [early, late] = someIds(2) as [string, string];
    const recordEarly = record(world, early);
    const { client, run } = await connection();
    await client.query('BEGIN');
    await recordEarly(run);
    await record(world, late)(gateway().services.db.write);
    await stream.actions(1);
    expect(targetsOf(stream)).toEqual([late]);
    await client.query('COMMIT');
    await stream.actions(1);
    expect(targetsOf(stream)).toEqual([late, early]);
    const again = await followAs(gateway(), world.admin, world, { after: stream.messages[1]!.cursor });
    await again.actions(1);
    expect(targetsOf(again)).toEqual([early]);
  });

  it('does not hold up what others do meanwhile, and neither does any other transaction', async () => {
    const world = await aWorld(gateway());
    const { client } = await connection();
    await client.query('BEGIN; SELECT pg_current_xact_id()');
    const stream = await followAs(gateway(), world.admin, world);
    const team = await makeTeam(world.admin, world);
    await stream.actions(1);
    expect(targetsOf(stream)).toEqual([team]);
    await client.query('ROLLBACK');
  });

  it('is among many that are written at the same time, of which each is delivered once, whenever one comes again', async () => {
    const world = await aWorld(gateway());
    const ids = someIds(120);
    let stream = await followAs(gateway(), world.admin, world);
    const writing = Promise.all(
      [0, 1, 2, 3].map(async (writer) => {
        const { client, run } = await connection();
        for (let index = writer; index < ids.length; index += 4) {
          await client.query('BEGIN');
          await record(world, ids[index]!)(run);
          await client.query('SELECT pg_sleep($1)', [((index * 7) % 5) / 1_000]);
          await client.query('COMMIT');
        }
      }),
    );
    const seen: string[] = [];
    while (seen.length < ids.length) {
      await stream.actions(Math.min(11, ids.length - seen.length));
      seen.push(...targetsOf(stream));
      stream.stop();
      stream = await followAs(gateway(), world.admin, world, { after: stream.messages.at(-1)!.cursor });
    }
    await writing;
    expect(seen.toSorted()).toEqual(ids.toSorted());
  });
});

describe('what nobody has told of', () => {
  it('arrives all the same, such as what a process has committed that died before it could tell', async () => {
    const world = await aWorld(gateway());
    const stream = await followAs(gateway(), world.admin, world);
    const ids = someIds(2);
    const { run } = await connection();
    await record(world, ...ids)(run);
    await stream.actions(2);
    expect(targetsOf(stream)).toEqual(ids);
  });

  it('arrives when the connection is cut over which replicas hear of each other, and so does all that follows', async () => {
    const world = await aWorld(gateway());
    const stream = await followAs(gateway(), world.admin, world);
    const { client, run } = await connection();
    const cut = () =>
      client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name = 'tenantry signals' AND datname = current_database()`,
      );
    await cut();
    const ids = someIds(1);
    await record(world, ...ids)(run);
    ids.push(await makeTeam(world.admin, world, 'One'));
    await stream.actions(2);
    await cut();
    ids.push(await makeTeam(world.admin, world, 'Two'));
    await stream.actions(1);
    expect(targetsOf(stream)).toEqual(ids);
  });
});

describe('a cursor that is none of this stream', () => {
  const endOf = async (world: World, after: string) => {
    const stream = follow(clientOf(gateway(), asPerson(world.admin)), { organizationId: world.organization.id, after });
    return (await stream.ended)!.errors![0]!;
  };
  const parts = (cursor: string): string[] => JSON.parse(Buffer.from(cursor, 'base64url').toString());
  const cursorOf = (content: unknown) => Buffer.from(JSON.stringify(content)).toString('base64url');

  it('is refused with its path, whatever it is', async () => {
    const world = await aWorld(gateway());
    const other = await aWorld(gateway());
    const cursorIn = async (of: World) => (await followAs(gateway(), of.admin, of)).messages[0]!.cursor;
    const [cluster, organizationId, since] = parts(await cursorIn(world)) as [string, string, string];
    const wrong = [
      '',
      'nonsense',
      '%',
      'x'.repeat(30_000),
      cursorOf({}),
      cursorOf([cluster, organizationId]),
      ...['1:2', '5:3:', '1:9:7,3', '1:9:12', 'a:b:', `1:${'9'.repeat(30)}:`, "1:2:'"].map((snapshot) =>
        cursorOf([cluster, organizationId, snapshot]),
      ),
      cursorOf([cluster, organizationId, since, since, '-1', crypto.randomUUID()]),
      cursorOf([cluster, organizationId, since, since, '1', 'x']),
      cursorOf(['7', organizationId, since]),
      cursorOf([cluster, organizationId, '1:999999999999999999:']),
      await cursorIn(other),
    ];
    for (const after of wrong) {
      const { message, extensions } = await endOf(world, after);
      expect([extensions.code, extensions.issues?.[0]?.path], `${after.slice(0, 80)}: ${message}`).toEqual([
        'BAD_USER_INPUT',
        'after',
      ]);
    }
  });
});

it('a subscription over HTTP is refused, and says where it goes', async () => {
  const world = await aWorld(gateway());
  const body = JSON.stringify({ query: 'subscription { organizationEvents { cursor } }' });
  const { status, text } = await post(gateway().url, body, bearer(world.admin));
  const [{ message, extensions }] = JSON.parse(text).errors;
  expect([status, extensions.code]).toEqual([400, 'BAD_REQUEST']);
  expect(message).toContain('graphql-transport-ws');
});
