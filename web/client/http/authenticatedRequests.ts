import type { Reading, ServerClock } from '../device/clock.ts';
import { Refused } from './problem.ts';
import type { DeclareActivity, Declared, RequestOptions } from './requests.types.ts';
import type { TokenStore } from './tokens.ts';

/** What a request is signed and declared with. */
export interface SigningPorts {
  /** The server: an origin, a path that a proxy takes away, or both; empty for the page's own origin. */
  readonly baseUrl: string;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: ServerClock;
  readonly activity: { readonly declare: DeclareActivity };
  /** Where the bearer token is; `null` in cookie mode, where no script sees it. */
  readonly tokens: TokenStore | null;
  /** The session this tab is about. */
  readonly known: () => { readonly id: string; readonly version: number } | null;
}

/** A response, and what the request was sent with. */
export interface Sent {
  readonly response: Response;
  readonly token: string | null;
  /** Whose request it was. */
  readonly session: string | undefined;
  readonly sentAt: Reading;
}

/** The page's own address, where there is a page. */
export const here = (): string | undefined => globalThis.location?.href;

/** A request that can be made again, to be sent with another token. */
export interface Repeatable {
  readonly make: () => Request;
  /** Whether it goes to Curfew's server. */
  readonly isOurs: boolean;
}

/** The server's own address, as a page at `page` sees it. @throws `TypeError` where there is no page to begin from */
export const serverAt = (baseUrl: string, page: string | undefined): URL =>
  new URL(baseUrl === '' ? '/' : baseUrl, page);

/** Where a request goes; a path begins where the server does, below what a proxy takes away. */
export function addressOf(input: string | URL, base: URL): URL {
  const isPath = typeof input === 'string' && /^\/(?!\/)/.test(input);
  return new URL(isPath ? base.pathname.replace(/\/$/, '') + input : input, base);
}

/**
 * What `fetch` takes, as a request to Curfew's server or to another. The cookie goes along to a server of another origin,
 * too; a token needs none.
 */
export function requestTo(
  { baseUrl, tokens }: Pick<SigningPorts, 'baseUrl' | 'tokens'>,
  input: RequestInfo | URL,
  init: RequestOptions,
): Repeatable {
  const base = serverAt(baseUrl, here());
  const url = input instanceof Request ? new URL(input.url) : addressOf(input, base);
  const isOurs = url.origin === base.origin;
  const credentials = isOurs && tokens === null ? 'include' : 'same-origin';
  const options = { credentials, ...init } as const;
  if (!(input instanceof Request)) return { make: () => new Request(url, options), isOurs };
  return { make: () => new Request(input.clone(), isOurs && tokens === null ? options : init), isOurs };
}

/**
 * Sends one request, and declares the activity that was seen.
 *
 * @param speaks in whose name: of the session that this tab is about, of whichever the browser has, or of none
 * @throws `Refused` with `network` when the server could not be reached.
 */
export async function sendAuthenticated(
  ports: SigningPorts,
  make: () => Request,
  asked: Declared | undefined,
  speaks: 'session' | 'browser' | 'nobody' = 'session',
): Promise<Sent> {
  const { clock, activity, tokens } = ports;
  const request = make();
  const token = tokens?.read() ?? null;
  const session = speaks === 'session' ? ports.known() : null;
  const declaration = activity.declare(asked);
  if (token !== null && speaks !== 'nobody') request.headers.set('Authorization', `Bearer ${token}`);
  if (session) request.headers.set('Session-Id', session.id);
  request.headers.set('Session-Activity', declaration.header);
  const sentAt = clock.read();
  try {
    const response = await ports.fetch(request);
    if (response.ok) declaration.arrived();
    return { response, token, session: session?.id, sentAt };
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new Refused('network', clock.now());
  }
}
