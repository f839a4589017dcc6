import { isInUse } from '../../auth/access.js';
import { standingIn } from '../../auth/scope.js';
import { can, canInTeam, inInput, lets, member, ofOrganization, ofRow, type RuleTree } from '../../graphql/rules.js';
import type { Engaged } from './engagement.population.js';

const readsStatistics = can('stats.read', ofRow);

/** Every member for itself, and whoever may see the statistics. */
const ownOrStatistics = lets('the member itself, or `stats.read`', async (context, parent, args, info) => {
  const standing = await standingIn(context, parent.organizationId);
  const isOwn = standing.member?.id === parent.id && isInUse(standing);
  if (!isOwn) await readsStatistics(context, parent, args, info);
});

const seesPeople = can('users.read', ofRow);

/** What shows people is for those who may see them; everybody may see what is its own. */
const peopleOfEngagement = lets('`users.read`; of oneself everybody', async (context, parent: Engaged, args, info) => {
  if (parent.group !== 'MEMBER') await seesPeople(context, parent, args, info);
});

const seesTeams = can('teams.read', ofRow);

/** A team, where there is one, is for those who may see teams. */
const teamOfRow = lets('`teams.read`', async (context, parent: { teamId: string | null }, args, info) => {
  if (parent.teamId !== null) await seesTeams(context, parent, args, info);
});

export const engagementPermissions = {
  Mutation: { recordActivity: member(inInput) },
  Organization: { engagement: canInTeam('stats.read', ofOrganization, ({ teamId }) => teamId) },
  Member: { engagement: ownOrStatistics },
  Engagement: {
    team: teamOfRow,
    memberActivity: peopleOfEngagement,
    memberDirectory: peopleOfEngagement,
    sessions: peopleOfEngagement,
  },
  ActivitySession: { team: teamOfRow },
} satisfies RuleTree;
