import { Hono } from 'hono';
import { seconds } from 'curfew/machines';
import { createCurfew, passwords, type SessionEnv } from 'curfew/server';
import { sqlite } from 'curfew/sqlite';

async function start() {
  const idle = Number(process.env['IDLE_SECONDS'] ?? 900);
  const curfew = await createCurfew({
    store: sqlite('curfew.db'),
    secret: process.env['CURFEW_SECRET'] ?? '',
    policy: { idleTimeout: seconds(idle), warnBefore: seconds(idle / 3) },
    accounts: passwords({ register: true }),
  });
  const api = new Hono<SessionEnv>();
  api.use('/api/*', curfew.protect());
  api.route('/', curfew.routes);
  api.get('/api/hello', (c) => c.json({ hello: c.var.session.user }));
  return { curfew, api };
}

const kept: { application?: ReturnType<typeof start> } = globalThis as object;

/** One for the process, made with the first request: `next build` loads this file, too, and needs no database. */
export const application = () => (kept.application ??= start());
