import { BlockList, isIPv6 } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');

function trusted(proxies: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const proxy of proxies) {
    const [network = '', bits] = proxy.split('/');
    if (bits === undefined) list.addAddress(network, familyOf(network));
    else list.addSubnet(network, Number(bits), familyOf(network));
  }
  return (address) => list.check(address, familyOf(address));
}

const peerOf = (c: Context): string | null => {
  try {
    return getConnInfo(c).remote.address?.replace(/^::ffff:/, '') ?? null;
  } catch {
    return null;
  }
};

/**
 * Where a request comes from: the peer, or what trusted proxies say of it, read from the right so that nobody can put
 * an address of their own in front.
 *
 * @returns `unknown` where there is no connection to ask, as in a test without a socket.
 */
export function addressReader(proxies: readonly string[]): (c: Context) => string {
  const isTrusted = trusted(proxies);
  return (c) => {
    const peer = peerOf(c);
    if (peer === null) return 'unknown';
    const hops = [
      ...(c.req.header('X-Forwarded-For') ?? '')
        .split(',')
        .map((hop) => hop.trim())
        .filter(Boolean),
      peer,
    ];
    return hops.reverse().find((hop) => !isTrusted(hop)) ?? peer;
  };
}
