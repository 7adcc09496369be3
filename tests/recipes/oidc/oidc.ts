import { Hono, type Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import * as openid from 'openid-client';
import { registeredMethods } from 'curfew/machines';
import type { Curfew } from 'curfew/server';

const { OIDC_ISSUER = '', OIDC_CLIENT_ID = '', OIDC_CLIENT_SECRET = '', ORIGIN } = process.env;
const issuer = new URL(OIDC_ISSUER);
// Without TLS on this machine alone, as in tests.
const options = { execute: issuer.hostname === '127.0.0.1' ? [openid.allowInsecureRequests] : [] };

let known: Promise<openid.Configuration> | undefined;
/** Asks the provider who it is, and asks again after it could not answer. */
export const provider = () =>
  (known ??= openid
    .discovery(issuer, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, undefined, options)
    .catch((error: unknown) => {
      known = undefined;
      throw error;
    }));

/** What is asked of the provider. `prompt` is `login` for a proof of now, `select_account` for another user. */
interface Wanted {
  readonly session: string | undefined;
  readonly prompt: 'login' | 'select_account' | undefined;
}

/** By state and browser; on several nodes a table with `delete … returning`. */
const underWay = new Map<string, Wanted & { readonly nonce: string; readonly verifier: string }>();
const cookie = { prefix: 'host', path: '/', secure: true, httpOnly: true, sameSite: 'Lax', maxAge: 600 } as const;

const end = (c: Context, problem?: string) =>
  c.redirect(problem === undefined ? '/signed-in.html' : `/signed-in.html?problem=${problem}`, 303);
/** `ORIGIN` is what browsers see, behind a proxy. */
const callback = (c: Context) => new URL('/api/oidc/callback', ORIGIN ?? c.req.url);

async function begin(c: Context, wanted: Wanted) {
  const config = await provider().catch(() => null);
  if (!config) return end(c, 'unavailable');
  const { prompt } = wanted;
  const [state, nonce, verifier] = [openid.randomState(), openid.randomNonce(), openid.randomPKCECodeVerifier()];
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: callback(c).href,
    scope: 'openid profile',
    state,
    nonce,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...(prompt && { prompt }),
    // With `max_age` the provider has to say when the user last proved who they are.
    max_age: prompt === 'login' ? '0' : '2592000',
  });
  const browser = getCookie(c, 'oidc', 'host') ?? crypto.randomUUID();
  setCookie(c, 'oidc', browser, cookie);
  const key = `${state} ${browser}`;
  underWay.set(key, { ...wanted, nonce, verifier });
  setTimeout(() => underWay.delete(key), cookie.maxAge * 1000).unref();
  return c.redirect(url.href, 303);
}

const isText = (value: unknown) => typeof value === 'string';

/** Mounted before `protect`: here nobody is signed in yet. */
export const oidcRoutes = (curfew: Curfew) =>
  new Hono()
    .get('/api/oidc/start', async (c) => {
      // Another site's page cannot begin a sign-in here, which would replace the session of this browser.
      if (c.req.header('Sec-Fetch-Site') === 'cross-site') return c.text('Please sign in from our own page.', 403);
      // Both are added by `popup` and `redirect`. A session goes on only by a proof of now.
      const session = c.req.query('session');
      const isAnother = c.req.query('prompt') === 'select_account';
      return begin(c, { session, prompt: session !== undefined ? 'login' : isAnother ? 'select_account' : undefined });
    })
    .get('/api/oidc/callback', async (c) => {
      const state = c.req.query('state') ?? '';
      const key = `${state} ${getCookie(c, 'oidc', 'host')}`;
      const wanted = underWay.get(key);
      underWay.delete(key);
      if (!wanted) return end(c, 'not_signed_in');
      const answer = callback(c);
      answer.search = new URL(c.req.url).search;
      const checks = { expectedState: state, expectedNonce: wanted.nonce, pkceCodeVerifier: wanted.verifier };
      const tokens = await provider()
        .then((config) => openid.authorizationCodeGrant(config, answer, checks))
        .catch(() => null);
      const claims = tokens?.claims();
      if (!claims) return end(c, 'not_signed_in');
      const { iss, sub, auth_time, sid, name } = claims;
      const amr = Array.isArray(claims['amr']) ? claims['amr'].filter(isText) : [];
      const signedIn = await curfew.signIn(c, {
        // A `sub` is unique at its issuer only.
        user: { id: `${iss}#${sub}`, ...(isText(name) && { name }) },
        method: amr.filter((each) => registeredMethods.includes(each)),
        amr,
        // In seconds there. A provider that does not say it cannot bring anything back.
        authenticatedAt: (auth_time ?? 0) * 1000,
        issuer: iss,
        reference: isText(sid) ? { issuer: iss, sid } : undefined,
        session: wanted.session,
      });
      if (signedIn.ok) return end(c);
      // The provider has answered silently, and a lapsed session wants more: once again, and from here, for the start
      // refuses what another site has led to.
      if (signedIn.code === 'stale_proof' && wanted.prompt !== 'login')
        return begin(c, { session: wanted.session, prompt: 'login' });
      return end(c, signedIn.code);
    })
    // Where the browser goes after it has signed out here.
    .get('/api/oidc/end', async (c) => {
      const config = await provider().catch(() => null);
      const home = new URL('/', callback(c)).href;
      return c.redirect(
        config ? openid.buildEndSessionUrl(config, { post_logout_redirect_uri: home }).href : home,
        303,
      );
    });
