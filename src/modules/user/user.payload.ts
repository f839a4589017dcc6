import { Field, ObjectType } from 'type-graphql';
import { Member } from '../member/member.type.js';
import { Organization } from '../organization/organization.type.js';
import { Workspace } from '../workspace/workspace.type.js';
import { Session } from './session.type.js';
import { User } from './user.type.js';

@ObjectType({ description: 'A new account, signed in, with its personal organization.', simpleResolvers: true })
export class RegisterPayload {
  @Field(() => Session, { description: 'The tokens of the first session.' })
  session!: Session;

  @Field(() => User, { description: 'The new user.' })
  user!: User;

  @Field(() => Organization, { description: 'The personal organization of the user.' })
  organization!: Organization;

  @Field(() => Workspace, { description: 'The default workspace of the personal organization.' })
  workspace!: Workspace;

  @Field(() => Member, { nullable: true, description: 'The membership that came of the invitation.' })
  member?: Member | null;
}

@ObjectType({ description: 'A new session.', simpleResolvers: true })
export class LoginPayload {
  @Field(() => Session, { description: 'The tokens of the session.' })
  session!: Session;

  @Field(() => User, { description: 'Who has signed in.' })
  user!: User;
}

@ObjectType({ description: 'The renewed session.', simpleResolvers: true })
export class RefreshSessionPayload {
  @Field(() => Session, { description: 'New tokens; the old refresh token is used up.' })
  session!: Session;
}

@ObjectType({ description: 'The end of one or all sessions.', simpleResolvers: true })
export class LogoutPayload {
  @Field(() => Boolean, { description: 'Always true: no token of the ended sessions is accepted any more.' })
  ok!: boolean;
}

@ObjectType({ description: 'The user whose status was set.', simpleResolvers: true })
export class SetUserStatusPayload {
  @Field(() => User, { description: 'The user as it is now.' })
  user!: User;
}

@ObjectType({ description: 'The user who was or is a super admin.', simpleResolvers: true })
export class SetSuperAdminPayload {
  @Field(() => User, { description: 'The user as it is now.' })
  user!: User;
}

@ObjectType({ description: 'The changed user.', simpleResolvers: true })
export class UpdateMePayload {
  @Field(() => User, { description: 'The user as it is now.' })
  user!: User;
}

@ObjectType({ description: 'The session in another organization.', simpleResolvers: true })
export class SwitchOrganizationPayload {
  @Field(() => Session, { description: 'New tokens of the session; the old refresh token is used up.' })
  session!: Session;

  @Field(() => Organization, { description: 'The organization that is current from now on.' })
  organization!: Organization;
}

@ObjectType({ description: 'The session that remains.', simpleResolvers: true })
export class ChangePasswordPayload {
  @Field(() => Session, { description: 'The tokens of a new session; all others have ended.' })
  session!: Session;
}

@ObjectType({ description: 'The request for a new password.', simpleResolvers: true })
export class RequestPasswordResetPayload {
  @Field(() => Boolean, { description: 'Always true, whether there is such an account or not.' })
  ok!: boolean;
}

@ObjectType({ description: 'The account with its new password, signed in.', simpleResolvers: true })
export class ResetPasswordPayload {
  @Field(() => Session, { description: 'The tokens of a new session; all others have ended.' })
  session!: Session;

  @Field(() => User, { description: 'Whose password it is.' })
  user!: User;
}

@ObjectType({ description: 'The request for a link that proves the e-mail address.', simpleResolvers: true })
export class RequestEmailVerificationPayload {
  @Field(() => Boolean, { description: 'Always true. Nothing is sent for an address that is proven already.' })
  ok!: boolean;
}

@ObjectType({ description: 'The user whose e-mail address is proven.', simpleResolvers: true })
export class VerifyEmailPayload {
  @Field(() => User, { description: 'The user as it is now.' })
  user!: User;
}

@ObjectType({ description: 'The request for another e-mail address.', simpleResolvers: true })
export class RequestEmailChangePayload {
  @Field(() => Boolean, { description: 'Always true, whether the address can be had or not.' })
  ok!: boolean;
}
