import { request } from 'node:http';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { rowsOfUsers } from '../../support/workers/application.ts';
import { applications, tokenOf, type Application } from '../../support/workers/clients.ts';
import { faulty } from '../../support/workers/contract.ts';

const made = applications();
const patience = { timeout: 50_000, interval: 100 };

interface View {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly version: number;
}

/** Opens the event stream of a session, and reads it block by block. */
async function listen({ ask }: Application, token: string, headers: Record<string, string> = {}) {
  const response = await ask('api/auth/stream', { token, headers });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  /** @returns the next block as it was sent, `null` at the end */
  async function block(): Promise<string | null> {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end >= 0) {
        const found = text.slice(0, end);
        text = text.slice(end + 2);
        return found;
      }
      const read = await reader?.read().catch(() => null);
      if (!read || read.done) {
        expect(text).toBe('');
        return null;
      }
      text += read.value;
    }
  }
  async function view(): Promise<View | null> {
    for (let found = await block(); found !== null; found = await block())
      if (found !== ': here') return JSON.parse(/^data: (.*)$/m.exec(found)?.[1] ?? 'null');
    return null;
  }
  const hangUp = () => reader?.cancel().catch(() => {});
  onTestFinished(hangUp);
  return { response, block, view, hangUp };
}

const logout = async ({ ask }: Application, token: string) =>
  expect((await ask('api/auth/logout', { token, json: {} })).status).toBe(204);

