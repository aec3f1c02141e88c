import { describe, expect, it } from 'vitest';
import { networkPrefix } from '#src/limits/network-prefix.ts';

describe('networkPrefix', () => {
  it.each([
    ['192.0.2.7', '192.0.2.0/24'],
    ['::ffff:192.0.2.200', '192.0.2.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('puts %s into %s', (address, prefix) => {
    expect(networkPrefix(address)).toBe(prefix);
  });
});
