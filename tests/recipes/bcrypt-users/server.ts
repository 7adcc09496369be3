import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { seconds } from 'curfew/machines';
import { createCurfew, type SessionEnv } from 'curfew/server';
import { sqlite } from 'curfew/sqlite';
import { accounts, addUser, idOf, setPassword } from './users.ts';

addUser('ada@example.com', 'correct horse battery', 'administrator');
addUser('charles@example.com', 'analytical engine', null);

const idle = Number(process.env['IDLE_SECONDS'] ?? 900);
const curfew = await createCurfew({
  store: sqlite(process.env['CURFEW_DATABASE'] ?? 'curfew.db'),
  secret: process.env['CURFEW_SECRET'] ?? '',
  policy: { idleTimeout: seconds(idle), warnBefore: seconds(idle / 3) },
  accounts,
});

const app = new Hono<SessionEnv>();
app.use('/api/*', curfew.protect());
app.route('/', curfew.routes);
app.get('/api/hello', (c) => c.json({ hello: c.var.session.user }));

/** What was sent by e-mail, and to whom. */
const links = new Map<string, string>();
app.post('/forgotten', async (c) => {
  const { email } = await c.req.json<{ email: string }>();
  const id = idOf(email);
  const token = crypto.randomUUID();
  if (id !== null) links.set(token, id);
  // In place of an e-mail.
  if (id !== null) console.log(`reset ${email} ${token}`);
  return c.body(null, 202);
});
app.post('/reset', async (c) => {
  const { token, password } = await c.req.json<{ token: string; password: string }>();
  const id = links.get(token);
  if (id === undefined) return c.body(null, 404);
  links.delete(token);
  setPassword(id, password);
  // After the password, so that nothing which the old one opens meanwhile stays open.
  await curfew.revoke({ user: id }, { reason: 'password reset by e-mail' });
  return c.body(null, 204);
});

const port = Number(process.env['PORT'] ?? 3000);
serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (address) => console.log(`http://localhost:${address.port}`));
