import { lookup } from 'node:dns';
import { request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/**
 * Posts to an address that a person entered. Returns the status, or the error. Follows no redirects. The IP address is
 * checked when the connection is made, so a name can't resolve to another network after the check (DNS rebinding).
 */
export function postOutside(
  url: string,
  headers: Record<string, string>,
  body: string,
  mayBePrivate: boolean,
): Promise<string> {
  return new Promise((resolve) => {
    const { protocol, hostname } = new URL(url);
    const host = hostname.replace(/^\[|\]$/g, '');
    if (!mayBePrivate && isIP(host) && isPrivate(host)) {
      resolve('private network');
      return;
    }
    const send = protocol === 'https:' ? secure : plain;
    const request = send(url, {
      method: 'POST',
      headers: { ...headers, 'Content-Length': Buffer.byteLength(body) },
      // A new connection each time: a kept one would be used without the check.
      agent: false,
      ...(!mayBePrivate && { lookup: publicOnly }),
    });
    const late = setTimeout(() => request.destroy(new Error('timeout')), longestMs);
    request.once('response', (response) => {
      resolve(String(response.statusCode));
      // Only the status counts, so the body is not read.
      response.destroy();
    });
    request.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    request.once('close', () => {
      clearTimeout(late);
      resolve('closed');
    });
    request.end(body);
  });
}

/** From the lookup of the name to the status. */
const longestMs = 10_000;

const publicOnly: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const found = addresses?.find(({ address }) => !isPrivate(address));
    if (error || !found) {
      const refused = Object.assign(new Error('private network'), { code: 'EPRIVATE' });
      callback(error ?? refused, '', 0);
      return;
    }
    if (options.all) callback(null, [found]);
    else callback(null, found.address, found.family);
  });
};

function isPrivate(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const plainAddress = mapped ?? address;
  return privateNetworks.check(plainAddress, isIP(plainAddress) === 6 ? 'ipv6' : 'ipv4');
}

const privateNetworks = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  privateNetworks.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  // Tunnels, which may lead to any IPv4 address.
  ['2001::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  privateNetworks.addSubnet(network, prefix, 'ipv6');
}
