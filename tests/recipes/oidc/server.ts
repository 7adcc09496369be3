import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { seconds } from 'curfew/machines';
import { createCurfew, type SessionEnv } from 'curfew/server';
import { sqlite } from 'curfew/sqlite';
import { logoutRoutes } from './logout.ts';
import { oidcRoutes } from './oidc.ts';

const idle = Number(process.env['IDLE_SECONDS'] ?? 900);
const curfew = await createCurfew({
  store: sqlite('curfew.db'),
  secret: process.env['CURFEW_SECRET'] ?? '',
  policy: { idleTimeout: seconds(idle), warnBefore: seconds(idle / 3) },
  // Nobody has a password here.
  accounts: false,
  // What a locked screen offers: nobody is asked for a password that they do not have.
  ways: () => [{ kind: 'sso', name: 'Example ID', url: '/api/oidc/start' }],
});

const app = new Hono<SessionEnv>();
app.route('/', oidcRoutes(curfew));
app.route('/', logoutRoutes(curfew));
app.use('/api/*', curfew.protect());
app.route('/', curfew.routes);
app.get('/api/hello', (c) => c.json({ hello: c.var.session.user, name: c.var.session.name }));
app.use('*', serveStatic({ root: 'dist' }));

const port = Number(process.env['PORT'] ?? 3000);
serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (address) => console.log(`http://localhost:${address.port}`));
