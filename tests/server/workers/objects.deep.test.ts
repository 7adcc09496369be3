import { describe, expect, test, vi } from 'vitest';
import {
  bundleApplication,
  editDirectory,
  editUsers,
  rowsOfDirectory,
  rowsOfUsers,
  secret,
} from '../../support/workers/application.ts';
import { applications, tokenOf, type Application } from '../../support/workers/clients.ts';
import { faulty } from '../../support/workers/contract.ts';

const made = applications();
const patience = { timeout: 50_000, interval: 100 };

const ada = { username: 'ada', password: 'pässwörter für alle', transport: 'bearer' };
const codeOf = async (answer: Response) => [answer.status, (await answer.json()).code];
const seen = async ({ ask }: Application, token: string) => {
  const answer = await ask('api/auth/me', { token, headers: { 'Session-Activity': 'background' } });
  const { code, reason } = await answer.json();
  return answer.ok ? 'live' : [answer.status, code, reason];
};
const variables = { CURFEW_SECRET: secret, OPTIONS: '{"writes":true}' };

describe('one line and 503, and nothing is lost, where', () => {
  test('the classes were migrated without SQLite', async () => {
    const { folder } = await made.fresh();
    const one = await made.start(folder, {}, { keepsSqlite: false, variables });
    expect(await codeOf(await one.ask('api/auth/register', { json: ada }))).toEqual([503, 'unavailable']);
    await vi.waitFor(() => expect(one.output()).toContain('list their classes under new_sqlite_classes'), patience);
  });

  test('the bindings are the wrong way round', async () => {
    const { folder } = await made.fresh();
    const objects = { CURFEW_USERS: 'CurfewDirectory', CURFEW_DIRECTORY: 'User' };
    const one = await made.start(folder, {}, { objects, variables });
    expect(await codeOf(await one.ask('api/auth/login', { json: ada }))).toEqual([503, 'unavailable']);
    expect(await codeOf(await one.ask('api/hello'))).toEqual([503, 'unavailable']);
    await vi.waitFor(() => expect(one.output().match(/"msg":"unavailable"/g)).toHaveLength(2), patience);
  });

  test('a newer version has written the directory: who is signed in goes on', async () => {
    const first = await made.fresh();
    await tokenOf(first, 'register', 'ada');
    const token = await tokenOf(first, 'login', 'ada');
    await first.kill();
    editDirectory(first.folder, 'update curfew_schema set version = 99');
    const one = await made.start(first.folder, {}, { variables });
    expect(await seen(one, token)).toBe('live');
    expect(await codeOf(await one.ask('api/auth/login', { json: ada }))).toEqual([503, 'unavailable']);
    await vi.waitFor(() => expect(one.output()).toContain('was written by a newer version (schema 99'), patience);
  });

  test('the object of a user is away, and that of another is not', async () => {
    const first = await made.fresh();
    const token = await tokenOf(first, 'register', 'ada');
    await first.kill();
    const away = faulty('server/workers/openUser.ts', {
      from: '  const database = lazyDatabaseOf(ctx.storage);',
      to: `  const database = lazyDatabaseOf(ctx.storage);
  if (database.prepare("select 1 from users where username = 'ada'").get()) throw new Error('the object is away');`,
    });
    await bundleApplication(first.folder, [away]);
    const broken = await made.start(first.folder);
    expect(await seen(broken, token)).toEqual([503, 'unavailable', undefined]);
    expect(await codeOf(await broken.ask('api/hello', { token }))).toEqual([503, 'unavailable']);
    await vi.waitFor(() => expect(broken.output()).toContain('the object is away'), patience);
    expect(await seen(broken, await tokenOf(broken, 'register', 'bob'))).toBe('live');
    await broken.kill();
    await bundleApplication(first.folder);
    expect(await seen(await made.start(first.folder), token)).toBe('live');
  });
});

