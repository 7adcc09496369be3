import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Hono, type Context } from 'hono';
import { createCurfew, passwords, type SessionEnv } from '../../../server/index.ts';
import { sqlite } from '../../../server/sqlite/index.ts';
import type { Carrier, Served, StartOptions } from '../peer.ts';
import { fillWithSessions } from '../scale/fill.ts';
import { cookiesOf, listen, measuredRoutes } from '../serving.ts';
import { secret } from '../secret.ts';

const headers = { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' };
// A sign-in is not measured.
const cost = { memory: 8, passes: 1, parallelism: 1 };

/** On a file, with its own users, and with all else as it is where nothing is said. */
export async function start({ variant, folder }: StartOptions): Promise<Served> {
  const file = join(folder, 'curfew.db');
  let ahead = 0;
  let signIns = 0;
  const registered = new Set<string>();
  const [, live, cache] = /^live-(\d+)(?:-(missing|off))?$/.exec(variant) ?? [];
  if (live !== undefined) {
    const filled = await sqlite(file).open({ clock: () => Date.now() });
    await fillWithSessions(filled.log, Number(live), Date.now());
    await filled.close();
  }
  const begin = performance.now();
  const curfew = await createCurfew({
    store: sqlite(file),
    secret,
    policy: variant === 'recorded' ? { activityResolution: 0 } : {},
    // So small that of a thousand sessions in turns none is still there when it is asked for again.
    ...(cache !== undefined && { sessionCache: cache === 'off' ? false : { bytes: 65_536 } }),
    accounts: passwords({ cost, register: true }),
    clock: () => Date.now() + ahead,
    // From one address not so many may register.
    address: () => `10.0.${signIns >> 8}.${signIns & 255}`,
  });
  const opening = performance.now() - begin;
  const app = new Hono();
  app.route(
    '/',
    measuredRoutes(curfew.protect(), (c: Context<SessionEnv>) => c.var.session.name ?? ''),
  );
  app.route('/', curfew.routes);
  const port = await listen(app);

  async function signIn(username: string, transport: Carrier): Promise<string> {
    signIns += 1;
    const body = JSON.stringify({ username, password: 'correct horse', transport });
    const path = registered.has(username) ? 'login' : 'register';
    registered.add(username);
    const answer = await fetch(`http://127.0.0.1:${port}/api/auth/${path}`, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(`A sign-in answered ${answer.status}: ${await answer.text()}`);
    return transport === 'cookie' ? cookiesOf(answer) : (await answer.json()).token;
  }

  const database = new DatabaseSync(file, { readOnly: true });
  const events = database.prepare('select count(*) as count from events');
  return {
    port,
    opening,
    signIn,
    writes: () => Number(events.get()?.['count']),
    advance: (ms) => (ahead += ms),
  };
}
