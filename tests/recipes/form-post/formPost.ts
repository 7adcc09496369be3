import { Hono, type Context } from 'hono';
import * as openid from 'openid-client';
import { registeredMethods } from 'curfew/machines';
import type { Curfew } from 'curfew/server';

const { OIDC_ISSUER = '', OIDC_CLIENT_ID = '', OIDC_CLIENT_SECRET = '', ORIGIN } = process.env;
const issuer = new URL(OIDC_ISSUER);
// Without TLS on this machine alone, as in tests.
const execute = issuer.hostname === '127.0.0.1' ? [openid.allowInsecureRequests] : [];
const provider = await openid.discovery(issuer, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, undefined, { execute });

const end = (c: Context, problem?: string) =>
  c.redirect(problem === undefined ? '/signed-in.html' : `/signed-in.html?problem=${problem}`, 303);
/** `ORIGIN` is what browsers see, behind a proxy. */
const callback = (c: Context) => new URL('/api/oidc/callback', ORIGIN ?? c.req.url);
const isText = (value: unknown) => typeof value === 'string';

/** Mounted before `protect`: here nobody is signed in yet. */
export function formPostRoutes(curfew: Curfew) {
  async function begin(c: Context, session: string | undefined, prompt: string | undefined) {
    const [nonce, verifier] = [openid.randomNonce(), openid.randomPKCECodeVerifier()];
    const begun = await curfew.beginHandOver(c, { keep: { session, prompt, nonce, verifier } });
    if (!begun.ok) return begun.response;
    const url = openid.buildAuthorizationUrl(provider, {
      redirect_uri: callback(c).href,
      response_mode: 'form_post',
      scope: 'openid profile',
      state: begun.state,
      nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(prompt !== undefined && { prompt }),
      // With `max_age` the provider has to say when the user last proved who they are.
      max_age: prompt === 'login' ? '0' : '2592000',
    });
    return c.redirect(url.href, 303);
  }

  return (
    new Hono()
      .get('/api/oidc/start', async (c) => {
        // Another site's page cannot begin a sign-in here, which would replace the session of this browser.
        if (c.req.header('Sec-Fetch-Site') === 'cross-site') return c.text('Please sign in from our own page.', 403);
        const session = c.req.query('session');
        return begin(c, session, session === undefined ? c.req.query('prompt') : 'login');
      })
      // The provider's page has the browser post here, without any cookie: who the browser is, the GET will see.
      .post('/api/oidc/callback', async (c) => {
        const handed = await curfew.handOver(c, { to: '/api/oidc/finish' });
        return handed.ok ? c.redirect(handed.location, 303) : end(c, 'not_signed_in');
      })
      .get('/api/oidc/finish', async (c) => {
        const taken = await curfew.takeOver(c);
        if (!taken.ok) return end(c, 'not_signed_in');
        const { session, prompt, nonce, verifier } = taken.kept;
        const answer = callback(c);
        answer.search = new URLSearchParams(taken.form).toString();
        const checks = { expectedState: taken.form['state'], expectedNonce: nonce, pkceCodeVerifier: verifier };
        const tokens = await openid.authorizationCodeGrant(provider, answer, checks).catch(() => null);
        const claims = tokens?.claims();
        if (!claims) return end(c, 'not_signed_in');
        const { iss, sub, auth_time, name } = claims;
        const amr = Array.isArray(claims['amr']) ? claims['amr'].filter(isText) : [];
        const signedIn = await curfew.signIn(c, {
          user: { id: `${iss}#${sub}`, ...(isText(name) && { name }) },
          method: amr.filter((each) => registeredMethods.includes(each)),
          amr,
          authenticatedAt: (auth_time ?? 0) * 1000,
          issuer: iss,
          session,
        });
        if (signedIn.ok) return end(c);
        // The provider has answered silently, and a lapsed session wants more.
        if (signedIn.code === 'stale_proof' && prompt !== 'login') return begin(c, session, 'login');
        return end(c, signedIn.code);
      })
  );
}
