import { trustedBy } from '../http/network.ts';
import type { Answer } from './ask.ts';
import { codeIn, get, type PublicServer } from './publicServer.ts';

/** Whom the server takes for the client. */
export interface ClientFacts {
  /** The address of this machine from which was asked. */
  readonly here: string;
  /** Whether that is the address of a trusted proxy. */
  readonly isHereTrusted: boolean;
  /** Whether the server trusts what it is asked by, `null` where it does not say. */
  readonly isFromProxy: boolean | null;
  /** Whether something shows that there is a proxy. */
  readonly isProxyShown: boolean;
  /** Whether `Session-Id` arrives at the server. */
  readonly isSessionIdSent: boolean;
  /** Whose address the server has seen, `null` where it has written none. */
  readonly seen: 'here' | 'proxy' | 'another' | null;
  /** Whether an address that the client made up was believed. */
  readonly isMadeUpBelieved: boolean;
}

/** Of nobody. @see RFC 5737 §3 */
const madeUp = '203.0.113.77';

/**
 * Names another session, which the server refuses and writes down with the address of the client: once as it is, and once
 * with an address that was made up.
 *
 * @param first what came back before
 */
export async function clientThrough(
  server: PublicServer,
  { from: here, headers }: Answer,
  bearer: Readonly<Record<string, string>>,
): Promise<ClientFacts> {
  const { session, trustedProxies, url } = server;
  const { names } = session;
  const isRefused = async (more: Readonly<Record<string, string>>) =>
    codeIn(await get(server, 'session-info', { ...bearer, ...more, 'Session-Id': 'another' })) === 'session_mismatch';
  const isSessionIdSent = (await isRefused({})) && (await isRefused({ 'X-Forwarded-For': madeUp }));
  const [honest, believed] = isSessionIdSent ? (await session.mismatchedFrom()).slice(-2) : [];
  const verified = await get(server, 'verify', bearer);
  const isSeen = (addresses: readonly string[]) => addresses.some((each) => names.address(each) === honest);
  const proxies = trustedProxies.filter((each) => !each.includes('/'));
  return {
    here,
    isHereTrusted: trustedBy(trustedProxies)(here),
    isFromProxy: verified.status === 204 ? true : codeIn(verified) === 'forbidden' ? false : null,
    isProxyShown: url.protocol === 'https:' || 'server' in headers || 'via' in headers,
    isSessionIdSent,
    seen: honest === undefined ? null : isSeen([here]) ? 'here' : isSeen(proxies) ? 'proxy' : 'another',
    isMadeUpBelieved: believed === names.address(madeUp),
  };
}
