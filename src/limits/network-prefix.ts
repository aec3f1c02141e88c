import { isIPv6 } from 'node:net';

/** The network of a client: /24 of IPv4, /64 of IPv6. One household or one server can use all of its addresses. */
export function networkPrefix(address: string): string {
  const { version, parts } = partsOf(address);
  if (version === 4) return `${parts.slice(0, 3).join('.')}.0/24`;
  return `${parts.slice(0, 4).join(':')}::/64`;
}

/** A network that an address belongs to, and how many times the budget of the narrowest one it has. */
export interface NetworkLevel {
  network: string;
  times: number;
}

/**
 * The networks of an address, from narrow to wide. A rented server comes with a whole /64, /56 or /48 of IPv6, so the wider
 * networks have limits too. They grow slowly: a /48 is one customer of a provider, or a few hundred households.
 */
export function networkLevels(address: string): NetworkLevel[] {
  const { version, parts } = partsOf(address);
  if (version === 4) {
    return [
      { network: `${parts.join('.')}/32`, times: 1 },
      { network: `${parts.slice(0, 3).join('.')}.0/24`, times: 2 },
      { network: `${parts.slice(0, 2).join('.')}.0.0/16`, times: 8 },
    ];
  }
  const site = parts.slice(0, 3);
  const block = Number.parseInt(parts[3] ?? '0', 16) & 0xff00;
  return [
    { network: `${[...site, parts[3]].join(':')}::/64`, times: 1 },
    { network: `${[...site, block.toString(16)].join(':')}::/56`, times: 1.2 },
    { network: `${site.join(':')}::/48`, times: 1.6 },
  ];
}

/** The parts are the same for every spelling of an address; IPv4 written as IPv6 is IPv4. */
function partsOf(address: string): { version: 4 | 6; parts: string[] } {
  const plain = address.replace(/%.*$/, '');
  if (!isIPv6(plain)) return { version: 4, parts: plain.split('.') };
  const groups = expand(new URL(`http://[${plain}]/`).hostname.slice(1, -1));
  const mapped = groups.slice(0, 5).every((group) => group === '0') && groups[5] === 'ffff';
  if (!mapped) return { version: 6, parts: groups };
  const bytes = groups.slice(6).flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
  return { version: 4, parts: bytes.map(String) };
}

function expand(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  if (tail === undefined) return left;
  const right = tail === '' ? [] : tail.split(':');
  return [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
}
