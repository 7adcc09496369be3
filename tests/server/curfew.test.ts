import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import {
  createCurfew,
  InvalidOption,
  passwords,
  type CurfewOptions,
  type LogLine,
  type SessionEnv,
} from '../../server/index.ts';
import { memory } from '../../server/memory/index.ts';
import { openPostgres, postgres } from '../../server/postgres/index.ts';
import { openDatabase, sqlite } from '../../server/sqlite/index.ts';
import { administer, freshDatabase } from '../support/postgres/fresh.ts';
import { folder } from '../support/server/folder.ts';
import { Client, cost, secret, t0 } from '../support/server/world.ts';

/** An application with one route of its own. */
async function application(options: Partial<CurfewOptions> = {}) {
  const lines: LogLine[] = [];
  const heard = new Set<(line: LogLine) => void>();
  const curfew = await createCurfew({
    store: memory(),
    secret,
    accounts: passwords({ cost, register: true }),
    write(line) {
      lines.push(line);
      for (const each of heard) each(line);
    },
    ...options,
  });
  onTestFinished(() => curfew.close());
  const app = new Hono<SessionEnv>();
  app.use('/api/*', curfew.protect());
  app.route('/', curfew.routes);
  app.get('/api/hello', (c) => c.json({ hello: c.get('session').user }));
  /** Resolves with the next line of the log that is meant. */
  const line = (isMeant: (line: LogLine) => boolean) =>
    new Promise<LogLine>((resolve) => {
      const hear = (each: LogLine) => {
        if (!isMeant(each)) return;
        heard.delete(hear);
        resolve(each);
      };
      heard.add(hear);
    });
  return { curfew, app, lines, line, client: () => new Client(app, 'bearer') };
}

const kinds: [string, () => Promise<CurfewOptions['store']>][] = [
  ['memory', async () => memory()],
  ['SQLite', async () => sqlite(join(folder(), 'deep', 'curfew.db'))],
  ['PostgreSQL', async () => postgres(await freshDatabase())],
];

describe.each(kinds)('one call on %s', (_, store) => {
  it('is all that stands before an application’s own routes', async () => {
    const { client, curfew } = await application({ store: await store() });
    const ada = client();
    expect((await ada.get('/api/hello')).status).toBe(401);
    expect((await ada.register()).status).toBe(201);
    expect((await ada.get('/api/hello')).body).toEqual({ hello: ada.user?.id });
    expect(await curfew.whyNotReady()).toBeNull();
    expect((await ada.post('/api/auth/logout')).status).toBe(204);
    expect((await ada.get('/api/hello')).body).toMatchObject({ code: 'session_ended', reason: 'signed_out' });
  });
});

describe('by itself it', () => {
  it('sweeps: a session that nobody asks about gets its lapse written', async () => {
    let now = t0;
    const { client, line } = await application({
      clock: () => now,
      policy: { idleTimeout: seconds(5), warnBefore: seconds(1) },
    });
    await client().register();
    now += minutes(1);
    expect(await line(({ to }) => to === 'lapsed.idle')).toMatchObject({ at: t0 + seconds(5) });
  });

  it('goes on when a sweep fails: with the file locked it says so, and sweeps when it is not', async () => {
    let now = t0;
    const path = join(folder(), 'curfew.db');
    const { client, line } = await application({
      store: sqlite(path),
      clock: () => now,
      policy: { idleTimeout: seconds(5), warnBefore: seconds(1) },
    });
    await client().register();
    const other = new DatabaseSync(path);
    other.exec('begin immediate');
    now += minutes(1);
    expect(await line(({ msg }) => msg === 'failure')).toMatchObject({ code: 'unavailable' });
    other.exec('rollback');
    expect(await line(({ to }) => to === 'lapsed.idle')).toMatchObject({ at: t0 + seconds(5) });
    other.close();
  });

  it('says what is allowed and yet worth a line', async () => {
    const { lines } = await application({ policy: { warnBefore: seconds(10) } });
    expect(lines).toEqual([
      { msg: 'warning', level: 'warn', warning: 'a warning of 10000 ms is shorter than the 20 s of WCAG 2.2.1' },
    ]);
  });

  it('says that durations are in ms, where one of less than 10 s looks like seconds', async () => {
    const { lines } = await application({ policy: { idleTimeout: 40, warnBefore: 30 } });
    expect(lines).toContainEqual({
      msg: 'warning',
      level: 'warn',
      warning: 'policy.idleTimeout is 40; durations are in ms: seconds(40)?',
    });
    const { lines: none } = await application({ policy: { idleTimeout: seconds(10), warnBefore: seconds(9) } });
    expect(JSON.stringify(none)).not.toContain('durations are in ms');
  });

  it('says when its clock is not that of the database', async () => {
    const { lines, curfew } = await application({
      store: postgres(await freshDatabase()),
      clock: () => Date.now() + minutes(1),
    });
    expect(lines).toMatchObject([
      { msg: 'warning', warning: expect.stringContaining('the clock of this node is') },
      { msg: 'warning', warning: expect.stringContaining('no standby is synchronous') },
    ]);
    expect(await curfew.whyNotReady()).toContain('the clock of this node is');
  });
});

