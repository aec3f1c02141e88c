import { describe, expect, it } from 'vitest';
import { networkLevels, networkPrefix } from '#src/limits/network-prefix.ts';

describe('networkPrefix', () => {
  it.each([
    ['192.0.2.7', '192.0.2.0/24'],
    ['::ffff:192.0.2.200', '192.0.2.0/24'],
    ['::ffff:c000:2c8', '192.0.2.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('puts %s into %s', (address, prefix) => {
    expect(networkPrefix(address)).toBe(prefix);
  });
});

describe('networkLevels', () => {
  const networks = (address: string) => networkLevels(address).map(({ network }) => network);

  it.each([
    ['192.0.2.7', ['192.0.2.7/32', '192.0.2.0/24', '192.0.0.0/16']],
    ['::ffff:192.0.2.7', ['192.0.2.7/32', '192.0.2.0/24', '192.0.0.0/16']],
    ['2001:db8:1:2a3b::1', ['2001:db8:1:2a3b::/64', '2001:db8:1:2a00::/56', '2001:db8:1::/48']],
    ['2001:db8:1:3::1', ['2001:db8:1:3::/64', '2001:db8:1:0::/56', '2001:db8:1::/48']],
  ])('widens %s', (address, expected) => {
    expect(networks(address)).toEqual(expected);
  });

  it('gives wider networks larger budgets', () => {
    for (const address of ['192.0.2.7', '2001:db8::1']) {
      const times = networkLevels(address).map((level) => level.times);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(new Set(times).size).toBe(times.length);
    }
  });
});
