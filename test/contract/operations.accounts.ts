import { randomUUID } from 'node:crypto';
import { admin, type Operations, outsider, superAdmin } from './operation.js';
import { anInvitation, goodPassword } from './scene.js';

const betterPassword = 'another horse, another battery';

/** What people do with their own accounts, and super admins with those of others. */
export const accountMutations: Operations = {
  'Mutation.register': {
    personal: true,
    valid: async (scene) => {
      const { email, token } = await anInvitation(scene);
      const account = { password: goodPassword, fullName: 'Ada Lovelace' };
      return [
        {
          input: {
            email: `${randomUUID()}@example.com`,
            ...account,
            username: `ada-${randomUUID().slice(0, 8)}`,
          },
        },
        { input: { email, ...account, invitationToken: token } },
      ];
    },
  },
  'Mutation.login': {
    personal: true,
    valid: ({ outsider }) => [{ input: { email: outsider.user.email, password: goodPassword } }],
  },
  'Mutation.refreshSession': {
    personal: true,
    valid: ({ admin }) => [{ input: { refreshToken: admin.refreshToken } }],
  },
  'Mutation.logout': { as: admin, personal: true, valid: () => [{ input: { everywhere: false } }] },
  'Mutation.switchOrganization': {
    as: admin,
    personal: true,
    valid: ({ organizationId }) => [{ input: { organizationId } }],
  },
  'Mutation.updateMe': {
    as: admin,
    personal: true,
    kept: ['input.fullName', 'input.timezone'],
    valid: () => [
      {
        input: {
          username: `ada-${randomUUID().slice(0, 8)}`,
          fullName: 'Ada King',
          avatarUrl: 'https://example.com/ada.png',
          timezone: 'Europe/London',
        },
      },
    ],
  },
  'Mutation.changePassword': {
    as: outsider,
    personal: true,
    valid: () => [{ input: { currentPassword: goodPassword, newPassword: betterPassword } }],
  },
  'Mutation.requestPasswordReset': {
    personal: true,
    valid: ({ outsider }) => [{ input: { email: outsider.user.email } }],
  },
  'Mutation.resetPassword': {
    personal: true,
    valid: ({ resetToken }) => [{ input: { token: resetToken, newPassword: betterPassword } }],
  },
  'Mutation.verifyEmail': {
    as: outsider,
    personal: true,
    valid: ({ verificationToken }) => [{ input: { token: verificationToken } }],
  },
  'Mutation.requestEmailChange': {
    as: outsider,
    personal: true,
    valid: () => [{ input: { newEmail: `${randomUUID()}@example.com`, currentPassword: goodPassword } }],
  },
  'Mutation.setUserStatus': {
    as: superAdmin,
    aboveAll: true,
    valid: ({ outsider }) => [{ input: { userId: outsider.user.id, status: 'SUSPENDED' } }],
  },
  'Mutation.setSuperAdmin': {
    as: superAdmin,
    aboveAll: true,
    valid: ({ outsider }) => [{ input: { userId: outsider.user.id, isSuperAdmin: true } }],
  },
};
