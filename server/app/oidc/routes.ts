import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { z } from 'zod';
import { body, query } from '../../http/body.ts';
import { limitBody } from '../../http/limit.ts';
import { problem, statuses, type ProblemCode } from '../../http/problem.ts';
import { ownPage } from '../returnTo.ts';
import {
  begin,
  finish,
  prompt,
  sessionId,
  transport,
  type NotSignedIn,
  type OidcParts,
  type ProviderEnv,
  type Wanted,
} from './flow.ts';
import { landingPath } from './landing.ts';
import { ProviderUnavailable } from './provider.ts';

const asked = z.strictObject({
  /** A path of this application's pages. */
  returnTo: z
    .string()
    .max(2048)
    .default('/')
    .transform((text) => ownPage(text))
    .pipe(z.string('must be a path of this application')),
  /** The session that is to go on. */
  session: sessionId.optional(),
  remember: z.enum(['true', 'false']).default('false'),
  prompt,
  transport,
});

/** What a page posts: the query with which the provider sent the user there. */
const answered = z.strictObject({ answer: z.string().min(1).max(8192) });

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

const logRefusal = ({ write }: OidcParts, { code, reason }: NotSignedIn): void =>
  write({ msg: 'sign_in_refused', level: 'warn', by: 'oidc', code, reason });

/** Nobody is signed in; the page says why, and the log says more. */
function refuse(parts: OidcParts, c: Context, { returnTo }: Pick<Wanted, 'returnTo'>, why: NotSignedIn): Response {
  logRefusal(parts, why);
  return c.redirect(landingPath({ returnTo, problem: why.code }), 303);
}

/** Sends the user to the provider; where that cannot be used, to the page that tells it. */
async function go(parts: OidcParts, c: Context<ProviderEnv>, wanted: Wanted): Promise<Response> {
  const begun = await begin(parts, c, wanted);
  return begun.ok ? c.redirect(begun.url.href, 303) : refuse(parts, c, wanted, begun);
}

/** The provider has answered: the user is signed in, or told why not. */
async function comeBack(parts: OidcParts, c: Context<ProviderEnv>): Promise<Response> {
  const { wanted, outcome } = await finish(parts, c, new URL(c.req.url).search, 'cookie');
  const returnTo = wanted?.returnTo ?? '/';
  if (outcome.ok === false) return refuse(parts, c, { returnTo }, outcome);
  if (outcome.ok === 'again') return c.redirect(outcome.url.href, 303);
  return c.redirect(landingPath({ returnTo, problem: null }), 303);
}

const isProblem = (code: string): code is ProblemCode => Object.hasOwn(statuses, code);

/** A page posts what the provider has answered: the token is in the answer to that, and never in an address. */
async function takeAnswer(parts: OidcParts, c: Context<ProviderEnv>, answer: string): Promise<Response> {
  const { outcome } = await finish(parts, c, answer, 'bearer');
  c.header('Cache-Control', 'no-store');
  if (outcome.ok === 'again') return c.json({ again: outcome.url.href }, 200);
  if (outcome.ok) return c.json({ session: outcome.session, token: outcome.token }, 200);
  logRefusal(parts, outcome);
  return problem(c, isProblem(outcome.code) ? outcome.code : 'invalid_credentials');
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

/**
 * The end of a sign-in at the provider for pages that keep a token: the provider sends the user to a page of the front end,
 * which posts what it was answered.
 *
 * @see RFC 9700 §2.1, §4.3.1
 */
export const oidcSignInRoutes = (parts: OidcParts) =>
  new Hono<ProviderEnv>().post('/', refuseOtherSites, limitBody(), body(answered), needProvider(parts), (c) =>
    takeAnswer(parts, c, c.req.valid('json').answer),
  );
