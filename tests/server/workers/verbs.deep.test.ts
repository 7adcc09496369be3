import { describe, expect, test, vi } from 'vitest';
import { rowsOfUsers } from '../../support/workers/application.ts';
import { faulty } from '../../support/workers/contract.ts';
import { applications, cookieOf, tokenOf, type Application } from '../../support/workers/clients.ts';

const made = applications();
const patience = { timeout: 50_000, interval: 100 };

const issuer = 'https://provider.example';
/** A proof of this moment, by an application's own id. */
const proof = (user: string, more: object = {}) => ({
  user,
  method: ['otp'],
  authenticatedAt: Date.now(),
  transport: 'bearer',
  ...more,
});
const signedIn = async ({ call }: Application, user: string, more: object = {}) => {
  const { ok, token, session, code } = await call('signIn', proof(user, more));
  expect([ok, code]).toEqual([true, undefined]);
  return { token: String(token), id: String(session.id) };
};
const reasonOf = async ({ ask }: Application, token: string) => {
  const answer = await ask('api/hello', { token, headers: { 'Session-Activity': 'background' } });
  const { code, reason } = await answer.json();
  return answer.ok ? 'live' : [code, reason];
};

describe('signIn', () => {
  test('makes a session of an id of the application, which every route and verb knows', async () => {
    const one = await made.fresh({ accounts: false });
    const { token, id } = await signedIn(one, `${issuer} 7`, {
      user: { id: `${issuer} 7`, name: 'Ada', role: 'editor' },
    });
    const hello = await (await one.ask('api/hello', { token })).json();
    expect(hello).toEqual({ hello: `${issuer} 7`, name: 'Ada' });
    expect((await one.call('authenticate', {}, { token })).session).toMatchObject({ id, name: 'Ada', role: 'editor' });
    expect((await one.call('session', {}, { token })).session).toMatchObject({ id, method: ['otp'] });
    expect((await one.call('session')).session).toBeUndefined();
    expect((await one.call('authenticate')).body).toMatchObject({ code: 'unauthenticated', status: 401 });
    expect((await one.call('authenticate', { optional: true })).ok).toBe(true);
    expect(await (await one.ask('optional')).json()).toEqual({ user: null });
    expect(await (await one.ask('optional', { token })).json()).toEqual({ user: `${issuer} 7` });
  });

  test('resumes a lapsed session by a younger proof, and by no older one', async () => {
    const policy = { idleTimeout: 8_000, warnBefore: 500, absoluteTimeout: 600_000, restoreWindow: 600_000 };
    const one = await made.fresh({ accounts: false, policy });
    const before = Date.now();
    const { token, id } = await signedIn(one, 'ada');
    await vi.waitFor(async () => expect(await reasonOf(one, token)).toEqual(['session_lapsed', 'idle']), patience);
    const old = await one.call('signIn', proof('ada', { authenticatedAt: before, session: id }), { token });
    expect([old.ok, old.code]).toEqual([false, 'stale_proof']);
    const again = await one.call('signIn', proof('ada', { session: id }), { token });
    expect([again.ok, again.session.id, again.session.state]).toEqual([true, id, 'active']);
    expect(await reasonOf(one, again.token)).toBe('live');
  });

  test('sets the cookie on the answer, and displaces the session of another user first', async () => {
    const one = await made.fresh({ accounts: false });
    const first = await one.call('signIn', proof('ada', { transport: 'cookie' }));
    const jar = cookieOf(first.answer);
    expect(jar).toMatch(/^__Host-curfew=/);
    const second = await one.call('signIn', proof('bob', { transport: 'cookie' }), { cookie: jar });
    expect([second.ok, cookieOf(second.answer).length > 20]).toEqual([true, true]);
    const after = await (await one.ask('api/hello', { cookie: jar })).json();
    expect([after.code, after.reason]).toEqual(['session_ended', 'displaced']);
    const named = await one.call('signIn', proof('ada', { session: second.session.id }));
    expect([named.ok, named.code]).toEqual([false, 'session_mismatch']);
    expect((await one.call('signIn', proof('ada', { session: 'unknown' }))).code).toBe('session_ended');
  });

  test('refuses a request of another site, and says in one line which argument is wrong', async () => {
    const one = await made.fresh({ accounts: false });
    const headers = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://elsewhere.example' };
    expect((await one.call('signIn', proof('ada'), { headers })).code).toBe('cross_site');
    const wrong = await one.call('signIn', { ...proof('ada'), method: ['pässword'] });
    expect([wrong.thrown, wrong.message]).toEqual(['TypeError', expect.stringContaining('signIn: method must be')]);
    for (const [verb, given] of [
      ['signIn', { method: [] }],
      ['erase', {}],
      ['applyPolicy', { user: 7 }],
    ] as const)
      expect((await one.call(verb, given)).message, verb).toContain(`${verb}: user must be`);
    expect(rowsOfUsers(one.folder, 'select id from sessions')).toEqual([]);
  });
});

