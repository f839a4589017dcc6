import { Field, ObjectType } from 'type-graphql';
import { Role } from './role.type.js';

@ObjectType({ description: 'The new role.', simpleResolvers: true })
export class CreateRolePayload {
  @Field(() => Role, { description: 'The role.' })
  role!: Role;
}

@ObjectType({ description: 'The changed role.', simpleResolvers: true })
export class UpdateRolePayload {
  @Field(() => Role, { description: 'The role as it is now.' })
  role!: Role;
}

@ObjectType({ description: 'The deleted role.', simpleResolvers: true })
export class DeleteRolePayload {
  @Field(() => Role, { description: 'The role that is gone; of a shadow, the system role that counts again.' })
  role!: Role;
}