describe('a secret', () => {
  it('may come from a function, which is asked once', async () => {
    let asked = 0;
    const { client } = await application({
      async secret() {
        asked += 1;
        return secret;
      },
    });
    expect((await client().register()).status).toBe(201);
    expect(asked).toBe(1);
  });

  it('that opens no key of before names previousSecrets, and the store is closed again', async () => {
    const path = join(folder(), 'curfew.db');
    const { client, curfew } = await application({ store: sqlite(path) });
    await client().register();
    await curfew.close();
    const next = 'another secret of at least thirty-two bytes';
    const refused = await createCurfew({ store: sqlite(path), secret: next }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InvalidOption);
    expect(refused).toMatchObject({ option: 'previousSecrets' });
    expect(existsSync(`${path}-wal`)).toBe(false);
    const { client: again } = await application({ store: sqlite(path), secret: next, previousSecrets: [secret] });
    expect((await again().login()).status).toBe(200);
  });
});

describe('own accounts', () => {
  it('are asked for names, ids and passwords, and nobody can register', async () => {
    const people = [{ id: 'u1', username: 'ada' }];
    const asked: (string | null)[] = [];
    const { client } = await application({
      accounts: passwords({
        find: async (username) => people.find((each) => each.username === username) ?? null,
        byId: async (id) => people.find((each) => each.id === id) ?? null,
        async verify(id, password) {
          asked.push(id);
          return id === 'u1' && password === 'correct horse';
        },
      }),
    });
    const ada = client();
    expect((await ada.login()).status).toBe(200);
    expect((await ada.get('/api/hello')).body).toEqual({ hello: 'u1' });
    expect((await client().login('bob')).body).toMatchObject({ code: 'invalid_credentials' });
    expect(asked).toEqual(['u1', null]);
    expect((await client().register('cleo')).status).toBe(404);
  });
});

describe('closing', () => {
  it('ends open streams, and closes the file that it has opened', async () => {
    const path = join(folder(), 'curfew.db');
    const { app, client, curfew } = await application({ store: sqlite(path) });
    const ada = client();
    await ada.register();
    const { body } = await app.request('/api/auth/stream', { headers: ada.headers });
    const reader = body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('event: session');
    await curfew.close();
    while (!(await reader?.read())?.done);
    expect(existsSync(`${path}-wal`)).toBe(false);
    expect((await ada.get('/api/hello')).body).toMatchObject({ status: 503, code: 'unavailable' });
    await curfew.close();
  });

  it('waits for the requests that it has let through', async () => {
    const { app, client, curfew } = await application({ store: sqlite(join(folder(), 'curfew.db')) });
    const [entered, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    app.get('/api/slow', async (c) => {
      entered.resolve();
      await gate.promise;
      return c.json({ ready: await curfew.whyNotReady() });
    });
    const ada = client();
    await ada.register();
    const answer = ada.get('/api/slow');
    await entered.promise;
    let isClosed = false;
    const closing = curfew.close().then(() => (isClosed = true));
    await new Promise(setImmediate);
    expect(isClosed).toBe(false);
    gate.resolve();
    expect((await answer).body).toEqual({ ready: null });
    await closing;
  });

  it('waits for the server to have taken its last request', async () => {
    const { client, curfew } = await application({ store: sqlite(join(folder(), 'curfew.db')) });
    const ada = client();
    await ada.register();
    const drained = Promise.withResolvers<void>();
    const closing = curfew.close(drained.promise);
    expect((await ada.get('/api/hello')).status).toBe(200);
    drained.resolve();
    await closing;
    expect((await ada.get('/api/hello')).status).toBe(503);
  });

  it('leaves open what was given open', async () => {
    const database = openDatabase(':memory:');
    const { client, curfew } = await application({ store: sqlite(database) });
    await client().register();
    await curfew.close();
    expect(database.prepare('select count(*) as n from users').get()).toEqual({ n: 1 });

    const elephant = await openPostgres(await freshDatabase());
    const other = await application({ store: postgres(elephant) });
    const ada = other.client();
    await ada.register();
    const stream = ada.get('/api/auth/stream');
    await other.curfew.close();
    await stream;
    expect((await elephant.query('select count(*)::integer as n from users')).rows).toEqual([{ n: 1 }]);
    const listening = "select 1 from pg_stat_activity where application_name = 'curfew channel'";
    const own = `${listening} and datname = current_database()`;
    while ((await administer(own, elephant.address)).length > 0);
    await elephant.close();
  });

  it('is not needed by a process that has nothing else to do: it ends by itself', () => {
    const door = (name: string) => JSON.stringify(new URL(`../../server/${name}`, import.meta.url));
    const program = `
      import { createCurfew } from ${door('index.ts')};
      import { memory } from ${door('memory/index.ts')};
      await createCurfew({ store: memory(), secret: ${JSON.stringify(secret)} });`;
    const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program]);
    expect([status, String(stdout)]).toEqual([0, '']);
  });
});