test('signOut ends the session and takes its cookie out of the jar', async () => {
  const one = await made.fresh({ accounts: false });
  const jar = cookieOf((await one.call('signIn', proof('ada', { transport: 'cookie' }))).answer);
  const out = await one.call('signOut', {}, { cookie: jar });
  expect([out.ok, out.session.state]).toEqual([true, 'ended']);
  expect(out.answer.headers.getSetCookie()[0]).toMatch(/^__Host-curfew=;/);
  expect((await one.call('signOut')).code).toBe('unauthenticated');
});

describe('revoke', () => {
  test('ends one session, and all of a user but one', async () => {
    const one = await made.fresh({ accounts: false });
    const [a, b, c, other] = [
      await signedIn(one, 'ada'),
      await signedIn(one, 'ada'),
      await signedIn(one, 'ada'),
      await signedIn(one, 'bob'),
    ];
    expect((await one.call('revoke', { target: { session: a.id }, how: { reason: 'lost' } })).ended).toBe(1);
    expect((await one.call('revoke', { target: { session: a.id }, how: { reason: 'lost' } })).ended).toBe(0);
    expect(await reasonOf(one, a.token)).toEqual(['session_ended', 'revoked']);
    const how = { reason: 'reset', except: b.id };
    expect((await one.call('revoke', { target: { user: 'ada' }, how })).ended).toBe(1);
    expect([await reasonOf(one, b.token), await reasonOf(one, other.token)]).toEqual(['live', 'live']);
    expect(await reasonOf(one, c.token)).toEqual(['session_ended', 'revoked']);
    const late = await one.call('signIn', proof('ada', { authenticatedAt: Date.now() - 60_000 }));
    expect(late.code).toBe('stale_proof');
    const wrong = await one.call('revoke', { target: {}, how });
    expect([wrong.thrown, wrong.message]).toEqual(['TypeError', expect.stringContaining('revoke: the first argument')]);
  });

  test("'all' has ended every session of every user when it returns, and refuses proofs of before", async () => {
    const one = await made.fresh();
    const passwords = await Promise.all(['ada', 'bob', 'eve'].map((name) => tokenOf(one, 'register', name)));
    const own = await Promise.all(Array.from({ length: 6 }, (_, n) => signedIn(one, `user ${n}`)));
    const before = Date.now();
    const [spared] = own;
    const how = { reason: 'leak', except: spared?.id };
    expect((await one.call('revoke', { target: 'all', how })).ended).toBe(8);
    const tokens = [...passwords, ...own.slice(1).map(({ token }) => token)];
    const reasons = await Promise.all(tokens.map((token) => reasonOf(one, token)));
    expect(reasons).toEqual(tokens.map(() => ['session_ended', 'revoked']));
    expect(await reasonOf(one, spared?.token ?? '')).toBe('live');

    for (const user of ['user 1', 'a user who is new'])
      expect((await one.call('signIn', proof(user, { authenticatedAt: before - 1 }))).code).toBe('stale_proof');
    expect(await reasonOf(one, await tokenOf(one, 'login', 'ada'))).toBe('live');
    expect(await reasonOf(one, await tokenOf(one, 'register', 'a name that is new'))).toBe('live');
    expect(await reasonOf(one, (await signedIn(one, 'user 1')).token)).toBe('live');
    // The alarms write it to the logs, at that instant.
    const written = () => rowsOfUsers(one.folder, `select at from events where type = 'session.revoked'`);
    await vi.waitFor(() => expect(written()).toHaveLength(8), patience);
    expect(new Set(written().map(({ at }) => at)).size).toBe(1);
  });

  test("'all' that does not reach an object is no answer, and reaches it by itself", async () => {
    const away = faulty('server/workers/user.ts', {
      from: '    return (await this.opened()).revokeAll(revocation);',
      to: `    if ((globalThis.timesAway = (globalThis.timesAway ?? 0) + 1) < 3) throw new Error('away');
    return (await this.opened()).revokeAll(revocation);`,
    });
    const one = await made.fresh({ accounts: false }, [away]);
    const all = await Promise.all(['ada', 'bob', 'eve'].map((user) => signedIn(one, user)));
    const failed = await one.call('revoke', { target: 'all', how: { reason: 'leak' } });
    expect([failed.answer.status, failed.thrown]).toEqual([500, 'StoreUnavailable']);
    await vi.waitFor(async () => {
      for (const { token } of all) expect(await reasonOf(one, token)).toEqual(['session_ended', 'revoked']);
    }, patience);
    expect(await reasonOf(one, (await signedIn(one, 'ada')).token)).toBe('live');
  });

  test('by a reference ends what belongs to a session at a provider, and refuses what comes late', async () => {
    const one = await made.fresh({ accounts: false });
    const reference = { issuer, sid: 'one' };
    const first = await signedIn(one, 'ada', { reference });
    const second = await signedIn(one, 'bob', { reference });
    const other = await signedIn(one, 'ada', { reference: { issuer, sid: 'two' } });
    expect((await one.call('revoke', { target: { reference }, how: { reason: 'gone' } })).ended).toBe(2);
    for (const { token } of [first, second]) expect(await reasonOf(one, token)).toEqual(['session_ended', 'revoked']);
    expect(await reasonOf(one, other.token)).toBe('live');
    for (const user of ['ada', 'eve'])
      expect((await one.call('signIn', proof(user, { reference }))).code).toBe('stale_proof');
  });
});

