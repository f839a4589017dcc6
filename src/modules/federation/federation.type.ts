import { GraphQLScalarType } from 'graphql';
import { ArgsType, createUnionType, Field, ObjectType } from 'type-graphql';
import { z } from 'zod';
import { id, opaque, Valid } from '../../graphql/validation.js';
import { Member } from '../member/member.type.js';
import { Organization } from '../organization/organization.type.js';
import { Team } from '../team/team.type.js';
import { User } from '../user/user.type.js';
import { Workspace } from '../workspace/workspace.type.js';
import { type EntityName, entityNames, type Representation } from './federation.service.js';

// The names and shapes are those of the subgraph specification:
// https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/subgraph-spec

/** One request may refer to so many; its cost is bounded beside that. */
const mostRepresentations = 1_000;

const representation = z.strictObject(
  { __typename: z.enum(entityNames, `must be one of ${entityNames.join(', ')}`), id },
  'must be an object of __typename and id, and nothing else',
);

/** Looked at by the check of the argument, which says what is wrong with it by its path. */
const AnyRepresentation = new GraphQLScalarType({
  name: '_Any',
  description: 'A reference to an entity: an object with `__typename` and `id`, and nothing else.',
});

export const Entity = createUnionType({
  name: '_Entity',
  description: 'What other subgraphs can refer to by its id.',
  types: () => [User, Organization, Member, Team, Workspace] as const,
  resolveType: (entity) => (entity as unknown as { __typename: EntityName }).__typename,
});

@ObjectType('_Service', { description: 'What this subgraph has to offer.', simpleResolvers: true })
export class Service {
  @Field(() => String, { nullable: true, description: 'The schema with the directives of Apollo Federation.' })
  sdl!: string;
}

@ArgsType()
export class EntitiesArgs {
  @Field(() => [AnyRepresentation], { description: 'What to look up, at most 1,000.' })
  @Valid(opaque(z.array(representation).max(mostRepresentations, `must have at most ${mostRepresentations} entries`)))
  representations!: Representation[];
}
