import { newId } from '../../src/platform/id.js';
import { admin, type Operations } from './operation.js';
import { list } from './operations.queries.js';
import type { Scene } from './scene.js';

/** A day so many days ago, in UTC. */
const day = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);

/** Half an hour of the teammate, for the team. */
const activity = ({ teamId }: Scene) => ({
  teamId,
  startedAt: new Date(Date.now() - 7_200_000).toISOString(),
  activeSeconds: 1_800,
  idempotencyId: newId(),
});

/** What people did, and what comes of it. */
export const engagement: Operations = {
  'Mutation.recordActivity': {
    // With a session one records one's own.
    as: ({ teammate }) => teammate,
    selection: '{ accepted duplicates rejected { index code message } }',
    oneByOne: 'input.entries',
    valid: (scene) => [
      {
        input: {
          organizationId: scene.organizationId,
          entries: [{ memberId: scene.teammate.memberId, ...activity(scene) }],
        },
      },
      {
        input: {
          organizationId: scene.organizationId,
          entries: [{ userId: scene.teammate.user.id, ...activity(scene) }],
        },
      },
    ],
  },
  'Organization.engagement': {
    as: admin,
    valid: ({ teamId }) => [
      { startDate: day(100) },
      { teamId, startDate: day(29), endDate: day(0) },
      { teamId, endDate: day(30) },
    ],
  },
  'Member.engagement': {
    as: admin,
    valid: () => [{ startDate: day(100) }, { startDate: day(29), endDate: day(0) }, { endDate: day(30) }],
  },
  'Engagement.memberActivity': { as: admin, valid: list('Engagement.memberActivity', 'ACTIVE_TIME') },
  'Engagement.memberDirectory': {
    as: admin,
    valid: list('Engagement.memberDirectory', 'JOINED_AT', ({ teamId }) => ({
      filter: { search: 'person', accountStatus: 'ACTIVE', status: 'ACTIVE', teamId },
    })),
  },
  'Engagement.sessions': { as: admin, valid: list('Engagement.sessions', 'STARTED_AT') },
};
