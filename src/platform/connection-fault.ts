import pg from 'pg';

/** What Node.js calls a connection that cannot be made or does not last. */
const networkCodes = /^(ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
/** What Prisma calls it. */
const prismaCodes = /^P10\d\d$/;
/** What the driver says about connections; it has no codes for that. */
const driverMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client (has|was) )/;

/** Whether it is the fault of the database, or of the network in between: that passes, and nothing here has to be mended. */
export function isConnectionFault(error: unknown): boolean {
  return error instanceof pg.DatabaseError || isUnreachable(error);
}

/** Whether there is nobody to talk to, or not any more. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = String((error as NodeJS.ErrnoException).code);
  return networkCodes.test(code) || prismaCodes.test(code) || driverMessages.test(error.message);
}
