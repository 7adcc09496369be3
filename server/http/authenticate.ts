import type { Context } from 'hono';
import { credentialAtOnce, isUpgrade, presentedBy, type Credential, type PresentedDependencies } from './presented.ts';
import { problem } from './problem.ts';

/** Notes who has signed in with the credential of a request: for its entry in the security log. */
export const noteSigner = (c: Context, { claims }: Credential): void => c.set('signer', claims.sub);

/**
 * Reads and verifies the credential of a request, then asks whether the page and the credential name the same session.
 *
 * @returns the credential, or the refusal to answer with.
 * @see ASVS 5.0 9.1.1
 */
export async function authenticate(parts: PresentedDependencies, c: Context): Promise<Credential | Response> {
  const { credential, isForged } = await presentedBy(parts, c);
  if (!credential) return problem(c, isForged ? 'invalid_token' : 'unauthenticated');
  const { claims } = credential;
  noteSigner(c, credential);
  const page = c.req.header('Session-Id');
  if (page !== undefined && page !== claims.sid) return problem(c, 'session_mismatch');
  return credential;
}

/**
 * The same of a token whose signature was verified before, without waiting.
 *
 * @returns `null` where there is more to be done, a refusal included, and where a ticket may stand for the token: then ask
 * `authenticate`.
 */
export function authenticateAtOnce(parts: PresentedDependencies, c: Context): Credential | null {
  const credential = isUpgrade(c) ? null : credentialAtOnce(parts, c);
  if (!credential) return null;
  const page = c.req.header('Session-Id');
  return page === undefined || page === credential.claims.sid ? credential : null;
}
