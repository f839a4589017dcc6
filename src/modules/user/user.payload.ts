import { Field, ObjectType } from 'type-graphql';
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
