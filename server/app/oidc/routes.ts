import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { z } from 'zod';
import type { Instant } from '../../../machines/index.ts';
import type { Curfew } from '../../curfew.ts';
import { query } from '../../http/body.ts';
import { problem } from '../../http/problem.ts';
import type { LogLine } from '../../session/logLine.ts';
import type { BoundCeremonies } from '../ceremonies.ts';
import { ownPath } from '../returnTo.ts';
import type { Identities } from '../store/signIn.ts';
import { landingPath } from './landing.ts';
import { ProviderUnavailable, type OidcProvider } from './provider.ts';
import { signInBy } from './signIn.ts';

const id = z.string().regex(/^[\w-]{1,128}$/);

/** The user has said that they are another one than the provider knows. */
const prompt = z.literal('select_account').optional();

const asked = z.strictObject({
  /** A path of this application's pages. */
  returnTo: z
    .string()
    .max(2048)
    .default('/')
    .transform((text) => ownPath(text))
    .pipe(z.string('must be a path of this application')),
  /** The session that is to go on. */
  session: id.optional(),
  remember: z.enum(['true', 'false']).default('false'),
  prompt,
});

const underWay = z.object({
  nonce: z.string(),
  verifier: z.string(),
  returnTo: z.string(),
  session: id.optional(),
  remember: z.enum(['true', 'false']),
  /** The user was asked to prove anew who they are. */
  again: z.boolean(),
  prompt,
});

type UnderWay = z.infer<typeof underWay>;
/** What is wanted, before anything is under way. */
type Wanted = Omit<UnderWay, 'nonce' | 'verifier'>;

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
interface ProviderEnv {
  Variables: { provider: OidcProvider };
}

/** Another site's page cannot begin a sign-in here, which would replace the session of this browser. */
const refuseOtherSites: MiddlewareHandler = async (c, next) => {
  const site = c.req.header('Sec-Fetch-Site') ?? 'none';
  return site === 'same-origin' || site === 'none' ? next() : problem(c, 'cross_site');
};

const needProvider =
  ({ provider }: OidcParts): MiddlewareHandler<ProviderEnv> =>
  async (c, next) => {
    if (provider === null) return problem(c, 'not_found');
    c.set('provider', provider);
    return next();
  };

const callbackAt = (c: Context, { originOf }: OidcParts): URL => new URL('/api/oidc/callback', originOf(c));

/** Nobody is signed in; the page says why, and the log says more. */
function refuse(
  { write }: OidcParts,
  c: Context,
  { returnTo }: Pick<UnderWay, 'returnTo'>,
  { code, reason }: { readonly code: string; readonly reason: string },
): Response {
  write({ msg: 'sign_in_refused', level: 'warn', by: 'oidc', code, reason });
  return c.redirect(landingPath({ returnTo, problem: code }), 303);
}

/** Sends the user to the provider; where that cannot be used, to the page that tells it. */
async function go(parts: OidcParts, c: Context<ProviderEnv>, wanted: Wanted): Promise<Response> {
  const provider = c.get('provider');
  const challenge = provider.newChallenge();
  const { state, ...kept } = challenge;
  try {
    const asks = wanted.again ? 'login' : (wanted.prompt ?? null);
    const url = await provider.authorizationUrl(challenge, callbackAt(c, parts), asks);
    await parts.ceremonies.begin(c, 'oidc', state, { ...wanted, ...kept });
    return c.redirect(url.href, 303);
  } catch (error) {
    if (!(error instanceof ProviderUnavailable)) throw error;
    return refuse(parts, c, wanted, { code: 'unavailable', reason: error.message });
  }
}

/** The provider has answered: the user is signed in, or told why not. */
async function comeBack(parts: OidcParts, c: Context<ProviderEnv>): Promise<Response> {
  const state = c.req.query('state') ?? '';
  const wanted = await parts.ceremonies.take(c, 'oidc', state, underWay);
  if (!wanted)
    return refuse(parts, c, { returnTo: '/' }, { code: 'not_signed_in', reason: 'no such sign-in in this browser' });
  const answer = callbackAt(c, parts);
  answer.search = new URL(c.req.url).search;
  const proof = await c.get('provider').exchange(answer, { ...wanted, state });
  if (!proof.ok) return refuse(parts, c, wanted, proof);
  const signedIn = await signInBy(parts, c, proof, wanted);
  if (signedIn.ok) return c.redirect(landingPath({ returnTo: wanted.returnTo, problem: null }), 303);
  // Where the policy wants a young proof of everybody, the provider is asked for one.
  if (signedIn.code === 'stale_proof' && !wanted.again) return go(parts, c, { ...wanted, again: true });
  return refuse(parts, c, wanted, { code: signedIn.code, reason: 'the proof does not do' });
}

/** The provider says that a session of its own has ended. @see OpenID Connect Back-Channel Logout 1.0 §2.5–2.8 */
async function logOut({ curfew, identities, write }: OidcParts, c: Context<ProviderEnv>): Promise<Response> {
  const provider = c.get('provider');
  try {
    await provider.ready();
  } catch (error) {
    if (!(error instanceof ProviderUnavailable)) throw error;
    write({ msg: 'warning', level: 'warn', warning: error.message });
    return problem(c, 'unavailable', { headers: { 'Retry-After': '5' } });
  }
  const done = await curfew.backChannelLogout(c, {
    verify: (token) => provider.verifyLogoutToken(token),
    user: ({ iss, sub }) => identities.find({ issuer: iss, subject: sub }),
  });
  if (done.ok) return c.body(null, 200);
  return c.json({ error: done.status === 400 ? 'invalid_request' : 'server_error' }, done.status);
}

/**
 * Sign-in by OpenID Connect: the code flow with PKCE, and back-channel logout.
 *
 * @see OpenID Connect Core 1.0 §3.1, RFC 9700 §2.1, OpenID Connect Back-Channel Logout 1.0
 */
export function oidcRoutes(parts: OidcParts) {
  const provided = needProvider(parts);
  return new Hono<ProviderEnv>()
    .get('/start', refuseOtherSites, query(asked), provided, (c) => {
      const wanted = c.req.valid('query');
      // A user who resumes a session has to prove who they are, now. @see NIST SP 800-63B-4 §5.2
      return go(parts, c, { ...wanted, again: wanted.session !== undefined });
    })
    .get('/callback', provided, (c) => comeBack(parts, c))
    .post('/back-channel-logout', provided, (c) => logOut(parts, c));
}