/** How often each object was opened in memory, at most. */
function openings({ output }: Application): number {
  const counts = new Map<string, number>();
  for (const [, id = ''] of output().matchAll(/\{"opened":"(\w+)"\}/g)) counts.set(id, (counts.get(id) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

const codeOf = async (answer: Response) => [answer.status, (await answer.json()).code];

/** What stands in the sources of the worker, where it is to be another. */
const heartbeats = (ms: number) =>
  faulty('server/routes/stream.ts', { from: 'Duration = seconds(25)', to: `Duration = ${ms}` });
const deaf = faulty('server/workers/objectStreams.ts', {
  from: '  parts.log.subscribe(lookAtAll, () => lookAtAll(null));',
  to: '',
});

describe('an event stream while its object is out of memory', () => {
  test('is told what an alarm has woken it for, beats meanwhile, and is told an end at once', async () => {
    const policy = { idleTimeout: 40_000, warnBefore: 15_000, restoreWindow: 60_000, absoluteTimeout: 600_000 };
    const one = await made.fresh({ tellsOpening: true, policy }, [heartbeats(1_000)]);
    const token = await tokenOf(one, 'register', 'ada');
    const listener = await listen(one, token);
    expect(await listener.view()).toMatchObject({ state: 'active', version: 1 });
    expect(openings(one)).toBe(1);
    let beats = 0;
    let found = await listener.block();
    for (; found === ': here'; found = await listener.block()) beats += 1;
    expect(found).toContain('"state":"expiring"');
    expect(beats).toBeGreaterThan(5);
    // The object was made anew for it: the socket has not kept it in memory, and has stayed.
    await vi.waitFor(() => expect(openings(one)).toBe(2), patience);
    await logout(one, token);
    expect(await listener.view()).toMatchObject({ state: 'ended', reason: 'signed_out' });
    expect(await listener.block()).toBeNull();
  }, 180_000);

  test('is told an end by whatever request wakes it', async () => {
    const one = await made.fresh({ tellsOpening: true });
    const token = await tokenOf(one, 'register', 'ada');
    const other = await tokenOf(one, 'login', 'ada');
    const listener = await listen(one, token);
    const { id } = (await listener.view()) ?? { id: '' };
    await vi.waitFor(
      async () => {
        // Each question keeps the object for ten seconds more.
        await one.ask('api/auth/me', { token: other });
        expect(openings(one)).toBe(2);
      },
      { timeout: 100_000, interval: 15_000 },
    );
    expect((await one.ask(`api/auth/sessions/${id}`, { token: other, method: 'DELETE' })).status).toBe(204);
    let last = await listener.view();
    for (let next = last; next; next = await listener.view()) last = next;
    expect(last).toMatchObject({ state: 'ended', reason: 'revoked' });
  }, 180_000);
});

describe('outside an event stream is as on any server:', () => {
  test('its head, its blocks, each change, and no socket', async () => {
    const Origin = 'https://app.example';
    const one = await made.fresh({ origins: [Origin] });
    const token = await tokenOf(one, 'register', 'ada');
    const listener = await listen(one, token, { 'Last-Event-ID': '1', Origin });
    expect(listener.response.headers.get('Access-Control-Allow-Origin')).toBe(Origin);
    expect(listener.response.status).toBe(200);
    const heads = ['Content-Type', 'Cache-Control', 'Vary', 'X-Accel-Buffering', 'Session-Status', 'Upgrade'];
    expect(heads.map((name) => listener.response.headers.get(name))).toEqual([
      'text/event-stream',
      'no-store',
      '*, Origin',
      'no',
      expect.stringMatching(/^active; expires-in=1[78]\d\d; version=1$/),
      null,
    ]);
    expect(await listener.block()).toMatch(/^event: session\ndata: \{.*"version":1.*\}\nid: 1$/);
    const { token: next } = await (await one.ask('api/auth/refresh', { token, json: {} })).json();
    expect(await listener.view()).toMatchObject({ version: 2 });
    const password = { password: 'pässwörter für alle' };
    expect((await one.ask('api/auth/reauthenticate', { token: next, json: password })).status).toBe(200);
    expect(await listener.view()).toMatchObject({ version: 3, state: 'active' });
    // The token that has opened it is void.
    expect(await listener.block()).toBeNull();
    expect((await one.ask('api/auth/stream', { token: next, method: 'HEAD' })).status).toBe(401);
  });

  test('a deadline is told, the lapse closes it, and so does the end of its token', async () => {
    const policy = { idleTimeout: 4_000, warnBefore: 1_000, restoreWindow: 60_000, absoluteTimeout: 600_000 };
    const one = await made.fresh({ policy });
    const listener = await listen(one, await tokenOf(one, 'register', 'ada'));
    const states = [];
    for (let view = await listener.view(); view; view = await listener.view()) states.push(view.state);
    expect(states).toEqual(['active', 'expiring', 'lapsed']);

    const other = await made.fresh({ policy: { tokenLifetime: 2_000 } });
    const token = await tokenOf(other, 'register', 'ada');
    const short = await listen(other, token);
    expect(await short.view()).toMatchObject({ state: 'active' });
    expect(await short.view()).toBeNull();
    expect(await codeOf(await other.ask('api/auth/stream', { token }))).toEqual([401, 'token_expired']);
  });

  test('a refusal is a problem, and nobody gets a socket who asks for one', async () => {
    const one = await made.fresh();
    const token = await tokenOf(one, 'register', 'ada');
    const socket = { Connection: 'Upgrade', Upgrade: 'websocket', 'Curfew-Listener': 'signal' };
    const upgrading = (headers: object) =>
      new Promise<unknown[]>((resolve, reject) => {
        const asked = request(`${one.url}/api/auth/stream`, { headers: { ...socket, ...headers } });
        asked.on('upgrade', () => reject(new Error('there is a socket')));
        asked.on('error', reject);
        asked.on('response', (answer) => {
          resolve([answer.statusCode, answer.headers['content-type']]);
          answer.destroy();
        });
        asked.end();
      });
    const Authorization = `Bearer ${token}`;
    expect(await upgrading({ Authorization })).toEqual([200, 'text/event-stream']);
    await logout(one, token);
    expect(await codeOf(await one.ask('api/auth/stream', { token }))).toEqual([401, 'session_ended']);
    expect(await codeOf(await one.ask('api/auth/stream'))).toEqual([401, 'unauthenticated']);
    for (const headers of [{ Authorization }, {}])
      expect(await upgrading(headers)).toEqual([401, 'application/problem+json']);
  });

  test('an end of all sessions is told to all', async () => {
    const one = await made.fresh();
    const tokens = await Promise.all(['ada', 'bob'].map((name) => tokenOf(one, 'register', name)));
    const listeners = await Promise.all(tokens.map((token) => listen(one, token)));
    for (const listener of listeners) await listener.view();
    expect((await one.call('revoke', { target: 'all', how: { reason: 'leak' } })).ended).toBe(2);
    for (const listener of listeners) {
      expect(await listener.view()).toMatchObject({ state: 'ended', reason: 'revoked' });
      expect(await listener.block()).toBeNull();
    }
  });

  test('one more than sixteen closes the oldest, of this session alone; signals take nobody’s place', async () => {
    const one = await made.fresh();
    const token = await tokenOf(one, 'register', 'ada');
    const elsewhere = await listen(one, await tokenOf(one, 'login', 'ada'));
    const downloads = await Promise.all(Array.from({ length: 3 }, () => one.ask('api/download', { token })));
    const listeners = [];
    for (let n = 0; n < 17; n++) {
      const listener = await listen(one, token);
      expect(await listener.view()).toMatchObject({ state: 'active' });
      listeners.push(listener);
    }
    const [first, ...others] = listeners;
    expect(await first?.view()).toBeNull();
    expect((await elsewhere.view())?.state).toBe('active');
    await logout(one, token);
    for (const listener of others) {
      expect(await listener.view()).toMatchObject({ state: 'ended' });
      expect(await listener.block()).toBeNull();
    }
    for (const download of downloads) expect(await download.text()).toBe('begun, and over');
  });
});

describe('a socket that', () => {
  test('is lost with its object ends the stream, and the browser comes back', async () => {
    const one = await made.fresh();
    const token = await tokenOf(one, 'register', 'ada');
    const listener = await listen(one, token);
    await listener.view();
    expect((await one.ask('api/crash', { token, json: {} })).status).toBe(204);
    expect(await listener.view()).toBeNull();
    const again = await listen(one, token, { 'Last-Event-ID': '1' });
    expect(await again.view()).toMatchObject({ state: 'active' });
    await logout(one, token);
    expect(await again.view()).toMatchObject({ state: 'ended' });
  });

  test('is lost keeps a signal waiting for the end, in the next object', async () => {
    const one = await made.fresh();
    const token = await tokenOf(one, 'register', 'ada');
    const download = await one.ask('api/download', { token });
    const reader = download.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe('begun');
    expect((await one.ask('api/crash', { token, json: {} })).status).toBe(204);
    expect((await one.ask('api/auth/me', { token })).status).toBe(200);
    await logout(one, token);
    expect((await reader?.read())?.value).toBe(', and over');
  });

  test('nobody reads any more is closed', async () => {
    // The platform hears of it when it can send no more.
    const one = await made.fresh({}, [heartbeats(1_000)]);
    const token = await tokenOf(one, 'register', 'ada');
    const sockets = async () => (await one.ask('api/sockets', { token })).json();
    const [first, second] = [await listen(one, token), await listen(one, token)];
    await Promise.all([first.view(), second.view()]);
    expect(await sockets()).toBe(2);
    await first.hangUp();
    await vi.waitFor(async () => expect(await sockets()).toBe(1), patience);
    await logout(one, token);
    expect(await second.view()).toMatchObject({ state: 'ended' });
  });

  test('finds that the application answers its own sockets is answered all the same', async () => {
    const own = faulty('server/workers/objectStreams.ts', {
      from: 'new WebSocketRequestResponsePair(ping, pong)',
      to: `new WebSocketRequestResponsePair('hello', 'hello')`,
    });
    const one = await made.fresh({}, [heartbeats(500), own]);
    const listener = await listen(one, await tokenOf(one, 'register', 'ada'));
    expect(await listener.view()).toMatchObject({ state: 'active' });
    for (let n = 0; n < 3; n++) expect(await listener.block()).toBe(': here');
  });

  test('does not answer ends the stream', async () => {
    const silent = faulty('server/workers/objectStreams.ts', {
      from: 'new WebSocketRequestResponsePair(ping, pong)',
      to: `new WebSocketRequestResponsePair(ping, '')`,
    });
    const one = await made.fresh({}, [heartbeats(500), silent]);
    const listener = await listen(one, await tokenOf(one, 'register', 'ada'));
    expect(await listener.view()).toMatchObject({ state: 'active' });
    expect(await listener.block()).toBeNull();
  });

  test.each([
    [
      'the worker',
      'server/workers/streamSocket.ts',
      'setTimeout(ask, heartbeatEvery, ping)',
      'setTimeout(ask, 0, "?")',
    ],
    ['the object', 'server/workers/streamMessages.ts', 'JSON.stringify(said)', '`{"event":7}${said.next}`'],
  ])('%s says something malformed on is closed, and what is asked otherwise goes on', async (_, file, from, to) => {
    const one = await made.fresh({}, [faulty(file, { from, to })]);
    const token = await tokenOf(one, 'register', 'ada');
    const listener = await listen(one, token);
    expect(listener.response.status).toBe(200);
    for (let found = await listener.block(); found !== null; found = await listener.block())
      expect(found).toContain('event: session');
    expect((await one.ask('api/auth/me', { token })).status).toBe(200);
  });

  test('was opened by a newer version is closed, not taken for one of now', async () => {
    const newer = faulty('server/workers/objectStreams.ts', { from: '      form: 1,', to: '      form: 2 as never,' });
    const one = await made.fresh({}, [newer]);
    const token = await tokenOf(one, 'register', 'ada');
    const listener = await listen(one, token);
    expect([listener.response.status, await listener.block()]).toEqual([200, null]);
    expect((await one.ask('api/auth/me', { token })).status).toBe(200);
  });

  test('belongs to a session that has ended unheard is told so when it asks', async () => {
    const policy = { idleTimeout: 8_000, warnBefore: 2_000, restoreWindow: 60_000, absoluteTimeout: 600_000 };
    const one = await made.fresh({ policy }, [deaf]);
    const token = await tokenOf(one, 'register', 'ada');
    const listener = await listen(one, token);
    expect(await listener.view()).toMatchObject({ state: 'active' });
    await logout(one, token);
    expect(rowsOfUsers(one.folder, 'select leaf from sessions')).toEqual([{ leaf: 'ended.signedOut' }]);
    expect(await listener.view()).toMatchObject({ state: 'ended', reason: 'signed_out' });
    expect(await listener.block()).toBeNull();
  });

  test('is let in while its session ends is told the end', async () => {
    const late = faulty('server/workers/openUser.ts', {
      from: '(request) => handlers.fetch(request, {})',
      to: `async (request) => {
      const answer = await handlers.fetch(request, {});
      const headers = { Authorization: request.headers.get('Authorization') ?? '', 'Content-Type': 'application/json' };
      await handlers.fetch(new Request(new URL('logout', request.url), { method: 'POST', headers, body: '{}' }), {});
      return answer;
    }`,
    });
    const one = await made.fresh({}, [late]);
    const listener = await listen(one, await tokenOf(one, 'register', 'ada'));
    expect(await listener.view()).toMatchObject({ state: 'ended', reason: 'signed_out' });
    expect(await listener.block()).toBeNull();
  });
});
