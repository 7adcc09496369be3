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
import type { Person } from '../accounts/accounts.ts';
import { handOut, type Transport } from '../credential/carrier.ts';
import type { Stored } from '../log/eventLog.ts';
import type { Parts } from '../parts.ts';
import { statusOf } from '../http/status.ts';

/** What is told of a person, whatever else the application's accounts return: id, name and role. */
export const personShown = ({ id, username, role }: Person): Person => ({ id, username, ...(role && { role }) });

/** The token of one generation; signing it twice gives the same text, so a lost answer can be given again. */
export const tokenOf = (
  { tokens }: Pick<Parts, 'tokens'>,
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
export async function credential(
  parts: Pick<Parts, 'tokens'>,
  c: Context,
  { id, state }: Pick<Stored, 'id' | 'state'>,
  transport: Transport,
  generation: Generation = currentGeneration(state.context),
): Promise<{ token?: string }> {
  const { remembered, policy } = state.context;
  const keep = remembered ? policy.absoluteTimeout + policy.restoreWindow : null;
  return handOut(c, { token: await tokenOf(parts, id, state, generation), transport }, keep);
}

/** The view of a session, with the header that goes with it. */
export function show(c: Context, { id, state }: Pick<Stored, 'id' | 'state'>, at: Instant): { session: SessionView } {
  c.header('Session-Status', statusOf(state, at));
  return { session: viewOf(id, state, at) };
}
