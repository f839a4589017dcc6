import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { standingIn } from '../../auth/scope.js';
import type { GraphQLContext } from '../../graphql/context.js';
import {
  ChangePasswordInput,
  RequestEmailChangeInput,
  RequestPasswordResetInput,
  ResetPasswordInput,
  VerifyEmailInput,
} from './account.input.js';
import { resetPassword, verifyEmail } from './account-proof.service.js';
import {
  changePassword,
  requestEmailChange,
  requestEmailVerification,
  requestPasswordReset,
} from './password.service.js';
import {
  ChangePasswordPayload,
  RequestEmailChangePayload,
  RequestEmailVerificationPayload,
  RequestPasswordResetPayload,
  ResetPasswordPayload,
  VerifyEmailPayload,
} from './user.payload.js';

/** What keeps an account its owner's: its password and its address. */
@Resolver()
export class AccountResolver {
  @Mutation(() => ChangePasswordPayload, {
    description: 'Changes the password of the caller, ends all sessions, and begins a new one.',
  })
  changePassword(
    @Arg('input', () => ChangePasswordInput, { description: 'The passwords.' }) input: ChangePasswordInput,
    @Ctx() context: GraphQLContext,
  ) {
    return changePassword(context, input);
  }

  @Mutation(() => RequestPasswordResetPayload, {
    description: 'Mails a link to choose a new password, which works once and for an hour.',
  })
  async requestPasswordReset(
    @Arg('input', () => RequestPasswordResetInput, { description: 'Whose.' }) input: RequestPasswordResetInput,
    @Ctx() context: GraphQLContext,
  ) {
    await requestPasswordReset(context, input.email);
    return { ok: true };
  }

  @Mutation(() => ResetPasswordPayload, {
    description: 'Sets a new password by the secret of a link, ends all sessions, and begins a new one.',
  })
  resetPassword(
    @Arg('input', () => ResetPasswordInput, { description: 'The secret and the password.' }) input: ResetPasswordInput,
    @Ctx() context: GraphQLContext,
  ) {
    return resetPassword(context, input);
  }

  @Mutation(() => RequestEmailVerificationPayload, {
    description: 'Mails the caller a link that proves the e-mail address, which works once and for a day.',
  })
  async requestEmailVerification(@Ctx() context: GraphQLContext) {
    await requestEmailVerification(context);
    return { ok: true };
  }

  @Mutation(() => VerifyEmailPayload, {
    description:
      'Proves an e-mail address by the secret of a link. Call it with the session of the account; from anybody else it also ends what let somebody into the account before (password, sessions, API keys), and a link to choose a password is mailed to the proven address.',
  })
  async verifyEmail(
    @Arg('input', () => VerifyEmailInput, { description: 'The secret.' }) input: VerifyEmailInput,
    @Ctx() context: GraphQLContext,
  ) {
    const callerId = context.principal.kind === 'anonymous' ? null : (await standingIn(context)).user.id;
    return { user: await verifyEmail(context, input.token, callerId) };
  }

  @Mutation(() => RequestEmailChangePayload, {
    description: 'Mails a link to the address that the caller wants to sign in with. `verifyEmail` makes the change.',
  })
  async requestEmailChange(
    @Arg('input', () => RequestEmailChangeInput, { description: 'The address.' }) input: RequestEmailChangeInput,
    @Ctx() context: GraphQLContext,
  ) {
    await requestEmailChange(context, input);
    return { ok: true };
  }
}
