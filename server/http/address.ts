import { isIP } from 'node:net';
import type { Context } from 'hono';
import { trustedBy } from './network.ts';
import { peerAddress } from './peerAddress.ts';

const peerOf = (c: Context): string | null => peerAddress(c.env, c.req.raw);

/** A hop without the port that some proxies add. @returns `null` for what is no address, such as `unknown`. */
function addressIn(hop: string): string | null {
  const [, bracketed] = /^\[(.+)\](?::\d+)?$/.exec(hop) ?? [];
  const plain = (bracketed ?? hop.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')).replace(/^::ffff:(?=\d+\.)/i, '');
  return isIP(plain) === 0 || plain.includes('%') ? null : plain;
}

/** Tells where requests come from. */
export interface AddressReader {
  /**
   * The address of the client: the peer, or the address that trusted proxies forward, read from the right so that a
   * client cannot put an address of its own in front. Where a proxy names no address, the proxy itself stands for it.
   *
   * @returns `null` where there is no connection to ask, and nothing else says it.
   */
  readonly addressOf: (c: Context) => string | null;
  /** Whether a request comes from a trusted proxy, whatever it forwards. */
  readonly isFromProxy: (c: Context) => boolean;
}

/**
 * @param proxies addresses and networks whose `X-Forwarded-For` is believed
 * @param known asked for the address of the client where there is no connection to ask, as behind some adapters; what is
 * no address counts as not known. Default not known.
 */
export function addressReader(
  proxies: readonly string[],
  known: (c: Context) => string | null = () => null,
): AddressReader {
  const isTrusted = trustedBy(proxies);
  return {
    addressOf(c) {
      const peer = peerOf(c);
      if (peer === null) return addressIn(known(c) ?? '');
      const said = (c.req.header('X-Forwarded-For') ?? '').split(',').map((hop) => addressIn(hop.trim()));
      let from = peer;
      for (const hop of said.toReversed()) {
        if (hop === null || !isTrusted(from)) break;
        from = hop;
      }
      return from;
    },
    isFromProxy(c) {
      const peer = peerOf(c) ?? addressIn(known(c) ?? '');
      return peer !== null && isTrusted(peer);
    },
  };
}
