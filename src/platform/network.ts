import ipaddr from 'ipaddr.js';

/**
 * The network that an address belongs to, as far as one customer of a provider goes: an IPv4 address is one by itself, of an
 * IPv6 address the first 64 bits are, because everybody has so many of the rest.
 */
export function networkOf(ip: string): string {
  const [address] = ip.split('%');
  if (!ipaddr.isValid(address!)) return 'unknown';
  // Takes ::ffff:192.0.2.1 for 192.0.2.1.
  const parsed = ipaddr.process(address!);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return `${Buffer.from(parsed.toByteArray().slice(0, 8)).toString('hex')}::/64`;
}
