import type { Gateway } from '../../src/gateway.js';

/** What is on record of the changes of an organization since its founding, in order. */
export async function eventsOf({ services }: Gateway, organizationId: string) {
  const events = await services.db.prisma.auditEvent.findMany({
    where: { organizationId, action: { notIn: ['ORGANIZATION_CREATED', 'ACCESS_REFUSED'] } },
    orderBy: { id: 'asc' },
  });
  return events.map(({ actorType, actorUserId, action, targetType, targetId, changes }) => {
    return { actorType, actorUserId, action, targetType, targetId, changes };
  });
}

/** What every change of an organization leaves behind: a higher version, and an event. */
export async function tracesIn(gateway: Gateway, organizationId: string) {
  const { version } = await gateway.services.db.prisma.organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: { version: true },
  });
  return { version, events: await eventsOf(gateway, organizationId) };
}
