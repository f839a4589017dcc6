/**
 * What becomes of a change does not depend on those that are written with it: histories of many organizations at once end as the
 * same histories do one by one.
 *
 * What it has been seen to fail at, each broken on purpose in the statement for several changes: rows were not joined with the
 * organizations that may be written, and what was left out was taken for written.
 */
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { useOwnGateway } from '../support/own-gateway.js';
import { aWorld, type Colleague, type World } from '../support/world.js';

const gateway = useOwnGateway({ poolSize: 16 });

const organizations = 24;
const changesEach = Math.ceil(Number(process.env.PROPERTY_RUNS ?? 1_000) / 40);

const people = ['administrator', 'team_manager', 'member', 'viewer'] as const;
const teams = ['Guides', 'Scouts', 'Rangers'] as const;
const person = fc.integer({ min: 0, max: people.length - 1 });
const team = fc.constantFrom(...teams);

/** Changes of one kind each: only these are of one shape. */
const kinds: fc.Arbitrary<Change>[] = [
  fc.record({ op: fc.constant('updateMemberRole' as const), who: person, role: fc.constantFrom(...people, 'nobody') }),
  fc.record({ op: fc.constant('createTeam' as const), team }),
  fc.record({ op: fc.constant('updateTeam' as const), team, instead: team }),
  fc.record({ op: fc.constant('deleteTeam' as const), team }),
  fc.record({ op: fc.constant('addTeamMember' as const), team, who: person }),
  fc.record({ op: fc.constant('suspendMember' as const), who: person }),
  fc.record({ op: fc.constant('reinstateMember' as const), who: person }),
];
/** Mostly the founder; now and then somebody who may do less. */
const by = fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: person });
/** What all organizations do in one round. */
const anyRound = fc
  .constantFrom(...kinds)
  .chain((change) => fc.array(fc.record({ by, change }), { minLength: organizations, maxLength: organizations }));

interface Step {
  by: number | null;
  change: Change;
}

interface Change {
  op:
    | 'updateMemberRole'
    | 'createTeam'
    | 'updateTeam'
    | 'deleteTeam'
    | 'addTeamMember'
    | 'suspendMember'
    | 'reinstateMember';
  who?: number;
  role?: string;
  team?: (typeof teams)[number];
  instead?: (typeof teams)[number];
}

interface Place {
  world: World;
  members: Colleague[];
}

async function aPlace(): Promise<Place> {
  const world = await aWorld(gateway());
  const members: Colleague[] = [];
  for (const role of people) members.push(await world.join(role));
  return { world, members };
}

/** The id of the first team of a name, for renaming makes several; one that nobody has, where there is none. */
async function teamNamed({ world }: Place, name: string): Promise<string> {
  const [row] = await gateway().services.db.run<{ id: string }>(
    'SELECT id FROM teams WHERE organization_id = $1::uuid AND name = $2 ORDER BY created_at LIMIT 1',
    [world.organization.id, name],
  );
  return row?.id ?? world.organization.id;
}

/** Something that happens in every third organization at the same moment, and makes what is being decided there out of date. */
async function happenBeside(index: number, number: number, { world }: Place): Promise<void> {
  if (index % 3 !== 0) return;
  const input = { organizationId: world.organization.id, name: `Round ${number}` };
  const document = 'mutation ($input: CreateTeamInput!) { createTeam(input: $input) { __typename } }';
  const { errors } = await world.admin.send(document, { input });
  expect(errors).toBeUndefined();
}

async function carryOut(place: Place, { by, change }: Step): Promise<string> {
  const { world, members } = place;
  const organizationId = world.organization.id;
  const memberId = change.who === undefined ? undefined : members[change.who]!.memberId;
  const teamId =
    change.team === undefined || change.op === 'createTeam' ? undefined : await teamNamed(place, change.team);
  const input = {
    updateMemberRole: { organizationId, memberId, role: change.role },
    createTeam: { organizationId, name: change.team },
    updateTeam: { organizationId, teamId, name: change.instead },
    deleteTeam: { organizationId, teamId },
    addTeamMember: { organizationId, teamId, memberId },
    suspendMember: { organizationId, memberId },
    reinstateMember: { organizationId, memberId },
  }[change.op];
  const name = `${change.op[0]!.toUpperCase()}${change.op.slice(1)}Input`;
  const asks = by === null ? world.admin : members[by]!;
  const { errors } = await asks.send(`mutation ($input: ${name}!) { ${change.op}(input: $input) { __typename } }`, {
    input,
  });
  const [error] = errors ?? [];
  return error ? `${error.extensions.code} ${error.extensions.reason ?? ''}` : 'done';
}

