import { z } from 'zod';
import { seconds, type Instant } from '../../../machines/index.ts';
import type { Identity } from '../store/signIn.ts';

/** What a provider says of a user and of how they have proved who they are. */
export interface OidcProof extends Identity {
  readonly name: string;
  /** When they last proved it, `null` when the provider does not say so. */
  readonly authenticatedAt: Instant | null;
  /** How, in the provider's own words. */
  readonly amr?: readonly string[];
  readonly acr?: string;
  /** The provider's session. */
  readonly sid?: string;
}

const optionalText = z.string().min(1).max(1024).optional().catch(undefined);

/** The members of an ID token that count here; its signature, issuer, audience, nonce and times were verified before. */
const idToken = z.object({
  iss: z.string(),
  sub: z.string().min(1).max(255),
  // Nobody has proved anything before 1973: in other units than seconds it would be believed nothing.
  auth_time: z.number().min(1e8).max(1e11).optional().catch(undefined),
  amr: z.array(z.string().max(100)).max(20).optional().catch(undefined),
  acr: optionalText,
  sid: optionalText,
  name: optionalText,
  preferred_username: optionalText,
  email: optionalText,
});

const longestName = 100;

/** As it may be shown: no control characters, not longer than a name of ours. */
const shown = (name: string): string => name.replaceAll(/\p{C}/gu, '').trim().slice(0, longestName).trim();

/** What is shown of a user of whom the provider says no name. */
const nameless = 'User';

/**
 * Reads a verified ID token.
 *
 * @returns `null` when it names no user
 * @see OpenID Connect Core 1.0 §2
 */
export function proofOf(claims: unknown): OidcProof | null {
  const read = idToken.safeParse(claims);
  if (!read.success) return null;
  const { iss, sub, auth_time: authTime, amr, acr, sid, ...names } = read.data;
  const given = [names.name, names.preferred_username, names.email].map((name) => shown(name ?? ''));
  return {
    issuer: iss,
    subject: sub,
    name: given.find((name) => name !== '') ?? nameless,
    authenticatedAt: authTime === undefined ? null : seconds(authTime),
    ...(amr && { amr }),
    ...(acr !== undefined && { acr }),
    ...(sid !== undefined && { sid }),
  };
}

const logoutToken = z.object({
  iss: z.string(),
  sub: z.string().optional(),
  sid: z.string().optional(),
  jti: z.string(),
  iat: z.number(),
  exp: z.number(),
  events: z.record(z.string(), z.unknown()),
  nonce: z.unknown().optional(),
});

/** What a logout token says. Times are in seconds, as they stand in it. */
export type LogoutClaims = z.infer<typeof logoutToken>;

/**
 * Reads a logout token whose signature, issuer, audience, type and times were verified. What it means is judged by Curfew.
 *
 * @throws TypeError with one line, when its claims are of another shape
 */
export function logoutClaimsOf(claims: unknown): LogoutClaims {
  const read = logoutToken.safeParse(claims);
  if (read.success) return read.data;
  throw new TypeError(`its claims are not those of a logout token: ${read.error.issues[0]?.path.join('.')}`);
}