describe('Promise 2 a deadline holds at its own instant where its alarm', () => {
  const policy = { idleTimeout: 2_000, warnBefore: 500, restoreWindow: 60_000, absoluteTimeout: 600_000 };
  const arms = (to: string) => faulty('server/workers/alarm.ts', { from: '    void storage.setAlarm(at);', to });
  const lapses = ({ folder }: Application) =>
    rowsOfUsers(
      folder,
      `select at - (select started_at from sessions where id = stream) as after from events where to_leaf = 'lapsed.idle'`,
    );

  test('never comes', async () => {
    const one = await made.fresh({ policy }, [arms('')]);
    const token = await tokenOf(one, 'register', 'ada');
    await vi.waitFor(async () => expect(await seen(one, token)).toEqual([401, 'session_lapsed', 'idle']), patience);
    expect(lapses(one)).toEqual([{ after: policy.idleTimeout }]);
  });

  test('comes too early, again and again', async () => {
    const one = await made.fresh({ policy }, [arms('void storage.setAlarm(Math.min(at, Date.now() + 50));')]);
    await tokenOf(one, 'register', 'ada');
    await vi.waitFor(() => expect(lapses(one)).toEqual([{ after: policy.idleTimeout }]), patience);
  });

  test('comes twice at once', async () => {
    const twice = faulty('server/workers/userObject.ts', {
      from: 'await (await this.opened()).ring();',
      to: 'const { ring } = await this.opened();\n    await Promise.all([ring(), ring()]);',
    });
    const one = await made.fresh({ policy }, [twice]);
    await tokenOf(one, 'register', 'ada');
    await vi.waitFor(() => expect(lapses(one)).toEqual([{ after: policy.idleTimeout }]), patience);
    expect(
      rowsOfUsers(one.folder, 'select version, count(*) as n from events group by stream, version having n > 1'),
    ).toEqual([]);
  });

  test('comes late, after a kill -9 while alarms rang', async () => {
    const one = await made.fresh({ policy });
    const names = Array.from({ length: 12 }, (_, n) => `user ${n}`);
    const tokens = await Promise.all(names.map((name) => tokenOf(one, 'register', name)));
    await vi.waitFor(() => expect(lapses(one).length).toBeGreaterThan(0), { timeout: 50_000, interval: 5 });
    await one.kill();
    const again = await made.start(one.folder, { policy });
    await vi.waitFor(() => expect(lapses(again)).toHaveLength(12), patience);
    expect(new Set(lapses(again).map(({ after }) => after))).toEqual(new Set([policy.idleTimeout]));
    for (const token of tokens) expect(await seen(again, token)).toEqual([401, 'session_lapsed', 'idle']);
  });
});

test('the clock of an object that is behind ends no session twice, and brings none back', async () => {
  const first = await made.fresh({ clockAhead: 3_600_000 });
  const [live, ended] = [await tokenOf(first, 'register', 'ada'), await tokenOf(first, 'login', 'ada')];
  expect((await first.ask('api/auth/logout', { token: ended, json: {} })).status).toBe(204);
  await first.kill();
  // From now on it is an hour earlier there.
  const one = await made.start(first.folder);
  expect(await seen(one, ended)).toEqual([401, 'session_ended', 'signed_out']);
  expect(await seen(one, live)).toBe('live');
  expect((await one.ask('api/auth/logout', { token: live, json: {} })).status).toBe(204);
  expect(await seen(one, live)).toEqual([401, 'session_ended', 'signed_out']);
  const backwards = `select 1 from events as a join events as b on a.stream = b.stream and a.version < b.version and a.at > b.at`;
  expect(rowsOfUsers(one.folder, backwards)).toEqual([]);
});

test('an object whose clock is ahead is woken in time, and what it keeps for long enough goes, in the overview, too', async () => {
  const day = 86_400_000;
  const options = { retention: day };
  const first = await made.fresh(options);
  const token = await tokenOf(first, 'register', 'ada');
  expect((await first.ask('api/auth/logout', { token, json: {} })).status).toBe(204);
  await vi.waitFor(
    () => expect(rowsOfDirectory(first.folder, 'select leaf from sessions')).toEqual([{ leaf: 'ended.signedOut' }]),
    patience,
  );
  await first.kill();
  const one = await made.start(first.folder, { ...options, clockAhead: 2 * day });
  expect((await one.ask('api/auth/login', { json: ada })).status).toBe(200);
  await vi.waitFor(() => expect(rowsOfUsers(one.folder, 'select stream from purged')).toHaveLength(1), patience);
  await vi.waitFor(
    () => expect(rowsOfDirectory(one.folder, 'select leaf from sessions')).toEqual([{ leaf: 'active.fresh' }]),
    patience,
  );
});

test('what stays undone wakes its object less and less often, and keeps no deadline waiting', async () => {
  const options = { retention: 86_400_000, writes: true };
  const first = await made.fresh(options);
  const token = await tokenOf(first, 'register', 'ada');
  expect((await first.ask('api/auth/logout', { token, json: {} })).status).toBe(204);
  await first.kill();
  // What has been tampered with is evidence, and stays.
  editUsers(first.folder, `update events set data = '{}' where version = 1`);
  const policy = { idleTimeout: 12_000, warnBefore: 1_000, restoreWindow: 60_000, absoluteTimeout: 600_000 };
  const one = await made.start(first.folder, { ...options, policy, clockAhead: 2 * 86_400_000 });
  await tokenOf(one, 'login', 'ada');
  const lapsed = () =>
    rowsOfUsers(one.folder, `select at - recorded_at as late from events where to_leaf = 'lapsed.idle'`);
  await vi.waitFor(() => expect(lapsed()).toHaveLength(1), patience);
  const rung = one.output().match(/"msg":"tampered"/g)?.length ?? 0;
  expect(rung).toBeGreaterThan(0);
  // Once a second it would be twelve.
  expect(rung).toBeLessThan(10);
});
