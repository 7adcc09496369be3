import { z } from 'zod';
import { seconds, type Instant } from '../../machines/index.ts';

/** What a logout token says, its signature, issuer and audience verified by the application; instants in seconds. */
export interface LogoutClaims {
  /** The provider. */
  readonly iss: string;
  /** The session at the provider; without it `sub`. */
  readonly sid?: string | undefined;
  /** The user at the provider. */
  readonly sub?: string | undefined;
  /** The id of the token: each is taken once. */
  readonly jti: string;
  /** When it was made. */
  readonly iat: number;
  /** Until when it holds. */
  readonly exp: number;
  /** Has the member `http://schemas.openid.net/event/backchannel-logout`. */
  readonly events: Readonly<Record<string, unknown>>;
  /** Must not be there: it would be an ID token. */
  readonly nonce?: unknown;
}

const event = 'http://schemas.openid.net/event/backchannel-logout';

/** How far the clock of a provider may be from ours. */
const tolerance = seconds(60);

const name = z.string().min(1).max(2_000);

const claims = z.object({
  iss: name,
  sid: name.optional(),
  sub: name.optional(),
  jti: name,
  iat: z.number(),
  exp: z.number(),
  events: z.object({ [event]: z.record(z.string(), z.unknown()) }),
  // It would be an ID token.
  nonce: z.undefined().optional(),
});

/** A logout token that holds; instants in epoch ms. */
export interface Logout {
  readonly issuer: string;
  readonly sid: string | null;
  readonly sub: string | null;
  readonly jti: string;
  readonly expiresAt: Instant;
}

/**
 * Judges the claims of a logout token.
 *
 * @returns what it says, or one line that says what is wrong with it.
 * @see OpenID Connect Back-Channel Logout 1.0 §2.4, §2.6
 */
export function readLogout(given: unknown, now: Instant): Logout | string {
  const read = claims.safeParse(given);
  if (!read.success) return `its claims are not those of a logout token: ${read.error.issues[0]?.path.join('.')}`;
  const { iss, sid, sub, jti, iat, exp } = read.data;
  if (sid === undefined && sub === undefined) return 'it names neither a session nor a user';
  if (exp * 1000 <= now) return 'it has expired';
  if (iat * 1000 > now + tolerance) return 'it was issued in the future';
  return { issuer: iss, sid: sid ?? null, sub: sub ?? null, jti, expiresAt: exp * 1000 };
}
