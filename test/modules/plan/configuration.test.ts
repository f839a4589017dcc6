import { describe, expect, it } from 'vitest';
import { Plans } from '../../../src/auth/plans.js';
import { readConfig } from '../../../src/platform/config.js';
import { problemsOf } from '../../support/configuration.js';

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
const read = (value: unknown) => readConfig({ TENANTRY_PLANS: textOf(value) }).plans;

/** What is said to be wrong with the plans. */
const problemsWith = (value: unknown) => problemsOf({ TENANTRY_PLANS: textOf(value) });

const none = { members: null, pendingInvitations: null, teams: null, workspaces: null, apiKeys: null };

describe('TENANTRY_PLANS', () => {
  it('lists the plans in order, where a limit that is left out is none', () => {
    const plans = read({
      free: { name: 'Free', members: 5, pendingInvitations: 0, teams: 2, workspaces: 1, apiKeys: 0 },
      'team-2': { name: 'Team', members: 50, teams: null },
      enterprise_x: { name: 'Enterprise' },
    });
    expect(plans).toEqual([
      {
        key: 'free',
        name: 'Free',
        maximum: { members: 5, pendingInvitations: 0, teams: 2, workspaces: 1, apiKeys: 0 },
      },
      { key: 'team-2', name: 'Team', maximum: { ...none, members: 50 } },
      { key: 'enterprise_x', name: 'Enterprise', maximum: none },
    ]);
    expect(new Plans(plans).first.key).toBe('free');
  });

  it('may be absent or empty: then there is one plan, which no small team meets', () => {
    expect(readConfig({}).plans).toEqual([]);
    expect(readConfig({ TENANTRY_PLANS: '' }).plans).toEqual([]);
    expect(read({})).toEqual([]);
    const { all, first } = new Plans([]);
    expect(all).toEqual([first]);
    for (const most of Object.values(first.maximum)) expect(most).toBeGreaterThanOrEqual(1_000);
  });

  it.each(['free', '{', '{"free": {"name": "Free",}}', '[]', '"free"', '5', 'null', '[{"name": "Free"}]'])(
    'is refused unless it is a JSON object: %s',
    (value) => {
      const problems = problemsWith(value);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(/^TENANTRY_PLANS must be a JSON object like \{/);
    },
  );

  it.each<[unknown, string]>([
    [{ free: { name: 'Free', members: '5' } }, 'free.members'],
    [{ free: { name: 'Free', members: -1 } }, 'free.members'],
    [{ free: { name: 'Free', teams: 1.5 } }, 'free.teams'],
    [{ free: { name: 'Free', workspaces: true } }, 'free.workspaces'],
    [{ free: { name: 'Free', apiKeys: {} } }, 'free.apiKeys'],
    [{ free: { name: 'Free', pendingInvitations: [] } }, 'free.pendingInvitations'],
    [{ free: {} }, 'free.name'],
    [{ free: { name: '' } }, 'free.name'],
    [{ free: { name: 5 } }, 'free.name'],
    [{ free: { name: 'x'.repeat(101) } }, 'free.name'],
    [{ free: null }, 'free'],
    [{ free: 5 }, 'free'],
    [{ free: { name: 'Free' }, team: { name: 'Team', members: 'many' } }, 'team.members'],
  ])('says where a value is of the wrong kind: %j', (value, path) => {
    const problems = problemsWith(value);
    expect(problems).toHaveLength(1);
    expect(problems[0]!.startsWith(`TENANTRY_PLANS: ${path} `)).toBe(true);
  });

  it('names a limit that it does not know', () => {
    const [problem, ...more] = problemsWith({ free: { name: 'Free', seats: 5 } });
    expect(more).toEqual([]);
    expect(problem).toMatch(/^TENANTRY_PLANS: free .*seats/);
  });

  it.each(['Free', '1st', 'a b', 'ü', '', 'x'.repeat(64)])('names a key that is none: %j', (key) => {
    const [problem, ...more] = problemsWith({ [key]: { name: 'Free' } });
    expect(more).toEqual([]);
    expect(problem).toMatch(/^TENANTRY_PLANS\b/);
  });

  it('is told of together with everything else that is wrong', () => {
    const env = { PORT: 'x', TENANTRY_PLANS: '{', TENANTRY_ORGANIZATIONS_PER_USER: '0' };
    expect(() => readConfig(env)).toThrow(/PORT .*\n {2}TENANTRY_PLANS .*\n {2}TENANTRY_ORGANIZATIONS_PER_USER /);
  });
});

describe('TENANTRY_ORGANIZATIONS_PER_USER', () => {
  it('is a hundred unless told otherwise', () => {
    const most = (text?: string) => readConfig({ TENANTRY_ORGANIZATIONS_PER_USER: text }).organizationsPerUser;
    expect([most(), most(''), most('1'), most('1000000')]).toEqual([100, 100, 1, 1_000_000]);
    for (const wrong of ['0', '1000001', '-1', 'none']) {
      expect(() => most(wrong)).toThrow('TENANTRY_ORGANIZATIONS_PER_USER must be a whole number from 1 to 1000000');
    }
  });
});
