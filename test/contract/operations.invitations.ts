import { randomUUID } from 'node:crypto';
import { admin, type Operations } from './operation.js';
import type { Scene } from './scene.js';

const invited = (scene: Scene) => scene.invited;

/** Either way to name an invitation that is answered. */
const eitherWay = ({ token, invitationId }: Scene) => [{ input: { token } }, { input: { invitationId } }];

/** What invites people, and what they answer. */
export const invitationMutations: Operations = {
  'Mutation.inviteMember': {
    as: admin,
    valid: ({ organizationId, teamId }) => [
      { input: { organizationId, email: `${randomUUID()}@example.com`, role: 'member', teamIds: [teamId] } },
    ],
  },
  'Mutation.inviteMembers': {
    as: admin,
    selection: '{ results { email invitation { id } error { code message facts issues { path message } } } }',
    oneByOne: 'input.invitations',
    valid: ({ organizationId, teamId }) => [
      {
        input: {
          organizationId,
          invitations: [{ email: `${randomUUID()}@example.com`, role: 'member', teamIds: [teamId] }],
        },
      },
    ],
  },
  'Mutation.resendInvitation': {
    as: admin,
    valid: ({ organizationId, invitationId }) => [{ input: { organizationId, invitationId } }],
  },
  'Mutation.revokeInvitation': {
    as: admin,
    valid: ({ organizationId, invitationId }) => [{ input: { organizationId, invitationId } }],
  },
  'Mutation.acceptInvitation': { as: invited, personal: true, valid: eitherWay },
  // With its secret nobody has to be signed in.
  'Mutation.declineInvitation': { as: invited, personal: true, valid: eitherWay },
};