test('a logout at the provider ends its sessions once, and a token that does not hold ends none', async () => {
  const one = await made.fresh({ accounts: false });
  const bound = await signedIn(one, 'ada', { reference: { issuer, sid: 'one' } });
  const named = await signedIn(one, 'bob');
  const now = Math.floor(Date.now() / 1000);
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
  const claims = (more: object) => JSON.stringify({ iss: issuer, iat: now, exp: now + 60, events, ...more });
  const send = async (token: string) => {
    const answer = await one.ask('provider/logout', { form: { logout_token: token } });
    return [answer.status, (await answer.json()).ended];
  };
  expect(await send('not JSON')).toEqual([400, undefined]);
  expect(await send(claims({ sid: 'one', jti: 'a' }))).toEqual([200, 1]);
  expect(await send(claims({ sid: 'one', jti: 'a' }))).toEqual([400, undefined]);
  expect(await send(claims({ sub: 'bob', jti: 'b' }))).toEqual([200, 1]);
  for (const { token } of [bound, named]) expect(await reasonOf(one, token)).toEqual(['session_ended', 'revoked']);
});

test('a form that a provider posts is handed over once, in the browser that has begun', async () => {
  const one = await made.fresh({ accounts: false });
  const begun = await one.call('beginHandOver', { keep: { nonce: 'n' } });
  const cookie = cookieOf(begun.answer);
  const posted = await one.ask('provider', {
    form: { state: begun.state, code: 'c' },
    headers: { 'Sec-Fetch-Site': 'cross-site' },
  });
  expect(posted.status).toBe(303);
  const finish = posted.headers.get('Location')?.slice(1) ?? '';
  expect((await one.ask('provider', { form: { state: 'unknown' } })).status).toBe(400);
  const taken = await one.ask(finish, { cookie });
  expect([taken.status, await taken.json()]).toEqual([
    200,
    { kept: { nonce: 'n' }, form: { state: begun.state, code: 'c' } },
  ]);
  expect((await one.ask(finish, { cookie })).status).toBe(400);
});

test('sessions are listed of one user, and found of all; a policy is applied; an erased user is refused for ever', async () => {
  const one = await made.fresh({ accounts: false });
  await signedIn(one, 'ada');
  const last = await signedIn(one, 'ada');
  await signedIn(one, 'bob');
  const list = await (await one.ask('verbs/sessions', { json: { user: 'ada' } })).json();
  expect(list.map(({ id }: { id: string }) => id)).toContain(last.id);
  expect(list).toHaveLength(2);
  await vi.waitFor(async () => expect((await one.call('sessions')).sessions).toHaveLength(3), patience);
  const page = await one.call('sessions', { limit: 2 });
  expect(page.sessions).toHaveLength(2);
  expect((await one.call('sessions', { limit: 2, after: page.next })).sessions).toHaveLength(1);
  expect((await one.call('applyPolicy', { user: 'ada' })).changed).toBe(0);
  expect((await one.call('erase', { user: 'ada' })).ended).toBe(2);
  expect(await reasonOf(one, last.token)).toEqual(['session_ended', 'revoked']);
  expect((await one.call('signIn', proof('ada'))).code).toBe('forbidden');
  expect(rowsOfUsers(one.folder, `select user_agent from devices`)).toHaveLength(1);
});

describe('what the application keeps in the object of a user', () => {
  const letters = ({ folder }: Application) => rowsOfUsers(folder, 'select body from letters');
  const written = async (deletion: 'done' | 'refused') => {
    const one = await made.fresh({ accounts: false, deletion });
    const { token } = await signedIn(one, 'ada');
    expect((await one.ask('api/letters', { token, method: 'POST', body: 'Dear Bob' })).status).toBe(204);
    expect(letters(one)).toEqual([{ body: 'Dear Bob' }]);
    return { one, token };
  };

  test('is deleted with the user', async () => {
    const { one, token } = await written('done');
    expect((await one.call('erase', { user: 'ada' })).ended).toBe(1);
    expect([letters(one), await reasonOf(one, token)]).toEqual([[], ['session_ended', 'revoked']]);
  });

  test('stays, and the user with it, when its deletion throws', async () => {
    const { one, token } = await written('refused');
    expect((await one.call('erase', { user: 'ada' })).thrown).toBe('StoreUnavailable');
    expect([letters(one), await reasonOf(one, token)]).toEqual([[{ body: 'Dear Bob' }], 'live']);
  });
});
