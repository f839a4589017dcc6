import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, parse } from 'graphql';
import { createHandler } from 'graphql-http/lib/use/http';

/** A tour, with the ids of what it has to do with in Tenantry. */
export interface Tour {
  id: string;
  title: string;
  organizationId: string;
  guideId?: string;
  teamId?: string;
  workspaceId?: string;
  authorId?: string;
}

/** What another team's service might look like: it knows ids of ours, and nothing else of what they stand for. */
export const toursSdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key", "@shareable"])

  type Query {
    tours: [Tour!]!
    tourPage: TourPage!
  }

  type Tour @key(fields: "id") {
    id: ID!
    title: String!
    organization: Organization!
    guide: Member
    team: Team
    workspace: Workspace
    author: User
  }

  type TourPage {
    nodes: [Tour!]!
    pageInfo: PageInfo!
  }

  type PageInfo @shareable {
    hasNextPage: Boolean!
    hasPreviousPage: Boolean!
    startCursor: String
    endCursor: String
  }

  type Organization @key(fields: "id") {
    id: ID!
    tours: [Tour!]!
  }

  type Member @key(fields: "id") {
    id: ID!
    guides: [Tour!]!
  }

  type Team @key(fields: "id", resolvable: false) {
    id: ID!
  }

  type Workspace @key(fields: "id", resolvable: false) {
    id: ID!
  }

  type User @key(fields: "id", resolvable: false) {
    id: ID!
  }
`;

/** A service that listens. */
export interface Listening {
  url: string;
  /** The headers of each request so far. */
  seen: IncomingHttpHeaders[];
  close(): Promise<void>;
}

/** Serves tours, as a subgraph that Apollo's own library makes. */
export async function serveTours(tours: () => readonly Tour[]): Promise<Listening> {
  const seen: IncomingHttpHeaders[] = [];
  const answer = createHandler({ schema: toursSchema(tours) });
  const server = createServer((request, response) => {
    seen.push(request.headers);
    void answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function toursSchema(tours: () => readonly Tour[]): GraphQLSchema {
  return buildSubgraphSchema({
    typeDefs: parse(toursSdl),
    resolvers: {
      Query: {
        tours,
        tourPage: () => ({ nodes: tours(), pageInfo: { hasNextPage: false, hasPreviousPage: false } }),
      },
      Tour: {
        __resolveReference: ({ id }: Tour) => tours().find((tour) => tour.id === id),
        organization: ({ organizationId }: Tour) => reference(organizationId),
        guide: ({ guideId }: Tour) => reference(guideId),
        team: ({ teamId }: Tour) => reference(teamId),
        workspace: ({ workspaceId }: Tour) => reference(workspaceId),
        author: ({ authorId }: Tour) => reference(authorId),
      },
      Organization: { tours: ({ id }: { id: string }) => tours().filter((tour) => tour.organizationId === id) },
      Member: { guides: ({ id }: { id: string }) => tours().filter((tour) => tour.guideId === id) },
    },
  });
}

const reference = (id: string | undefined) => (id === undefined ? null : { id });
