/**
 * Whether something stands between the gateway and its database that lends a connection for each transaction.
 *
 * Whoever has such a pooler names another place for direct connections; another user at the same place is no pooler.
 */
export function isPooled(url: string, directUrl: string): boolean {
  return placeOf(url) !== placeOf(directUrl);
}

/** The server and the database that a URL leads to. The parameters stand for what a URL cannot name, such as a socket. */
function placeOf(url: string): string {
  const { hostname, port, pathname, searchParams } = new URL(url);
  return JSON.stringify([searchParams.get('host') ?? hostname, searchParams.get('port') ?? (port || '5432'), pathname]);
}
