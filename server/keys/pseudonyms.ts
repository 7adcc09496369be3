import { createHmac, hkdfSync } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Pseudonyms } from '../store/securityLog.ts';
import { nameKey } from '../store/username.ts';

/** The part of an address that one subscriber cannot change at will. */
function network(address: string): string {
  const plain = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  if (!isIPv6(plain) || plain.includes('%')) return plain;
  // A URL writes every spelling of an IPv6 address in the one of RFC 5952.
  const [head = '', tail = ''] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::');
  const before = head.split(':').filter(Boolean);
  const after = tail.split(':').filter(Boolean);
  const between = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...between, ...after].slice(0, 4).join(':');
}

/** Pseudonyms under a key derived from the server's secret; with another secret they are others. */
export function pseudonyms(secret: string): Pseudonyms {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'curfew/pseudonyms', 32));
  const of = (...parts: readonly string[]) =>
    createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
  return {
    account: (username) => of('account', nameKey(username)),
    address: (address) => of('address', network(address)),
    pair: (username, address) => of('pair', nameKey(username), network(address)),
  };
}
