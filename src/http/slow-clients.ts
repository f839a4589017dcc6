import type { Server } from 'node:http';
import type { FastifyHttpOptions } from 'fastify';

/** For how long the gateway waits for a client, in milliseconds. */
export interface Patience {
  /** Until the headers of a request are there, also the first ones of a connection. */
  headers: number;
  /** Until the whole request is there. */
  request: number;
  /** For the next request; longer than load balancers wait, so that it is they who close. */
  betweenRequests: number;
  /** For anything to happen on the connection; longer than any statement may take by default. */
  silence: number;
  /** For the first message on a socket, which says who calls. */
  greeting: number;
  /** For a socket to show that somebody is there. */
  pong: number;
  /** How often all of this is looked at. */
  check: number;
}

export const usualPatience: Patience = {
  headers: 10_000,
  request: 30_000,
  betweenRequests: 75_000,
  silence: 120_000,
  greeting: 3_000,
  pong: 12_000,
  check: 1_000,
};

const largestHeaders = 16_384;

/** Whoever sends byte by byte, or does not read what is answered, holds a connection for so long and no longer. */
export function boundedBy({ headers, request, betweenRequests, silence, check }: Patience) {
  return {
    requestTimeout: request,
    keepAliveTimeout: betweenRequests,
    connectionTimeout: silence,
    http: {
      headersTimeout: headers,
      connectionsCheckingInterval: check,
      maxHeaderSize: largestHeaders,
      // Node's own refusal has no body; ours does.
      requireHostHeader: false,
    },
  } satisfies FastifyHttpOptions<Server>;
}
