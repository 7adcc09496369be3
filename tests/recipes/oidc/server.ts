import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono, type Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { seconds } from 'curfew/machines';
import { createCurfew, type SessionEnv } from 'curfew/server';
import { sqlite } from 'curfew/sqlite';
import { authorizationUrl, newPending, proofIn, verifyLogoutToken, type Pending } from './provider.ts';

const idle = Number(process.env['IDLE_SECONDS'] ?? 900);
const curfew = await createCurfew({
  store: sqlite('curfew.db'),
  secret: process.env['CURFEW_SECRET'] ?? '',
  policy: { idleTimeout: seconds(idle), warnBefore: seconds(idle / 3) },
  // Nobody has a password here.
  accounts: false,
  // What a locked screen offers: nobody is asked for a password that they do not have.
  ways: async () => [{ kind: 'sso', name: 'the provider', url: '/api/oidc/start' }],
});

const cookie = { prefix: 'host', path: '/', secure: true, httpOnly: true, sameSite: 'Lax', maxAge: 600 } as const;
/** What is under way, by a name that only the browser knows in which it was begun. Several servers would share a table. */
const pending = new Map<string, Pending>();

/** Taken once: what comes a second time, or from another browser, finds nothing. */
function takePending(c: Context): Pending | null {
  const name = getCookie(c, 'oidc', 'host') ?? '';
  const found = pending.get(name) ?? null;
  pending.delete(name);
  deleteCookie(c, 'oidc', cookie);
  return found;
}

const app = new Hono<SessionEnv>();
const callback = (c: Context) => `${new URL(c.req.url).origin}/api/oidc/callback`;

// Before `protect`: here nobody is signed in yet.
app.get('/api/oidc/start', async (c) => {
  const name = crypto.randomUUID();
  const begun = newPending(c.req.query('session') ?? null);
  pending.set(name, begun);
  setTimeout(() => pending.delete(name), cookie.maxAge * 1000).unref();
  setCookie(c, 'oidc', name, cookie);
  return c.redirect((await authorizationUrl(begun, callback(c))).href);
});

app.get('/api/oidc/callback', async (c) => {
  const begun = takePending(c);
  if (!begun) return c.redirect('/signed-in.html?problem=not_signed_in');
  const proof = await proofIn(new URL(c.req.url), begun).catch(() => null);
  if (!proof) return c.redirect('/signed-in.html?problem=not_signed_in');
  const signedIn = await curfew.signIn(c, { ...proof, session: begun.session ?? undefined });
  return c.redirect(signedIn.ok ? '/signed-in.html' : `/signed-in.html?problem=${signedIn.code}`);
});

// From the provider itself, no browser.
app.post('/api/oidc/back-channel-logout', async (c) => {
  const result = await curfew.backChannelLogout(c, { verify: verifyLogoutToken });
  return c.body(null, result.ok ? 200 : 400);
});

app.use('/api/*', curfew.protect());
app.route('/', curfew.routes);
app.get('/api/hello', (c) => c.json({ hello: c.var.session.user, name: c.var.session.name }));
app.use('*', serveStatic({ root: 'dist' }));

const port = Number(process.env['PORT'] ?? 3000);
serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (address) => console.log(`http://localhost:${address.port}`));
