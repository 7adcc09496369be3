import { serve } from '@hono/node-server';
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
  // Exactly these, ports included. Pages of any other origin are refused.
  origins: (process.env['ORIGINS'] ?? 'http://localhost:5173').split(','),
});

const app = new Hono<SessionEnv>();
app.use('/api/*', curfew.protect());
app.route('/', curfew.routes);
app.get('/api/hello', (c) => c.json({ hello: c.var.session.user }));

const port = Number(process.env['PORT'] ?? 3000);
serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (address) => console.log(`http://localhost:${address.port}`));
