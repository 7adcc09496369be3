import type { Context } from 'hono';
import { readCredential, type Transport } from './cookie.ts';
import type { Claims } from '../keys/sessionTokens.ts';
import type { HttpDependencies } from './dependencies.ts';
import { problem } from './problem.ts';

/** A token whose signature has been verified; whether its session is live is another question. */
export interface Credential {
  readonly claims: Claims;
  readonly transport: Transport;
}

/**
 * Reads and verifies the credential of a request: the signature first, then whether the page and the credential name
 * the same session.
 *
 * @returns the credential, or the refusal to answer with.
 * @see ASVS 5.0 9.1.1
 */
export async function authenticate(
  parts: Pick<HttpDependencies, 'tokens'>,
  c: Context,
): Promise<Credential | Response> {
  const credential = readCredential(c);
  if (!credential) return problem(c, 'unauthenticated');
  const claims = await parts.tokens.verify(credential.token);
  if (!claims) return problem(c, 'invalid_token');
  c.set('signer', claims.sub);
  const page = c.req.header('Session-Id');
  if (page !== undefined && page !== claims.sid) return problem(c, 'session_mismatch');
  return { claims, transport: credential.transport };
}
