import type { Context } from 'hono';
import { registeredMethods } from '../../../machines/index.ts';
import type { OidcProof } from './claims.ts';
import type { OidcParts } from './flow.ts';

/** What the user wants to be signed in to. */
interface Wanted {
  readonly session?: string | undefined;
  readonly remember: 'true' | 'false';
  readonly transport: 'cookie' | 'bearer';
}

/**
 * Of a provider that does not say when the user has proved who they are: so long ago that it never counts as recent.
 */
const longAgo = 0;

/** The values that are registered, each once, of those in which a provider says how. @see RFC 8176 */
const registeredIn = (amr: readonly string[]): readonly string[] => [
  ...new Set(amr.filter((each) => registeredMethods.includes(each))),
];

const refused = (code: string) => ({ ok: false, code }) as const;

/**
 * Signs in the user whom the provider names. A user who comes for the first time is added, without a password; none is
 * added to resume a session, which has a user already.
 *
 * A provider that does not say when the user has proved who they are may have taken them from its own session: that is no
 * proof, and resumes nothing.
 */
export async function signInBy(
  { curfew, identities, clock, newId }: OidcParts,
  c: Context,
  { issuer, subject, name, authenticatedAt, amr, acr, sid }: OidcProof,
  { session, remember, transport }: Wanted,
) {
  if (session !== undefined && authenticatedAt === null) return refused('stale_proof');
  const identity = { issuer, subject };
  const user =
    session === undefined ? await identities.userOf(identity, newId(), clock()) : await identities.find(identity);
  if (user === null) return refused('session_mismatch');
  return curfew.signIn(c, {
    user: { id: user, name },
    method: registeredIn(amr ?? []),
    authenticatedAt: authenticatedAt ?? longAgo,
    issuer,
    remember: remember === 'true',
    transport,
    ...(amr && { amr }),
    ...(acr !== undefined && { acr }),
    ...(sid !== undefined && { reference: { issuer, sid } }),
    ...(session !== undefined && { session }),
  });
}
