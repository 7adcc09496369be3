import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { seconds } from 'curfew/machines';
import { createCurfew, passwords, type SessionEnv } from 'curfew/server';
import { sqlite } from 'curfew/sqlite';

/** Two applications of one host name: nginx leaves `/letters` as it is, and takes `/notes` away. */
const applications = {
  letters: { pages: '/letters', basePath: '/letters/api' },
  notes: { pages: '', basePath: '/api' },
};
const name = process.argv[2] === 'notes' ? 'notes' : 'letters';
const { pages, basePath } = applications[name];

const idle = Number(process.env['IDLE_SECONDS'] ?? 900);
const curfew = await createCurfew({
  store: sqlite(`${name}.db`),
  secret: process.env['CURFEW_SECRET'] ?? '',
  policy: { idleTimeout: seconds(idle), warnBefore: seconds(idle / 3) },
  accounts: passwords({ register: true }),
  basePath,
  // A cookie each, for browsers keep them by host name, whatever the path.
  cookieName: name,
  // What browsers see.
  origins: [process.env['ORIGIN'] ?? 'http://localhost:8080'],
  trustedProxies: ['127.0.0.1'],
});

const app = new Hono<SessionEnv>();
app.use(`${basePath}/*`, curfew.protect());
app.route('/', curfew.routes);
app.get(`${basePath}/hello`, (c) => c.json({ hello: c.var.session.user, from: name }));
app.use(
  `${pages}/*`,
  serveStatic({ root: `dist/${name}`, rewriteRequestPath: (path) => path.slice(pages.length) || '/' }),
);

const port = Number(process.env['PORT'] ?? (name === 'notes' ? 3002 : 3001));
serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (address) => console.log(`http://127.0.0.1:${address.port}`));
