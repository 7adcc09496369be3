import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import { minutes } from '../../../machines/index.ts';
import { administer, emptyDatabase } from '../../support/postgres/fresh.ts';
import { environment, folder, Program, run, send, serve, stopped, tidy } from '../../support/server/child.ts';
import { kept, secret, tamper } from '../../support/server/keptAudit.ts';

afterAll(tidy);

type Env = Readonly<Record<string, string>>;

/** What `npm run audit` runs, with what it printed. */
async function audit(home: string, env: Env, ...args: readonly string[]) {
  const child = run(['server/cli/audit.ts', ...args], environment(home, env));
  const { code } = await child.gone;
  return { code, out: child.out(), err: child.err() };
}

/** What every file in a folder holds, but for the index of the write-ahead log that each connection shares. */
const files = (home: string) =>
  Object.fromEntries(
    readdirSync(home)
      .filter((name) => !name.endsWith('-shm'))
      .map((name) => [name, readFileSync(join(home, name)).toString('base64')])
      // One without anything in it is none.
      .filter(([, bytes]) => bytes !== ''),
  );

const databases: [string, () => Promise<{ env: Env; edit: (home: string, sql: string) => unknown }>][] = [
  ['SQLite', async () => ({ env: {}, edit: (home, sql) => tamper(join(home, 'curfew.db'), sql) })],
  [
    'PostgreSQL',
    async () => {
      const address = await emptyDatabase();
      const env = { CURFEW_DATABASE: address, CURFEW_SECRET: secret };
      return { env, edit: (_, sql) => administer(sql, address) };
    },
  ],
];

describe.each(databases)('npm run audit on %s', { timeout: minutes(3) }, (_, made) => {
  test('ASVS 16.4.2 verifies beside a running server, names what was tampered with, and says so by its exit code', async () => {
    const { env, edit } = await made();
    const home = folder();
    const server = await serve(home, env);
    const [ada, bob] = [new Program(server), new Program(server)];
    await ada.enter('register', 'ada');
    await bob.enter('register', 'bob');
    await bob.call('POST', '/api/auth/logout');

    const file = join(home, 'checkpoint.ndjson');
    expect(await audit(home, env, 'checkpoint', '--out', file)).toEqual({ code: 0, out: '', err: '' });
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(3);
    await ada.call('POST', '/api/auth/refresh', { intent: 'extend' });
    const whole = await audit(home, env, 'verify', '--checkpoint', file);
    expect(whole).toEqual({ code: 0, err: '', out: '2 sessions, 5 entries, 0 purged: nothing is wrong\n' });

    await edit(home, `update events set at = at + 1 where stream = '${bob.id}' and version = 2`);
    const found = await audit(home, env, 'verify');
    expect(found.code).toBe(1);
    expect(found.out).toMatch(new RegExp(`^entry_edited session ${bob.id} entry 2: .*\n.* 1 thing is wrong\n$`));
    await stopped(server);
  });

  test('ASVS 16.4.2 verifies against what a server has signed by itself', async () => {
    const { env, edit } = await made();
    const home = folder();
    const checkpoints = join(home, 'elsewhere', 'checkpoints');
    // The shorter the limits, the more often it sweeps.
    const often = { CURFEW_IDLE_TIMEOUT: '10s', CURFEW_WARN_BEFORE: '5s', CURFEW_CHECKPOINTS: checkpoints };
    const first = await serve(home, env);
    const ada = new Program(first);
    await ada.enter('register', 'ada');
    await stopped(first);

    const server = await serve(home, { ...env, ...often });
    const { file } = JSON.parse(await server.line(/"msg":"checkpoint"/));
    await stopped(server);
    expect(readdirSync(checkpoints)).toEqual([file]);
    const whole = await audit(home, env, 'verify', '--checkpoint', checkpoints);
    expect(whole).toEqual({ code: 0, err: '', out: '1 sessions, 1 entries, 0 purged: nothing is wrong\n' });
    for (const each of ['events where stream', 'devices where stream', 'sessions where id'])
      await edit(home, `delete from ${each} = '${ada.id}'`);
    const found = await audit(home, env, 'verify', '--checkpoint', checkpoints);
    expect(found.code).toBe(1);
    expect(found.out).toMatch(new RegExp(`^stream_deleted session ${ada.id} entry 1: .*\n.* 1 thing is wrong\n$`));
  });
});

