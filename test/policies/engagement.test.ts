import { describe, expect, it } from 'vitest';
import type { Caller } from '../modules/adversaries.js';
import { entry, parts, recorded } from '../modules/engagement/engaging.js';
import { customRole } from '../modules/states.js';
import { aTeamOf } from '../modules/team/managing.js';
import { useGateway } from '../support/gateway.js';
import { aWorld, type Colleague, type World } from '../support/world.js';

const gateway = useGateway();

const { range, kpis, pulse, trend, activityDistribution, retention, ...people } = parts;
const figures = Object.entries({ range, kpis, pulse, trend, activityDistribution, retention });
const shown = Object.entries(people);

/** A colleague whose role permits this and nothing else. */
async function holderOf(world: World, permissions: string[], key = 'special'): Promise<Colleague> {
  await customRole(gateway(), world, { key, rank: 20, permissions: ['organization.read', ...permissions] });
  return world.join(key);
}

/** What somebody is refused of an engagement for want of which permission, or by which code; null for what is answered. */
async function verdict({ organization }: World, caller: Caller, field: string): Promise<string | null> {
  const { errors } = await caller.send(`{ organization(id: "${organization.id}") { ${field} } }`);
  const extensions = errors?.[0]?.extensions;
  return extensions ? (extensions.requiredPermission ?? extensions.code) : null;
}

async function verdicts(world: World, caller: Caller, fields: [string, string][], around = 'engagement') {
  const asked = fields.map(async ([name, field]) => [name, await verdict(world, caller, `${around} { ${field} }`)]);
  return Object.fromEntries(await Promise.all(asked)) as Record<string, string | null>;
}

const each = (fields: [string, string][], said: string | null) =>
  Object.fromEntries(fields.map(([name]) => [name, said]));

describe('a custom role', () => {
  it('with stats.read alone sees all figures, and no people', async () => {
    const world = await aWorld(gateway());
    const teamId = await world.team('Red');
    const analyst = await holderOf(world, ['stats.read', 'teams.read']);
    for (const around of ['engagement', `engagement(teamId: "${teamId}")`]) {
      expect(await verdicts(world, analyst, figures, around)).toEqual(each(figures, null));
      expect(await verdicts(world, analyst, shown, around)).toEqual(each(shown, 'users.read'));
    }
    const member = `member(id: "${world.admin.memberId}") { engagement`;
    expect(await verdict(world, analyst, `${member} { ${range} } }`)).toBe('users.read');
  });

  it('with users.read alone sees people, but no figures of anybody else', async () => {
    const world = await aWorld(gateway());
    const reader = await holderOf(world, ['users.read', 'teams.read']);
    const all = [...figures, ...shown];
    expect(await verdicts(world, reader, all)).toEqual(each(all, 'stats.read'));
    const of = (memberId: string) => `member(id: "${memberId}") { engagement { ${Object.values(parts).join(' ')} } }`;
    expect(await verdict(world, reader, of(world.admin.memberId))).toBe('stats.read');
    expect(await verdict(world, reader, of(reader.memberId))).toBeNull();
  });

  it('with both sees everything', async () => {
    const world = await aWorld(gateway());
    const [all, both] = [[...figures, ...shown], await holderOf(world, ['stats.read', 'users.read', 'teams.read'])];
    expect(await verdicts(world, both, all)).toEqual(each(all, null));
    const member = `member(id: "${world.admin.memberId}") { engagement { ${Object.values(parts).join(' ')} } }`;
    expect(await verdict(world, both, member)).toBeNull();
  });

  it('with nothing reports its own activity, and sees that', async () => {
    const world = await aWorld(gateway());
    const nobodyInParticular = await holderOf(world, []);
    expect(await recorded(world, nobodyInParticular, entry())).toEqual({ accepted: 1, duplicates: 0, rejected: [] });
    const own = `{ me { memberships(first: 1) { nodes { engagement { ${figures.map(([, field]) => field).join(' ')} } } } } }`;
    expect((await nobodyInParticular.send(own)).errors).toBeUndefined();
  });

  it('in the place of team_manager lets managers see their teams, and people only if it says so', async () => {
    const world = await aWorld(gateway());
    const manager = await holderOf(world, ['teams.read'], 'team_manager');
    const [teamId, otherId] = [await aTeamOf(gateway(), world, manager), await world.team('Blue', manager)];
    expect(await verdicts(world, manager, figures, `engagement(teamId: "${teamId}")`)).toEqual(each(figures, null));
    expect(await verdicts(world, manager, shown, `engagement(teamId: "${teamId}")`)).toEqual(each(shown, 'users.read'));
    for (const around of ['engagement', `engagement(teamId: "${otherId}")`]) {
      expect(await verdicts(world, manager, figures, around)).toEqual(each(figures, 'stats.read'));
    }
  });

  it('in the place of administrator permits what it says itself', async () => {
    const world = await aWorld(gateway());
    expect(await verdict(world, world.admin, `engagement { ${range} }`)).toBeNull();
    await customRole(gateway(), world, { key: 'administrator', rank: 90, permissions: ['organization.read'] });
    expect(await verdict(world, world.admin, `engagement { ${range} }`)).toBe('stats.read');
  });
});

describe('the teams of an engagement', () => {
  it('are shown to whoever may see teams, and to nobody else', async () => {
    const world = await aWorld(gateway());
    const person = await world.join('member');
    const teamId = await world.team('Secret', person);
    await recorded(world, person, entry({ teamId }));
    const watcher = await holderOf(world, ['stats.read', 'users.read']);
    expect(await verdict(world, watcher, 'teams { totalCount }')).toBe('teams.read');
    for (const field of [
      `engagement(teamId: "${teamId}") { team { name } }`,
      'engagement { sessions { nodes { team { name } } } }',
      `member(id: "${person.memberId}") { engagement { sessions { nodes { team { name } } } } }`,
      'engagement { memberDirectory { nodes { affiliations { team { name } } } } }',
    ]) {
      const { data, errors } = await watcher.send(`{ organization(id: "${world.organization.id}") { ${field} } }`);
      expect(JSON.stringify({ data, errors }), field).not.toContain('Secret');
    }
  });
});
