import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';

/** The front end: files, and where its API is. It knows of no user. */
const app = new Hono();
app.get('/settings.json', (c) =>
  c.json({ baseUrl: process.env['API'] ?? 'http://localhost:3000', transport: process.env['TRANSPORT'] ?? 'cookie' }),
);
app.use('*', serveStatic({ root: 'dist' }));

const port = Number(process.env['PORT'] ?? 5173);
serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (address) => console.log(`http://localhost:${address.port}`));
