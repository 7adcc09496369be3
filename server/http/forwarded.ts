import type { Context } from 'hono';

/** The request that a proxy asks about. */
export interface ForwardedRequest {
  readonly method: string;
  /** Its path, `null` where the proxy does not say. */
  readonly path: string | null;
  /** As a request of its own, with its headers and without its body. */
  readonly request: Request;
}

const token = /^[A-Za-z]{1,20}$/;

/** What one of several headers says; `false` where two of them differ, for then one is not the proxy's. */
function saidBy(c: Context, ...names: readonly string[]): string | null | false {
  const said = new Set(names.flatMap((name) => c.req.header(name) ?? []));
  return said.size > 1 ? false : ([...said][0] ?? null);
}

/** Whether a request of which only the headers are known may be more than a read. */
const mayWrite = (c: Context): boolean =>
  ['Origin', 'Content-Type', 'Transfer-Encoding'].some((name) => c.req.header(name) !== undefined) ||
  Number(c.req.header('Content-Length') ?? 0) !== 0;

/** The headers of the request. Proxies keep `Upgrade` to themselves, but the version of a socket is in each handshake. */
function headersOf(c: Context): Headers {
  const headers = new Headers(c.req.raw.headers);
  if (headers.has('Sec-WebSocket-Version')) headers.set('Upgrade', 'websocket');
  return headers;
}

/**
 * Reads which request a proxy asks about: `X-Forwarded-Method` and `X-Forwarded-Uri`, or `X-Original-Method` and
 * `X-Original-URI`. Without a method it is taken for a read, and only where nothing says that it is more.
 *
 * @returns `no_method` where it may be a write, and the method is not told; `malformed` where what is told cannot be.
 */
export function forwardedRequest(c: Context): ForwardedRequest | 'no_method' | 'malformed' {
  const method = saidBy(c, 'X-Forwarded-Method', 'X-Original-Method');
  const uri = saidBy(c, 'X-Forwarded-Uri', 'X-Original-URI');
  if (method === false || uri === false || (method !== null && !token.test(method))) return 'malformed';
  if (method === null && mayWrite(c)) return 'no_method';
  const own = new URL(c.req.url);
  const protocol = c.req.header('X-Forwarded-Proto') ?? own.protocol.slice(0, -1);
  const base = `${protocol}://${c.req.header('X-Forwarded-Host') ?? own.host}`;
  if (!/^https?:/.test(base) || !URL.canParse(base) || !URL.canParse(uri ?? '/', base)) return 'malformed';
  // A path that begins with two slashes has no host behind them, and whatever the address, the host is the proxy's.
  const { origin } = new URL(base);
  const said = new URL(uri?.startsWith('/') ? origin + uri : (uri ?? '/'), origin);
  const url = new URL(origin + said.pathname + said.search);
  try {
    const request = new Request(url, { method: method ?? 'GET', headers: headersOf(c) });
    return { method: request.method, path: uri === null ? null : url.pathname, request };
  } catch {
    // There are methods that no request may have.
    return 'malformed';
  }
}
