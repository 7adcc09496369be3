import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { seconds } from 'curfew/machines';
import { createCurfew, type SessionEnv } from 'curfew/server';
import { sqlite } from 'curfew/sqlite';
import { createAuth } from './auth.ts';

const idle = Number(process.env['IDLE_SECONDS'] ?? 900);
const secret = process.env['CURFEW_SECRET'] ?? '';
const curfew = await createCurfew({
  store: sqlite('curfew.db'),
  secret,
  policy: { idleTimeout: seconds(idle), warnBefore: seconds(idle / 3) },
  // Passwords are better-auth's.
  accounts: false,
});

const port = Number(process.env['PORT'] ?? 3000);
const auth = await createAuth({ curfew, secret, baseURL: `http://localhost:${port}` });

const app = new Hono<SessionEnv>();
app.on(['GET', 'POST'], '/identity/*', (c) => auth.handler(c.req.raw));
app.use('/api/*', curfew.protect());
app.route('/', curfew.routes);
app.get('/api/hello', (c) => c.json({ hello: c.var.session.user }));
app.use('*', serveStatic({ root: 'dist' }));

serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, () => console.log(`http://localhost:${port}`));
