import type { Context } from 'hono';
import { z } from 'zod';
import type { Instant } from '../../../machines/index.ts';
import type { Curfew } from '../../curfew.ts';
import type { LogLine } from '../../session/logLine.ts';
import type { BoundCeremonies } from '../ceremonies.ts';
import type { Identities } from '../store/signIn.ts';
import { landingPage } from './landing.ts';
import { ProviderUnavailable, type OidcProvider } from './provider.ts';
import { signInBy } from './signIn.ts';

/** What sign-in by OpenID Connect needs. */
export interface OidcParts {
  /** `null` where no provider signs users in: there is nothing here then. */
  readonly provider: OidcProvider | null;
  readonly ceremonies: BoundCeremonies;
  readonly identities: Identities;
  readonly curfew: Pick<Curfew, 'signIn' | 'backChannelLogout'>;
  readonly clock: () => Instant;
  readonly newId: () => string;
  readonly write: (line: LogLine) => void;
  /** At which origin browsers see the application. */
  readonly originOf: (c: Context) => string;
}

/** What a route knows of the provider. */
export interface ProviderEnv {
  Variables: { provider: OidcProvider };
}

export const sessionId = z.string().regex(/^[\w-]{1,128}$/);

/** The user has said that they are another one than the provider knows. */
export const prompt = z.literal('select_account').optional();

/** How the credential travels: by a cookie that the callback sets, or by a token that a page of the front end keeps. */
export const transport = z.enum(['cookie', 'bearer']).default('cookie');

const underWay = z.object({
  nonce: z.string(),
  verifier: z.string(),
  returnTo: z.string(),
  session: sessionId.optional(),
  remember: z.enum(['true', 'false']),
  /** The user was asked to prove anew who they are. */
  again: z.boolean(),
  prompt,
  transport,
});

type UnderWay = z.infer<typeof underWay>;
/** What is wanted, before anything is under way. */
export type Wanted = Omit<UnderWay, 'nonce' | 'verifier'>;

/** Why nobody was signed in: a problem's code, and more for the log. */
export interface NotSignedIn {
  readonly ok: false;
  readonly code: string;
  readonly reason: string;
}

const refused = (code: string, reason: string): NotSignedIn => ({ ok: false, code, reason });

/** Where the provider sends the user to: a route that sets a cookie, or the page that keeps a token. */
const redirectUri = (c: Context, { originOf }: OidcParts, { transport: by }: Pick<Wanted, 'transport'>): URL =>
  new URL(by === 'bearer' ? landingPage : '/api/oidc/callback', originOf(c));

/** Begins a sign-in. @returns where the user goes to, at the provider */
export async function begin(
  parts: OidcParts,
  c: Context<ProviderEnv>,
  wanted: Wanted,
): Promise<{ readonly ok: true; readonly url: URL } | NotSignedIn> {
  const provider = c.get('provider');
  const challenge = provider.newChallenge();
  const { state, ...kept } = challenge;
  try {
    const asks = wanted.again ? 'login' : (wanted.prompt ?? null);
    const url = await provider.authorizationUrl(challenge, redirectUri(c, parts, wanted), asks);
    await parts.ceremonies.begin(c, 'oidc', state, { ...wanted, ...kept });
    return { ok: true, url };
  } catch (error) {
    if (!(error instanceof ProviderUnavailable)) throw error;
    return refused('unavailable', error.message);
  }
}

/** What became of a sign-in: a session, another question at the provider, or nothing. */
export type Outcome =
  | Extract<Awaited<ReturnType<typeof signInBy>>, { ok: true }>
  | { readonly ok: 'again'; readonly url: URL }
  | NotSignedIn;

async function outcomeOf(
  parts: OidcParts,
  c: Context<ProviderEnv>,
  answer: string,
  wanted: UnderWay & { readonly state: string },
): Promise<Outcome> {
  const address = redirectUri(c, parts, wanted);
  address.search = answer;
  const proof = await c.get('provider').exchange(address, wanted);
  if (!proof.ok) return proof;
  const signedIn = await signInBy(parts, c, proof, wanted);
  if (signedIn.ok) return signedIn;
  if (signedIn.code !== 'stale_proof' || wanted.again) return refused(signedIn.code, 'the proof does not do');
  // Where the policy wants a young proof of everybody, the provider is asked for one.
  const begun = await begin(parts, c, { ...wanted, again: true });
  return begun.ok ? { ...begun, ok: 'again' } : begun;
}

/**
 * Takes what the provider has answered, once, in the browser and in the way in which the sign-in was begun.
 *
 * @param answer the query with which it sent the user back
 * @returns what became of it, and what was wanted; `wanted` is `null` where nothing was under way
 * @see RFC 9700 §4.7.1
 */
export async function finish(
  parts: OidcParts,
  c: Context<ProviderEnv>,
  answer: string,
  by: Wanted['transport'],
): Promise<{ readonly wanted: Wanted | null; readonly outcome: Outcome }> {
  const state = new URLSearchParams(answer).get('state') ?? '';
  const wanted = await parts.ceremonies.take(c, 'oidc', state, underWay);
  if (wanted?.transport !== by)
    return { wanted: null, outcome: refused('not_signed_in', 'no such sign-in in this browser') };
  return { wanted, outcome: await outcomeOf(parts, c, answer, { ...wanted, state }) };
}
