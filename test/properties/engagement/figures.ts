import { type Answered, ask } from './asking.js';
import { addDays, dayIn } from './calendar.js';
import { differences } from './compare.js';
import type { Facts, GivenRange, Group } from './facts.js';
import type { Question } from './history.js';
import {
  expectedDistribution,
  expectedKpis,
  expectedPulse,
  expectedRange,
  expectedTrend,
  rangeOf,
  viewOf,
} from './oracle.js';
import { type DirectoryFilter, expectedActivity, expectedDirectory, expectedSessions } from './oracle.people.js';
import { expectedRetention } from './oracle.retention.js';
import type { Planted } from './planting.js';

/** Asks the gateway, and says where the answer is not what it should be. */
export async function wrongFigures({ facts, teams, day, asker }: Planted, question: Question): Promise<string[]> {
  const group = groupOf(facts, teams, question);
  const given = givenOf(question, day);
  const { activityOrder, directoryOrder, direction, pageSize, backward } = question;
  const { team, ...conditions } = question.filter;
  const filter = { ...conditions, teamId: team && teams[team] };
  const member = facts.people.find(({ userId }) => group.of === 'MEMBER' && userId === group.userId);
  const request = {
    ...{ organizationId: facts.organizationId, memberId: member?.membership?.id ?? null, ...given, pageSize, backward },
    teamId: group.of === 'TEAM' ? group.teamId : null,
    activityOrder: { field: activityOrder, direction },
    directoryOrder: { field: directoryOrder, direction },
    filter,
  };
  const today = dayIn(facts.zone, Date.now());
  const answered = await ask(asker, request);
  // Asked at midnight, nobody can say which day was meant.
  if (dayIn(facts.zone, Date.now()) !== today) return [];
  const right = rightAnswer(facts, group, rangeOf(given, today), question, filter);
  return differences(answered, right).map((difference) => `${JSON.stringify({ group, ...given })} ${difference}`);
}

/** Who is no member, or not there any more, has no engagement, so that of the organization is asked for. */
function groupOf({ people, teamIds }: Facts, teams: Planted['teams'], { group }: Question): Group {
  if (group === 'red' || group === 'blue') {
    return teamIds.includes(teams[group]) ? { of: 'TEAM', teamId: teams[group] } : { of: 'ORGANIZATION' };
  }
  const members = people.filter(({ membership }) => membership !== null);
  if (group === 'ORGANIZATION' || members.length === 0) return { of: 'ORGANIZATION' };
  return { of: 'MEMBER', userId: members[group % members.length]!.userId };
}

function givenOf({ span, given }: Question, day: string): GivenRange {
  const edge = addDays(day, span.at);
  const startDate = span.edge === 'FIRST' ? edge : addDays(edge, 1 - span.days);
  const endDate = addDays(startDate, span.days - 1);
  const isGiven = (end: 'START' | 'END') => given === 'BOTH' || given === end;
  return { startDate: isGiven('START') ? startDate : null, endDate: isGiven('END') ? endDate : null };
}

function rightAnswer(
  facts: Facts,
  group: Group,
  range: { startDate: string; endDate: string },
  { activityOrder, directoryOrder, direction }: Question,
  filter: DirectoryFilter,
): Answered {
  const view = viewOf(facts, group);
  const listed = (nodes: Record<string, unknown>[]) => ({ nodes, totalCount: nodes.length });
  return {
    parts: {
      organization: { id: facts.organizationId },
      team: group.of === 'TEAM' ? { id: group.teamId } : null,
      range: expectedRange(range, facts.zone),
      kpis: expectedKpis(view, range),
      pulse: expectedPulse(view, range),
      trend: expectedTrend(view, range),
      activityDistribution: expectedDistribution(view, range),
      retention: expectedRetention(view, range),
    },
    memberActivity: listed(expectedActivity(view, range, activityOrder, direction)),
    memberDirectory: listed(expectedDirectory(view, range, filter, directoryOrder, direction)),
    sessions: listed(expectedSessions(view, range)),
  };
}