describe('npm run audit', { timeout: minutes(3) }, () => {
  test('ASVS 16.3.3 exports what was tried to get around the controls, as the vocabulary calls it', async () => {
    const home = folder();
    const server = await serve(home);
    await new Program(server).enter('register', 'ada');
    await new Program(server).enter('register', 'ada');
    const headers = { Authorization: 'Bearer forged', 'Sec-Fetch-Site': 'same-origin' };
    await send(server.url, { method: 'GET', path: '/api/drafts/resignation', headers });
    await send(server.url, { method: 'POST', path: '/api/auth/logout', headers: { 'Sec-Fetch-Site': 'cross-site' } });
    const { out, code } = await audit(home, {}, 'export');
    expect(code).toBe(0);
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(
      lines.filter(({ kind }) => kind !== undefined).map(({ kind, level, detail }) => [kind, level, detail]),
    ).toEqual([
      ['registration_refused', 'WARN', { route: '/api/auth/register' }],
      ['token_refused', 'WARN', { route: '/api/drafts/:key' }],
      ['cross_site_refused', 'CRITICAL', { route: '/api/auth/logout' }],
    ]);
    expect(out).not.toMatch(/forged|resignation|127\.0\.0\.1/);
  });
  test('makes no database where there is none', async () => {
    const home = folder();
    const err = `curfew: there is no database ${join(home, 'curfew.db')}\n`;
    expect(await audit(home, {}, 'verify')).toEqual({ code: 2, out: '', err });
    expect(readdirSync(home)).toEqual([]);
  });

  test('makes no secret where there is none, and asks for it where it has to read what was signed', async () => {
    const home = folder();
    await kept(join(home, 'curfew.db'));
    const before = files(home);
    const err = 'curfew: there is no secret beside the database: set CURFEW_SECRET\n';
    for (const command of [['verify'], ['checkpoint'], ['keys'], ['export', '--format', 'caep']])
      expect(await audit(home, {}, ...command)).toEqual({ code: 2, out: '', err });
    const whole = { code: 0, err: '', out: '4 sessions, 16 entries, 0 purged: nothing is wrong\n' };
    expect(await audit(home, { CURFEW_SECRET: secret }, 'verify')).toEqual(whole);
    expect((await audit(home, {}, 'export')).out.trimEnd().split('\n')).toHaveLength(16);
    expect(files(home)).toEqual(before);

    const elsewhere = join(folder(), 'keys.json');
    expect((await audit(home, { CURFEW_SECRET: secret }, 'keys', '--out', elsewhere)).code).toBe(0);
    expect(await audit(home, {}, 'verify', '--keys', elsewhere)).toEqual(whole);
    expect(files(home)).toEqual(before);
  });

  test('leaves what a killed server has left as it is, to the last byte', async () => {
    const home = folder();
    const server = await serve(home);
    await new Program(server).enter('register');
    server.kill('SIGKILL');
    await server.gone;
    const before = files(home);
    expect(Object.keys(before)).toEqual(['curfew.db', 'curfew.db-wal', 'curfew.secret']);
    const whole = { code: 0, err: '', out: '1 sessions, 1 entries, 0 purged: nothing is wrong\n' };
    expect(await audit(home, {}, 'verify')).toEqual(whole);
    expect(files(home)).toEqual(before);
  });

  test('leaves an older schema to the server', async () => {
    const home = folder();
    const path = await kept(join(home, 'curfew.db'));
    const database = new DatabaseSync(path);
    database.exec('pragma user_version = 2');
    database.close();
    const before = files(home);
    const { code, err } = await audit(home, { CURFEW_SECRET: secret }, 'verify');
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringMatching(/^curfew: the database .* has schema 2, .*\n$/),
    });
    expect(files(home)).toEqual(before);
  });
});
