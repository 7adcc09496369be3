import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { editUsers, operatorKey, secret } from '../../support/workers/application.ts';
import { applications, tokenOf, type Application } from '../../support/workers/clients.ts';

const made = applications();
const patience = { timeout: 50_000, interval: 100 };

const operate = async ({ ask }: Application, path: string, json: object, token = operatorKey) => {
  const answer = await ask(`operator/${path}`, { json, token });
  return { status: answer.status, ...(await answer.json()) };
};
const reasonOf = async ({ ask }: Application, token: string) => {
  const answer = await ask('api/auth/me', { token });
  const { code, reason } = await answer.json();
  return answer.ok ? 'live' : [code, reason];
};
const signsIn = async ({ ask }: Application, username: string, password: string) =>
  (await ask('api/auth/login', { json: { username, password, transport: 'bearer' } })).status;

test('the routes of the operator are there for who has the key, and for nobody where there is none', async () => {
  const one = await made.fresh();
  const all = { all: true };
  expect(await operate(one, 'sessions/end', all, 'another key of more than thirty-two bytes')).toMatchObject({
    status: 401,
  });
  expect((await one.ask('operator/checkpoint')).status).toBe(401);
  expect(await operate(one, 'sessions/end', {})).toMatchObject({ status: 422, code: 'invalid_input' });
  expect(await operate(one, 'sessions/end', { ...all, user: 'ada' })).toMatchObject({ status: 422 });
  expect(await operate(one, 'sessions/end', all)).toMatchObject({ status: 200, ended: 0 });
  await one.kill();
  const closed = await made.start(one.folder, {}, { variables: { CURFEW_SECRET: secret, OPTIONS: '{}' } });
  for (const token of [operatorKey, ''])
    expect(await operate(closed, 'sessions/end', all, token)).toMatchObject({ status: 404 });
});

test('an operator makes, promotes, disables and enables users, and gives them new passwords', async () => {
  const one = await made.fresh();
  const users = (command: string, more: object = {}) => operate(one, 'users', { command, name: 'ada', ...more });
  expect(await users('promote')).toMatchObject({ status: 422, ok: false, line: 'there is no user "ada"' });
  const added = await users('add');
  const [, password = ''] = /the password is (\S+) /.exec(added.lines[1]) ?? [];
  expect(await signsIn(one, 'ada', password)).toBe(200);
  expect(await users('add')).toMatchObject({ status: 422, line: 'there is a user "ada" already' });
  const chosen = { password: 'pässwörter für alle' };
  expect(await users('reset-password', chosen)).toMatchObject({ status: 200 });
  expect(await signsIn(one, 'ada', password)).toBe(401);
  const token = await tokenOf(one, 'login', 'ada');
  expect((await one.ask('api/admin/sessions', { token })).status).toBe(403);
  expect(await users('promote')).toMatchObject({ lines: ['ada is an administrator'] });
  expect((await one.ask('api/admin/sessions', { token })).status).toBe(200);
  expect(await users('disable')).toMatchObject({ status: 200 });
  expect(await reasonOf(one, token)).toEqual(['session_ended', 'revoked']);
  expect(await signsIn(one, 'ada', chosen.password)).toBe(401);
  const list = async () => (await (await one.ask('operator/users', { token: operatorKey })).json()).users;
  expect(await list()).toMatchObject([{ name: 'ada', role: 'administrator', disabledAt: expect.any(Number) }]);
  expect(await users('enable')).toMatchObject({ status: 200 });
  expect(await list()).toMatchObject([{ name: 'ada', disabledAt: null }]);
  expect(await signsIn(one, 'ada', chosen.password)).toBe(200);
});

test('an operator ends one session, those of a user, and all; and applies the policy', async () => {
  const one = await made.fresh();
  const end = async (json: object) => (await operate(one, 'sessions/end', json)).ended;
  const [ada, again, bob, eve] = [
    await tokenOf(one, 'register', 'ada'),
    await tokenOf(one, 'login', 'ada'),
    await tokenOf(one, 'register', 'bob'),
    await tokenOf(one, 'register', 'eve'),
  ];
  const { session } = await (await one.ask('api/auth/session-info', { token: ada })).json();
  expect(await end({ session: session.id, reason: 'lost' })).toBe(1);
  expect([await reasonOf(one, ada), await reasonOf(one, again)]).toEqual([['session_ended', 'revoked'], 'live']);
  expect(await end({ name: 'ada' })).toBe(1);
  const { user } = await (await one.ask('api/auth/me', { token: bob })).json();
  expect(await operate(one, 'sessions/apply-policy', { user: user.id })).toMatchObject({ changed: 0 });
  expect(await end({ user: user.id })).toBe(1);
  expect([await reasonOf(one, bob), await reasonOf(one, eve)]).toEqual([['session_ended', 'revoked'], 'live']);
  const late = await operate(one, 'sessions/end-since', { since: Date.now() + 3_600_000 });
  expect([late.ended, late.next, await reasonOf(one, eve)]).toEqual([0, null, 'live']);
  const later = await tokenOf(one, 'login', 'bob');
  expect((await operate(one, 'sessions/end-since', { since: Date.now() - 3_600_000 })).ended).toBe(2);
  for (const token of [later, eve]) expect(await reasonOf(one, token)).toEqual(['session_ended', 'revoked']);
  const last = await tokenOf(one, 'login', 'eve');
  expect(await end({ all: true, reason: 'leak' })).toBe(1);
  expect(await reasonOf(one, last)).toEqual(['session_ended', 'revoked']);
});

