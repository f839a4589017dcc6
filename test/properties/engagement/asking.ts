import type { Person } from '../../support/world.js';
import type { GivenRange } from './facts.js';
import type { DirectoryFilter } from './oracle.people.js';

/** An engagement as a client asks for it, over HTTP. */
export interface Asked extends GivenRange {
  organizationId: string;
  teamId: string | null;
  /** Of this member, if it is not null. */
  memberId: string | null;
  pageSize: number;
  backward: boolean;
  activityOrder: Order;
  directoryOrder: Order;
  filter: DirectoryFilter;
}

interface Order {
  field: string;
  direction: 'ASC' | 'DESC';
}

export interface Listed {
  nodes: Record<string, unknown>[];
  totalCount: number;
}

export interface Answered {
  parts: Record<string, unknown>;
  memberActivity: Listed;
  memberDirectory: Listed;
  sessions: Listed;
}

const kpi = 'key unit value previousValue delta deltaPercent direction';
const parts = `organization { id }
  team { id }
  range { startDate endDate previousStartDate previousEndDate days timezone }
  kpis { ${kpi} }
  pulse {
    days { date activeSeconds sessions level }
    summary { totalActiveSeconds totalSessions activeDays periodStart periodEnd }
  }
  trend { date totalHours averageHoursPerMember }
  activityDistribution { bucket minSeconds maxSeconds memberCount }
  retention {
    periods
    cohorts { cohort startDate size periods { period label retainedMembers rate } }
    metrics { ${kpi} }
    topCohorts { cohort startDate size week1Rate latestRate retainedLatest }
  }`;

const page = 'first: $first, after: $after, last: $last, before: $before';
const pageVariables = '$first: Int, $after: String, $last: Int, $before: String';
const pageFields = 'totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

const lists = {
  memberActivity: {
    variables: ', $activityOrder: MemberActivityOrder',
    fields: `memberActivity(${page}, orderBy: $activityOrder) {
      nodes { member { id } activeSeconds sessions activeDays lastActiveAt status } ${pageFields}
    }`,
  },
  memberDirectory: {
    variables: ', $directoryOrder: MemberDirectoryOrder, $filter: MemberDirectoryFilter',
    fields: `memberDirectory(${page}, orderBy: $directoryOrder, filter: $filter) {
      nodes {
        user { id } joinedAt plan accountStatus status lastActiveAt affiliations { organization { id } team { id } }
      } ${pageFields}
    }`,
  },
  sessions: {
    variables: '',
    fields: `sessions(${page}) { nodes { id user { id } startedAt activeSeconds team { id } } ${pageFields} }`,
  },
};
type ListName = keyof typeof lists;

const days = 'startDate: $startDate, endDate: $endDate';
const ofOrganization = (fields: string) => `engagement(teamId: $teamId, ${days}) { ${fields} }`;
const ofMember = (fields: string) => `member(id: $memberId) { engagement(${days}) { ${fields} } }`;

function documentOf(memberId: string | null, fields: string, variables = ''): string {
  const [whose, engagement] = memberId === null ? ['$teamId: ID', ofOrganization] : ['$memberId: ID!', ofMember];
  return `query ($organizationId: ID!, ${whose}, $startDate: Date, $endDate: Date${variables}) {
    organization(id: $organizationId) { ${engagement(fields)} }
  }`;
}

/** Everything that an engagement says, with all pages of its lists. */
export async function ask(asker: Person, asked: Asked): Promise<Answered> {
  const [all, memberActivity, memberDirectory, sessions] = await Promise.all([
    send(asker, asked, documentOf(asked.memberId, parts), {}),
    readAll(asker, asked, 'memberActivity'),
    readAll(asker, asked, 'memberDirectory'),
    readAll(asker, asked, 'sessions'),
  ]);
  return { parts: all, memberActivity, memberDirectory: withSortedAffiliations(memberDirectory), sessions };
}

interface Page extends Listed {
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
}

/** Page after page from the beginning, or from the end. */
async function readAll(asker: Person, asked: Asked, list: ListName): Promise<Listed> {
  const { variables, fields } = lists[list];
  const document = documentOf(asked.memberId, fields, `, ${pageVariables}${variables}`);
  const { backward, activityOrder, directoryOrder, filter } = asked;
  // There are many more entries than people.
  const pageSize = list === 'sessions' ? asked.pageSize * 8 : asked.pageSize;
  let nodes: Listed['nodes'] = [];
  for (let cursor: string | null = null; ; ) {
    const position: object = backward ? { last: pageSize, before: cursor } : { first: pageSize, after: cursor };
    const given = { ...position, activityOrder, directoryOrder, filter };
    const answer = (await send(asker, asked, document, given))[list] as Page;
    nodes = backward ? [...answer.nodes, ...nodes] : [...nodes, ...answer.nodes];
    const { hasNextPage, hasPreviousPage, startCursor, endCursor } = answer.pageInfo;
    if (!(backward ? hasPreviousPage : hasNextPage)) return { nodes, totalCount: answer.totalCount };
    cursor = backward ? startCursor : endCursor;
  }
}

interface Data {
  organization: { engagement?: Record<string, unknown>; member?: { engagement: Record<string, unknown> } };
}

async function send(asker: Person, asked: Asked, document: string, more: object): Promise<Record<string, unknown>> {
  const { organizationId, teamId, memberId, startDate, endDate } = asked;
  // What was not given is not sent, as a default is for what is missing.
  const ends = { ...(startDate !== null && { startDate }), ...(endDate !== null && { endDate }) };
  const { data, errors } = await asker.send<Data, object>(document, {
    organizationId,
    teamId,
    memberId,
    ...ends,
    ...more,
  });
  if (errors) throw new Error(JSON.stringify(errors));
  return (data.organization.engagement ?? data.organization.member?.engagement)!;
}

/** As texts in the order of ids: in which order they are listed says nothing here. */
function withSortedAffiliations({ nodes, totalCount }: Listed): Listed {
  const textOf = ({ organization, team }: { organization: { id: string }; team: { id: string } | null }) =>
    `${organization.id} ${team?.id ?? null}`;
  return {
    totalCount,
    nodes: nodes.map((node) => {
      const affiliations = node.affiliations as Parameters<typeof textOf>[0][];
      return { ...node, affiliations: affiliations.map(textOf).sort() };
    }),
  };
}
