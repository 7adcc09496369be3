import type { Context } from 'hono';
import {
  currentGeneration,
  tokenExpiresAt,
  viewOf,
  type Generation,
  type Instant,
  type SessionState,
  type SessionView,
} from '../../machines/index.ts';
import { setCredential, type Transport } from './cookie.ts';
import type { Stored } from '../store/eventLog.ts';
import type { HttpDependencies } from './dependencies.ts';
import { statusOf } from './status.ts';

/** The token of one generation; signing it twice gives the same text, so a lost answer can be given again. */
export const tokenOf = (
  { tokens }: Pick<HttpDependencies, 'tokens'>,
  id: string,
  { context }: SessionState,
  generation: Generation,
): Promise<string> =>
  tokens.sign({
    sid: id,
    sub: context.user,
    gen: generation.generation,
    iat: Math.floor(generation.issuedAt / 1000),
    exp: tokenExpiresAt(context, generation) / 1000,
  });

/** Hands out a session's credential; the cookie of a remembered one outlives the browser. */
export async function issueCredential(
  parts: Pick<HttpDependencies, 'tokens' | 'sessionCookie'>,
  c: Context,
  { id, state }: Pick<Stored, 'id' | 'state'>,
  transport: Transport,
  generation: Generation = currentGeneration(state.context),
): Promise<{ token?: string }> {
  const { remembered, policy } = state.context;
  const keep = remembered ? policy.absoluteTimeout + policy.restoreWindow : null;
  return setCredential(c, parts.sessionCookie, { token: await tokenOf(parts, id, state, generation), transport }, keep);
}

/** The view of a session, with the header that goes with it. */
export function answerSession(
  c: Context,
  { id, state }: Pick<Stored, 'id' | 'state'>,
  at: Instant,
): { session: SessionView } {
  c.header('Session-Status', statusOf(state, at));
  return { session: viewOf(id, state, at) };
}
