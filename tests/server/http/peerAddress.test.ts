import { expect, test } from 'vitest';
import { peerAddress } from '../../../server/http/peerAddress.ts';

const request = new Request('http://localhost/');

test.each([
  ['Hono’s adapter for Node', { incoming: { socket: { remoteAddress: '203.0.113.7' } } }, '203.0.113.7'],
  [
    'an IPv4 address on a socket of IPv6',
    { incoming: { socket: { remoteAddress: '::ffff:203.0.113.7' } } },
    '203.0.113.7',
  ],
  ['Node’s, handed on by a framework', { server: { incoming: { socket: { remoteAddress: '::1' } } } }, '::1'],
  ['a connection that is gone', { incoming: { socket: {} } }, null],
  ['Deno.serve', { remoteAddr: { transport: 'tcp', hostname: '203.0.113.7', port: 1 } }, '203.0.113.7'],
  ['Deno.serve on a Unix socket', { remoteAddr: { transport: 'unix', path: '/run/x' } }, null],
  [
    'Bun.serve',
    { requestIP: (asked: Request) => (asked === request ? { address: '203.0.113.7' } : null) },
    '203.0.113.7',
  ],
  ['Bun.serve for a request that is over', { requestIP: () => null }, null],
  ['bindings of another platform', { CURFEW_SECRET: 'x', requestIP: 'x' }, null],
  ['no platform', undefined, null],
])('%s tells who has opened the connection', (_, env: object | undefined, address) => {
  expect(peerAddress(env, request)).toBe(address);
});
