import type { Context, MiddlewareHandler } from 'hono';
import type { SecurityEventKind } from '../store/securityLog.ts';
import type { HttpDependencies } from './dependencies.ts';
import type { ProblemCode } from './problem.ts';
import { patternOf } from './route.ts';

/** What a refused request leaves for its entry in the security log. */
export interface RefusalEnv {
  Variables: {
    /** The code of its last problem. */
    problem?: ProblemCode;
    /** The id of the user in the credential, once its signature was verified. */
    signer?: string;
    /** The name that was to be registered. */
    account?: string;
  };
}

const kinds: Readonly<Partial<Record<ProblemCode, SecurityEventKind>>> = {
  invalid_token: 'token_refused',
  invalid_logout_token: 'logout_refused',
  session_mismatch: 'session_mismatch',
  cross_site: 'cross_site_refused',
  username_taken: 'registration_refused',
  too_many_attempts: 'registration_throttled',
};

/** Wrong passwords and missing rights are recorded where they are checked, not here. */
function kindOf(c: Context<RefusalEnv>, route: string): SecurityEventKind | undefined {
  const code = c.get('problem');
  if (code === undefined) return undefined;
  // What we have signed is no forgery, whatever has become of its session.
  if (code === 'invalid_token' && c.get('signer') !== undefined) return undefined;
  if (code === 'too_many_attempts' && !route.endsWith('/register')) return undefined;
  return kinds[code];
}

/**
 * Records attempts to get around the controls in the security log. When that cannot be written, the request fails.
 *
 * @see ASVS 5.0 16.3.1, 16.3.3, 16.5.3
 */
export const recordRefusals =
  (
    { securityLog, clock }: Pick<HttpDependencies, 'securityLog' | 'clock'>,
    addressOf: (c: Context) => string | null,
  ): MiddlewareHandler<RefusalEnv> =>
  async (c, next) => {
    await next();
    const route = patternOf(c);
    const kind = kindOf(c, route);
    if (kind === undefined) return;
    const [account, user, address] = [c.get('account'), c.get('signer'), addressOf(c)];
    const answer = c.res;
    // Nothing of it, its headers neither, is left for the answer to a failure.
    c.res = undefined;
    await securityLog.record({
      at: clock(),
      kind,
      ...(account !== undefined && { account }),
      ...(user !== undefined && { user }),
      ...(address !== null && { address }),
      detail: { route },
    });
    c.res = answer;
  };
