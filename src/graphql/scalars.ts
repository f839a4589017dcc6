import { GraphQLDateTime } from 'graphql-scalars';

/** A moment, in ISO 8601 and UTC. */
export const DateTime = GraphQLDateTime;
