import { ReadableStream, TransformStream } from 'node:stream/web';
import { setInterval } from 'node:timers/promises';
import { serve, upgradeWebSocket } from '@hono/node-server';
import { Hono } from 'hono';
import { WebSocketServer } from 'ws';
import { seconds } from 'curfew/machines';
import { createCurfew, passwords, type SessionEnv } from 'curfew/server';
import { sqlite } from 'curfew/sqlite';

const idle = Number(process.env['IDLE_SECONDS'] ?? 900);
const curfew = await createCurfew({
  store: sqlite('curfew.db'),
  secret: process.env['CURFEW_SECRET'] ?? '',
  policy: { idleTimeout: seconds(idle), warnBefore: seconds(idle / 3) },
  accounts: passwords({ register: true }),
});

const app = new Hono<SessionEnv>();
app.use('/api/*', curfew.protect());
app.route('/', curfew.routes);

const files = new Map<string, ArrayBuffer>();

/** An upload takes its time: its session is judged when it begins, and once more before anything is stored. */
app.put('/api/files/:name', async (c) => {
  const content = await c.req.arrayBuffer();
  const refused = await c.var.session.check();
  if (refused) return refused;
  files.set(c.req.param('name'), content);
  return c.json({ size: content.byteLength }, 201);
});
app.get('/api/files', (c) => c.json({ files: [...files.keys()] }));

async function* lines() {
  let count = 0;
  for await (const _ of setInterval(50)) yield new TextEncoder().encode(`line ${(count += 1)}\n`);
}

/** A download without an end. It breaks off with its session, so that nobody takes it for the whole. */
app.get('/api/export', (c) => {
  const { signal } = c.var.session;
  const body = ReadableStream.from(lines()).pipeThrough(new TransformStream(), { signal });
  return new Response(body as BodyInit, { headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
});

/** A socket is judged when it is opened, by its origin, too, and closed with its session. */
app.get(
  '/api/live',
  upgradeWebSocket((c) => {
    const { user, signal } = c.var.session;
    return {
      onOpen(_, socket) {
        signal.addEventListener('abort', () => socket.close(4401, 'session over'), { once: true });
        if (signal.aborted) socket.close(4401, 'session over');
        else socket.send(`hello ${user}`);
      },
    };
  }),
);

const port = Number(process.env['PORT'] ?? 3000);
const websocket = { server: new WebSocketServer({ noServer: true }) };
serve({ fetch: app.fetch, port, hostname: '127.0.0.1', websocket }, (address) =>
  console.log(`http://localhost:${address.port}`),
);
