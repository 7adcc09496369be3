import type { Context, MiddlewareHandler } from 'hono';
import type { Instant } from '../../machines/index.ts';
import type { Tokens } from '../keys/sessionTokens.ts';
import type { SecurityLog } from '../store/securityLog.ts';
import type { Belief } from '../store/adapter.ts';
import type { KnownPerson } from './activeSession.ts';
import type { RequestCopies } from './judgeCopy.ts';
import type { SessionDependencies } from '../session/dependencies.ts';

/** What judging a request needs, beside the sessions themselves. */
export interface HttpDependencies extends SessionDependencies {
  readonly tokens: Tokens;
  /** What a user may do, in a word, as it is at this moment; `undefined` where nothing is said. */
  readonly roleOf: (user: string) => Promise<string | undefined>;
  readonly securityLog: SecurityLog;
  /** The origins browsers may come from; where there are none, the request's own. */
  readonly origins: readonly string[];
  /** The path beneath which Curfew's routes are, as the server sees it: `''` or one without a slash at its end. */
  readonly basePath: string;
  /** What cookies and files of this application are called. */
  readonly cookieName: string;
  /** The whole name of the session cookie. */
  readonly sessionCookie: string;
  /** Addresses and networks whose forwarded address is believed. */
  readonly trustedProxies: readonly string[];
  /** The address of the client of a request, or `null` where it is not known. */
  readonly addressOf: (c: Context) => string | null;
  /** Whether a request comes from a trusted proxy. */
  readonly isFromProxy: (c: Context) => boolean;
  /** Reads the name and the role of a user. */
  readonly personOf: (user: string) => Promise<KnownPerson>;
  /** What is known of sessions and users without reading it; `null` where no copies are kept. */
  readonly copies: RequestCopies | null;
  /** Whether what was read counts, asked when an answer leaves. Default it does. */
  readonly belief?: Belief;
  /** Counts the requests that come to the middleware or to the routes. Default nothing. */
  readonly countRequest?: MiddlewareHandler;
  /** Counts requests that a copy of the session let in, and those for which it was read. Default nothing. */
  readonly countCopy?: (isHit: boolean) => void;
  /** Calls back once at an instant or a little later. @returns how to forget it. */
  readonly wake: (at: Instant, call: () => void) => () => void;
}
