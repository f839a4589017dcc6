import { describe, expect, it } from 'vitest';
import { networkOf } from '../../src/platform/network.js';

describe('the network of an address', () => {
  it('is an IPv4 address by itself, however it is written', () => {
    expect(networkOf('192.0.2.1')).toBe('192.0.2.1');
    for (const same of ['::ffff:192.0.2.1', '::FFFF:192.0.2.1', '::ffff:c000:201', '0:0:0:0:0:ffff:192.0.2.1']) {
      expect(networkOf(same)).toBe('192.0.2.1');
    }
    expect(networkOf('192.0.2.2')).not.toBe(networkOf('192.0.2.1'));
  });

  it('is the first 64 bits of an IPv6 address, however it is written', () => {
    const network = networkOf('2001:db8:1:2::1');
    expect(network).toBe('20010db800010002::/64');
    for (const same of [
      '2001:db8:1:2::',
      '2001:DB8:1:2::1',
      '2001:0db8:0001:0002:0000:0000:0000:0001',
      '2001:db8:1:2:ffff:ffff:ffff:ffff',
      '2001:db8:1:2::1%eth0',
      '2001:db8:1:2::192.0.2.1',
    ]) {
      expect(networkOf(same)).toBe(network);
    }
    for (const other of ['2001:db8:1:3::1', '2001:db8:0:2::1', '2001:db8::1', '::1', 'fe80::1']) {
      expect(networkOf(other)).not.toBe(network);
    }
  });

  it('is one for all that is no address', () => {
    for (const nonsense of ['', 'localhost', '300.0.0.1', '2001:db8', '192.0.2.1, 192.0.2.2', "'; DROP TABLE users"]) {
      expect(networkOf(nonsense)).toBe('unknown');
    }
  });
});
