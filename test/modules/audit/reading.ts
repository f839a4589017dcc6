import type { Answer } from '../../support/client.js';
import type { World } from '../../support/world.js';
import type { Caller } from '../adversaries.js';

export interface EventAnswer {
  id: string;
  at: string;
  action: string;
  actor: { type: string; userId: string | null; apiKeyId: string | null };
  target: { type: string; id: string | null };
  changes: Record<string, { before: unknown; after: unknown }>;
  ip: string | null;
  requestId: string | null;
}

export const fields = 'id at action actor { type userId apiKeyId } target { type id } changes ip requestId';

const Events = `query ($id: ID!, $filter: AuditEventFilter, $first: Int, $orderBy: AuditEventOrder) {
  organization(id: $id) {
    auditEvents(filter: $filter, first: $first, orderBy: $orderBy) { totalCount nodes { ${fields} } }
  }
}`;

type Data = { organization: { auditEvents: { totalCount: number; nodes: EventAnswer[] } } };

export const readEvents = (
  { organization }: Pick<World, 'organization'>,
  caller: Caller,
  variables: object = {},
): Promise<Answer<Data>> => caller.send<Data, object>(Events, { id: organization.id, ...variables });

/** What the founder reads of the trail, the latest first. */
export async function trailOf(world: World, filter: object = {}): Promise<EventAnswer[]> {
  const { data } = await readEvents(world, world.admin, { filter, first: 100 });
  return data.organization.auditEvents.nodes;
}
