import type { Context } from 'hono';
import { presentedBy, type Credential, type PresentedDependencies } from './presented.ts';
import { problem } from './problem.ts';

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
  c.set('signer', claims.sub);
  const page = c.req.header('Session-Id');
  if (page !== undefined && page !== claims.sid) return problem(c, 'session_mismatch');
  return credential;
}
