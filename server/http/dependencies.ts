import type { Instant } from '../../machines/index.ts';
import type { Tokens } from '../keys/sessionTokens.ts';
import type { SecurityLog } from '../store/securityLog.ts';
import type { SessionDependencies } from '../session/dependencies.ts';

/** What judging a request needs, beside the sessions themselves. */
export interface HttpDependencies extends SessionDependencies {
  readonly tokens: Tokens;
  /** What a user may do, in a word, as it is at this moment; `undefined` where nothing is said. */
  readonly roleOf: (user: string) => Promise<string | undefined>;
  readonly securityLog: SecurityLog;
  /** The one origin browsers may come from; `null` takes the request's own. */
  readonly origin: string | null;
  /** Addresses and networks whose forwarded address is believed. */
  readonly trustedProxies: readonly string[];
  /** Calls back once at an instant or a little later. @returns how to forget it. */
  readonly wake: (at: Instant, call: () => void) => () => void;
}
