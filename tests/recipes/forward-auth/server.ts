import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { seconds } from 'curfew/machines';
import { createCurfew, passwords, type SessionEnv } from 'curfew/server';
import { sqlite } from 'curfew/sqlite';

const idle = Number(process.env['IDLE_SECONDS'] ?? 900);
const curfew = await createCurfew({
  store: sqlite('curfew.db'),
  secret: process.env['CURFEW_SECRET'] ?? '',
  policy: { idleTimeout: seconds(idle), warnBefore: seconds(idle / 3) },
  accounts: passwords({ register: true }),
  origins: [process.env['ORIGIN'] ?? 'http://localhost:8080'],
  // Only nginx may ask whether a request may pass.
  trustedProxies: ['127.0.0.1'],
});

const app = new Hono<SessionEnv>();
app.use('/api/*', curfew.protect());
app.route('/', curfew.routes);
app.use('/sign-in/*', serveStatic({ root: 'dist', rewriteRequestPath: (path) => path.slice('/sign-in'.length) }));

const port = Number(process.env['PORT'] ?? 3001);
serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (address) => console.log(`http://127.0.0.1:${address.port}`));
