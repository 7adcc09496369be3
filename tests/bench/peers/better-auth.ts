import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { createMiddleware } from 'hono/factory';
import type { Served, StartOptions } from '../peer.ts';
import { serveHono, type UserEnv } from '../serving.ts';
import { secret } from '../secret.ts';

/** @see https://better-auth.com/docs/integrations/hono and https://better-auth.com/docs/concepts/session-management */
export async function start({ variant, folder }: StartOptions): Promise<Served> {
  const database = new DatabaseSync(join(folder, 'auth.db'));
  database.exec('pragma journal_mode = wal');
  const auth = betterAuth({
    database,
    baseURL: 'http://localhost:3000',
    secret,
    telemetry: { enabled: false },
    // A sign-in is not measured.
    emailAndPassword: { enabled: true, password: { hash: async (each) => each, verify: async () => true } },
    session: { cookieCache: { enabled: variant === 'cache', maxAge: 5 * 60 } },
  });
  await (await getMigrations(auth.options)).runMigrations();
  const session = createMiddleware<UserEnv>(async (c, next) => {
    const found = await auth.api.getSession({ headers: c.req.raw.headers });
    if (!found) return c.json({ error: 'unauthorized' }, 401);
    c.set('user', found.user.name);
    return next();
  });
  const served = await serveHono(session, (name) =>
    auth.api.signUpEmail({
      body: { name, email: `${name}@example.com`, password: 'correct horse' },
      asResponse: true,
    }),
  );
  const changes = database.prepare('select total_changes() as count');
  return { ...served, writes: () => Number(changes.get()?.['count']) };
}
