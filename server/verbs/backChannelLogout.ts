import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { limitBody } from '../http/limit.ts';
import { problem } from '../http/problem.ts';
import { endReference, type Ending } from '../session/endSession.ts';
import { revokeSessions } from '../session/revocation.ts';
import { checkArguments, type Rules } from './arguments.ts';
import { judgeCarrier, type Answered, type Carrier } from './carrier.ts';
import type { VerbDependencies } from './dependencies.ts';
import { readLogout, type Logout, type LogoutClaims } from './logoutToken.ts';
import type { RevokedSessions } from './revoke.ts';

/** How logout tokens are verified, and whom they mean. */
export interface BackChannelLogout {
  /**
   * Verifies the token as an ID token is: its signature with the keys of the provider, its issuer, and that it is meant
   * for this application. Returns its claims, and rejects when it does not hold.
   *
   * @see OpenID Connect Back-Channel Logout 1.0 §2.6
   */
  readonly verify: (token: string) => LogoutClaims | Promise<LogoutClaims>;
  /**
   * The id of the user that a token means which names no session, `null` when there is none. Default: such tokens are
   * refused.
   */
  readonly user?:
    ((claims: { readonly iss: string; readonly sub: string }) => string | null | Promise<string | null>) | undefined;
}

const rules: Rules<BackChannelLogout> = {
  verify: {
    isRight: (value) => typeof value === 'function',
    allowed: 'a function that verifies a token and returns its claims',
    isRequired: true,
  },
  user: { isRight: (value) => typeof value === 'function', allowed: 'a function that returns the id of a user' },
};

const keyOf = ({ issuer, jti }: Logout): string =>
  `logout ${createHash('sha256')
    .update(JSON.stringify([issuer, jti]))
    .digest('base64url')}`;

/** @returns how many sessions have ended, or one line that says why the token is refused. */
async function logOut(
  parts: VerbDependencies,
  { user }: BackChannelLogout,
  { issuer, sid, sub, expiresAt }: Logout,
): Promise<number | string> {
  const ending: Ending = { by: issuer, reason: 'logout at the provider' };
  if (sid !== null) return endReference(parts, { issuer, sid }, expiresAt, ending);
  if (!user) return 'it names no session, and nothing tells whom it means';
  const id = await user({ iss: issuer, sub: sub ?? '' });
  if (id === null) return 0;
  const revoked = await revokeSessions(parts, { user: id, ...ending });
  return revoked.ok ? revoked.ended.length : 0;
}

async function judge(parts: VerbDependencies, given: BackChannelLogout, token: string): Promise<number | string> {
  const now = parts.clock();
  const claims = await Promise.resolve(token)
    .then(given.verify)
    .catch((error: unknown) => `it does not hold: ${error instanceof Error ? error.message : String(error)}`);
  const logout = typeof claims === 'string' ? claims : readLogout(claims, now);
  if (typeof logout === 'string') return logout;
  const replayed = 'it was used before';
  if ((await parts.singleUse.read(keyOf(logout), now)) !== null) return replayed;
  const ended = await logOut(parts, given, logout);
  if (typeof ended === 'string') return ended;
  // Afterwards: a provider that gets no answer because we fail here asks again.
  return (await parts.singleUse.put(keyOf(logout), '', logout.expiresAt, now)) ? ended : replayed;
}

async function tokenIn(c: Context): Promise<string | null> {
  const type = c.req.header('Content-Type') ?? '';
  if (!/^application\/x-www-form-urlencoded(;|$)/i.test(type)) return null;
  return new URLSearchParams(await c.req.text()).get('logout_token');
}

/** Does what `Verbs.backChannelLogout` says. */
export function backChannelLogout(
  parts: VerbDependencies,
  carrier: Carrier,
  given: BackChannelLogout,
): Promise<Answered<RevokedSessions>> {
  checkArguments('backChannelLogout', given, rules);
  return judgeCarrier<RevokedSessions>(parts, 'backChannelLogout', carrier, async (c) => {
    c.header('Cache-Control', 'no-store');
    const tooLarge = await limitBody()(c, async () => {});
    if (tooLarge instanceof Response) return tooLarge;
    const token = await tokenIn(c);
    const ended = token === null ? 'there is none' : await judge(parts, given, token);
    if (typeof ended === 'number') return { ended };
    parts.write({ msg: 'warning', level: 'warn', warning: `a logout token was refused: ${ended}` });
    return problem(c, 'invalid_logout_token');
  });
}