/** All that there is of an organization, without what is another one in each. */
async function endOf({ world, members }: Place) {
  const [row] = await gateway().services.db.run<Record<string, unknown>>(
    `SELECT o.version, o.member_count,
       (SELECT json_agg(json_build_array(r.key, m.status) ORDER BY array_position($2::uuid[], m.id)) FROM members m
        JOIN roles r ON r.organization_id = o.id AND r.id = m.role_id WHERE m.organization_id = o.id) AS members,
       (SELECT json_agg(t.name ORDER BY t.name) FROM teams t WHERE t.organization_id = o.id) AS teams,
       (SELECT json_agg(t.name || array_position($2::uuid[], x.member_id)
          ORDER BY t.name, array_position($2::uuid[], x.member_id)) FROM team_memberships x
        JOIN teams t ON t.organization_id = o.id AND t.id = x.team_id WHERE x.organization_id = o.id) AS "teamMembers",
       (SELECT json_agg(e.action ORDER BY e.action) FROM audit_events e
        WHERE e.organization_id = o.id AND e.action <> 'ACCESS_REFUSED') AS events,
       (SELECT count(*)::int FROM graphile_worker._private_jobs j
        WHERE j.payload ->> 'userId' = ANY($3::text[])) AS jobs
     FROM organizations o WHERE o.id = $1::uuid`,
    [
      world.organization.id,
      [world.admin, ...members].map(({ memberId }) => memberId),
      members.map(({ user }) => user.id),
    ],
  );
  return row!;
}

it('histories of many organizations at once end as they do one by one', { timeout: 300_000 }, async () => {
  // Nobody sends anything meanwhile, so that what is enqueued can be counted.
  await gateway().services.db.write(
    `CREATE FUNCTION held_back() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN NEW.run_at = now() + interval '1 day'; RETURN NEW; END $$`,
    [],
  );
  await gateway().services.db.write(
    `CREATE TRIGGER held_back BEFORE INSERT ON graphile_worker._private_jobs FOR EACH ROW EXECUTE FUNCTION held_back()`,
    [],
  );
  const seed = Number(process.env.PROPERTY_SEED ?? Date.now() % 2 ** 31);
  const rounds = fc.sample(anyRound, { numRuns: changesEach, seed });
  const histories = Array.from({ length: organizations }, (_, index) => rounds.map((round) => round[index]!));
  const apart = await Promise.all(histories.map(aPlace));
  const together = await Promise.all(histories.map(aPlace));

  const expected: string[][] = [];
  for (const [index, history] of histories.entries()) {
    const outcomes: string[] = [];
    for (const [number, step] of history.entries()) {
      outcomes.push(await carryOut(apart[index]!, step));
      await happenBeside(index, number, apart[index]!);
    }
    expected.push(outcomes);
  }
  const write = vi.spyOn(gateway().services.db, 'write');
  // In step, so that as many as possible come at the same moment.
  const outcomes: string[][] = histories.map(() => []);
  for (let number = 0; number < changesEach; number += 1) {
    const beside = together.map((place, index) => happenBeside(index, number, place));
    const round = await Promise.all(histories.map((history, index) => carryOut(together[index]!, history[number]!)));
    await Promise.all(beside);
    round.forEach((outcome, index) => void outcomes[index]!.push(outcome));
  }
  const common = write.mock.calls.filter(([text]) => text.includes('AS written'));
  write.mockRestore();

  for (const [index, history] of histories.entries()) {
    const told = `seed ${seed}, ${JSON.stringify(history)}`;
    expect(outcomes[index], told).toEqual(expected[index]);
    expect(await endOf(together[index]!), told).toEqual(await endOf(apart[index]!));
  }
  expect(common.length).toBeGreaterThan(changesEach / 2);
  expect([...new Set(outcomes.flat())].toSorted()).toEqual(
    expect.arrayContaining(['FORBIDDEN ', 'NOT_FOUND ', 'done']),
  );
});
