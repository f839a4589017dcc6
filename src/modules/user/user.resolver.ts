import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { standingIn } from '../../auth/scope.js';
import { wholeUser } from '../../auth/whole-rows.js';
import { AnswersWith } from '../../graphql/answers-with.js';
import type { GraphQLContext } from '../../graphql/context.js';
import { registerInvited } from '../invitation/answer-invitation.service.js';
import { LogoutInput, RefreshSessionInput, SwitchOrganizationInput } from './session.input.js';
import { endSession, refreshSession, switchOrganization } from './session.service.js';
import { SetSuperAdminInput, SetUserStatusInput } from './super-admin.input.js';
import { setSuperAdmin, setUserStatus } from './super-admin.service.js';
import { LoginInput, RegisterInput, UpdateMeInput } from './user.input.js';
import {
  LoginPayload,
  LogoutPayload,
  RefreshSessionPayload,
  RegisterPayload,
  SetSuperAdminPayload,
  SetUserStatusPayload,
  SwitchOrganizationPayload,
  UpdateMePayload,
} from './user.payload.js';
import { login, register, updateMe } from './user.service.js';
import { User, type UserRow } from './user.type.js';

@Resolver(() => User)
export class UserResolver {
  @AnswersWith('user')
  @Query(() => User, { description: 'The caller.' })
  async me(@Ctx() context: GraphQLContext): Promise<UserRow> {
    return wholeUser(context, await standingIn(context));
  }

  @Mutation(() => RegisterPayload, {
    description:
      'Makes an account, signs it in, and gives it a personal organization with a default workspace. A link that proves the address is mailed.',
  })
  register(
    @Arg('input', () => RegisterInput, { description: 'The new account.' }) input: RegisterInput,
    @Ctx() context: GraphQLContext,
  ) {
    const { invitationToken, ...registration } = input;
    return invitationToken ? registerInvited(context, registration, invitationToken) : register(context, registration);
  }

  @Mutation(() => LoginPayload, { description: 'Signs in with e-mail address and password.' })
  login(
    @Arg('input', () => LoginInput, { description: 'The credentials.' }) input: LoginInput,
    @Ctx() context: GraphQLContext,
  ) {
    return login(context, input);
  }

  @Mutation(() => RefreshSessionPayload, { description: 'Exchanges a refresh token for new tokens.' })
  async refreshSession(
    @Arg('input', () => RefreshSessionInput, { description: 'The refresh token.' }) input: RefreshSessionInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { session: await refreshSession(context, input.refreshToken) };
  }

  @Mutation(() => LogoutPayload, { description: 'Ends this session, or all sessions of the caller, at once.' })
  async logout(
    @Arg('input', () => LogoutInput, { description: 'Which sessions.' }) input: LogoutInput,
    @Ctx() context: GraphQLContext,
  ) {
    await endSession(context, input.everywhere ?? false);
    return { ok: true };
  }

  @AnswersWith('organization')
  @Mutation(() => SwitchOrganizationPayload, {
    description:
      'Makes an organization the current one of this session, for every request that does not name another. Use the returned tokens from then on.',
  })
  switchOrganization(
    @Arg('input', () => SwitchOrganizationInput, { description: 'Which one.' }) input: SwitchOrganizationInput,
    @Ctx() context: GraphQLContext,
  ) {
    return switchOrganization(context, input.organizationId);
  }

  @AnswersWith('user')
  @Mutation(() => UpdateMePayload, { description: 'Changes the profile of the caller.' })
  async updateMe(
    @Arg('input', () => UpdateMeInput, { description: 'What to change.' }) input: UpdateMeInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { user: await updateMe(context, input) };
  }

  @Mutation(() => SetUserStatusPayload, {
    description:
      'Suspends, reactivates or deletes a user, from the next request on. A deleted user leaves all organizations. For super admins.',
  })
  async setUserStatus(
    @Arg('input', () => SetUserStatusInput, { description: 'Who, and what.' }) input: SetUserStatusInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { user: await setUserStatus(context, input) };
  }

  @Mutation(() => SetSuperAdminPayload, {
    description: 'Makes a user a super admin, or no longer one. For super admins.',
  })
  async setSuperAdmin(
    @Arg('input', () => SetSuperAdminInput, { description: 'Who, and what.' }) input: SetSuperAdminInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { user: await setSuperAdmin(context, input) };
  }

  @FieldResolver(() => Boolean, { description: 'Whether the user has proven to own the e-mail address.' })
  emailVerified(@Root() user: UserRow): boolean {
    return user.emailVerifiedAt !== null;
  }
}
