import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { seconds } from 'curfew/machines';
import { createCurfew, type SessionEnv } from 'curfew/server';
import { sqlite } from 'curfew/sqlite';
import { formPostRoutes } from './formPost.ts';

const idle = Number(process.env['IDLE_SECONDS'] ?? 900);
const curfew = await createCurfew({
  store: sqlite('curfew.db'),
  secret: process.env['CURFEW_SECRET'] ?? '',
  policy: { idleTimeout: seconds(idle), warnBefore: seconds(idle / 3) },
  accounts: false,
  ways: () => [{ kind: 'sso', name: 'Example ID', url: '/api/oidc/start' }],
});

const app = new Hono<SessionEnv>();
app.route('/', formPostRoutes(curfew));
app.use('/api/*', curfew.protect());
app.route('/', curfew.routes);
app.use('*', serveStatic({ root: 'dist' }));

const port = Number(process.env['PORT'] ?? 3000);
serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (address) => console.log(`http://localhost:${address.port}`));
