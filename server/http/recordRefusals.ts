import type { Context, MiddlewareHandler } from 'hono';
import type { SecurityEventKind } from '../store/securityLog.ts';
import type { HttpDependencies } from './dependencies.ts';
import { JudgedSession } from './judgedSession.ts';
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
    session?: unknown;
  };
}

const kinds: Readonly<Partial<Record<ProblemCode, SecurityEventKind>>> = {
  invalid_token: 'token_refused',
  invalid_logout_token: 'logout_refused',
  invalid_hand_over: 'hand_over_refused',
  session_mismatch: 'session_mismatch',
  cross_site: 'cross_site_refused',
  username_taken: 'registration_refused',
  too_many_attempts: 'registration_throttled',
};

/** The user whose credential was verified: what has let a request in says it no other way. */
function signerOf(c: Context<RefusalEnv>): string | undefined {
  const session = c.get('session');
  return c.get('signer') ?? (JudgedSession.is(session) ? session.user : undefined);
}

/** Wrong passwords and missing rights are recorded where they are checked, not here. */
function kindOf(c: Context<RefusalEnv>, route: string): SecurityEventKind | undefined {
  const code = c.get('problem');
  if (code === undefined) return undefined;
  // What we have signed is no forgery, whatever has become of its session.
  if (code === 'invalid_token' && signerOf(c) !== undefined) return undefined;
  if (code === 'too_many_attempts' && !route.endsWith('/register')) return undefined;
  return kinds[code];
}

/** What recording needs. */
type RefusalDependencies = Pick<HttpDependencies, 'securityLog' | 'clock'>;

/**
 * Records an attempt to get around the controls in the security log, where the answer is a refusal of one. When that
 * cannot be written, the request fails.
 *
 * @see ASVS 5.0 16.3.1, 16.3.3, 16.5.3
 */
async function record(
  { securityLog, clock }: RefusalDependencies,
  c: Context<RefusalEnv>,
  addressOf: (c: Context) => string | null,
): Promise<void> {
  const route = patternOf(c);
  const kind = kindOf(c, route);
  if (kind === undefined) return;
  const [account, user, address] = [c.get('account'), signerOf(c), addressOf(c)];
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
}

/** The same as a function of whatever request. */
export const recordRefusal: (
  parts: RefusalDependencies,
  c: Context,
  addressOf: (c: Context) => string | null,
) => Promise<void> = record;

/** The same of every request, as middleware. */
export const recordRefusals =
  (parts: RefusalDependencies, addressOf: (c: Context) => string | null): MiddlewareHandler<RefusalEnv> =>
  async (c, next) => {
    await next();
    if (c.get('problem') !== undefined) await recordRefusal(parts, c, addressOf);
  };
