import { authenticate } from '../auth/authenticate.js';
import type { Principal, Services } from '../auth/scope.js';
import { DomainError, type ErrorCode } from '../platform/errors.js';
import type { Log } from '../platform/log.js';
import { organizationHeader } from './request-context.js';
import { closeCodes } from './socket-line.js';

/** Who calls on a socket, for as long as it lasts. */
export interface SocketCaller {
  principal: Principal;
  currentOrganizationId: string | null;
}

/** Why a socket is closed before anything was asked. */
export interface Closing {
  code: number;
  reason: string;
}

const known: ReadonlySet<string> = new Set(['authorization', 'x-api-key', 'x-organization-id']);

/**
 * Finds out who calls from what the client says on connecting: the headers that it would send over HTTP, in any case.
 *
 * @throws {DomainError} just as for a request with these headers.
 */
export async function callerIn(params: Readonly<Record<string, unknown>>, services: Services): Promise<SocketCaller> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(params)) {
    if (known.has(name.toLowerCase()) && value != null) headers[name.toLowerCase()] = String(value);
  }
  const principal = await authenticate(headers, services);
  return { principal, currentOrganizationId: organizationHeader(headers['x-organization-id']) };
}

/** When a credential ends by itself, in milliseconds since 1970; null for never. */
export function expiryOf(principal: Principal): number | null {
  return 'expiresAt' in principal ? (principal.expiresAt ?? null) : null;
}

const codeOf: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: closeCodes.forbidden,
  RATE_LIMITED: closeCodes.tryAgainLater,
};

/** How a client hears why it may not connect. */
export function closingFor(error: unknown, requestId: string, log: Log): Closing {
  if (error instanceof DomainError) {
    return { code: codeOf[error.code] ?? closeCodes.badRequest, reason: error.message };
  }
  log.error({ err: error, requestId }, 'request failed');
  return { code: closeCodes.tryAgainLater, reason: 'Something went wrong on our side.' };
}