test('ASVS 16.4.2 an audit over all objects finds by a checkpoint what was changed, cut off and deleted', async () => {
  const first = await made.fresh();
  const audit = async ({ ask }: Application, body: string) => {
    const answer = await ask('operator/audit', {
      method: 'POST',
      token: operatorKey,
      headers: { 'Content-Type': 'application/x-ndjson' },
      body,
    });
    expect(answer.status).toBe(200);
    const all = (await answer.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    return { findings: all.slice(0, -1), sum: all.at(-1) };
  };
  const names = ['ada', 'bob', 'eve'];
  for (const name of names) await tokenOf(first, 'register', name);
  const checkpoint = await (await first.ask('operator/checkpoint', { token: operatorKey })).text();
  const sum = { objects: 3, sessions: 3, entries: 3, purged: 0, findings: 0, next: null };
  expect(await audit(first, checkpoint)).toEqual({ findings: [], sum });
  expect(await audit(first, '')).toEqual({ findings: [], sum });
  const places = [...checkpoint.matchAll(/^\{"object":"(.*)"\}$/gm)].map(([, place = '']) => place);
  expect(places).toHaveLength(3);
  const pages: string[] = [];
  for (let after: string | null = '0~'; after !== null;) {
    const page = await first.ask(`operator/checkpoint?limit=1&after=${after}`, { token: operatorKey });
    pages.push(await page.text());
    after = page.headers.get('Next-Page');
  }
  expect(places.map((place) => pages.filter((page) => page.includes(place)).length)).toEqual([1, 1, 1]);
  expect((await first.ask('operator/checkpoint?limit=0', { token: operatorKey })).status).toBe(422);
  const [gone = '', cut = ''] = places;
  await first.kill();

  const hex = (place: string) => Buffer.from(place, 'base64url').toString('hex');
  for (const end of ['', '-wal', '-shm'])
    rmSync(join(first.folder, 'objects', 'User', `${hex(gone)}.sqlite${end}`), { force: true });
  editUsers(first.folder, `update events set data = '{}' where stream like '%${cut}%'`);
  const again = await made.start(first.folder);
  const { findings } = await audit(again, checkpoint);
  const found = findings.map(({ object, code }: { object: string; code: string }) => [object, code]);
  expect(found).toContainEqual([gone, 'stream_deleted']);
  expect(found.some(([object]: string[]) => object === cut)).toBe(true);
  expect(found.every(([object]: string[]) => object === gone || object === cut)).toBe(true);
  const forged = checkpoint.replace('"version":1', '"version":2');
  const invalid = (await audit(again, forged)).findings.map(({ code }: { code: string }) => code);
  expect(invalid).toContain('checkpoint_invalid');
});

test('an operator counts the sessions of all users, and asks whether the objects answer', async () => {
  const one = await made.fresh();
  const [ada] = [await tokenOf(one, 'register', 'ada'), await tokenOf(one, 'register', 'bob')];
  expect((await one.ask('api/auth/logout', { token: ada, json: {} })).status).toBe(204);
  const metrics = async () => (await one.ask('operator/metrics', { token: operatorKey })).text();
  await vi.waitFor(async () => expect(await metrics()).toContain('curfew_sessions{state="ended"} 1'), {
    timeout: 50_000,
  });
  for (const line of ['curfew_sessions{state="active"} 1', 'curfew_sessions_due 0', 'curfew_user_objects 2'])
    expect((await metrics()).split('\n')).toContain(line);
  expect((await one.ask('operator/metrics')).status).toBe(401);
  expect(await (await one.ask('healthz')).json()).toEqual({ status: 'ok' });
  expect(await (await one.ask('readyz')).json()).toEqual({ status: 'ready' });
  await one.kill();
  const wrong = await made.start(one.folder, {}, { variables: { CURFEW_SECRET: 'short', OPTIONS: '{}' } });
  expect([(await wrong.ask('healthz')).status, (await wrong.ask('readyz')).status]).toEqual([200, 503]);
  await vi.waitFor(
    () => expect(wrong.output()).toContain('CURFEW_SECRET must be a secret of at least 32 bytes'),
    patience,
  );
});
