import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { createServerClock } from '../../../../web/client/device/clock.ts';
import { createClient } from '../../../../web/client/http/client.ts';
import { createReauthenticationLock } from '../../../../web/client/http/reauthenticationLock.ts';
import { redirect, type PasskeyWay, type TabOptions } from '../../../../web/client/index.ts';
import { createWays } from '../../../../web/client/tab/ways.ts';
import { createTime } from '../../../support/tab.ts';

const nothing = () => {};

/** The ways of a tab, and a server of which a test says what it answers. */
function given({ passkey, cameBackWith = null }: Pick<TabOptions, 'passkey'> & { cameBackWith?: string | null } = {}) {
  const time = createTime();
  const asked: (string | undefined)[] = [];
  let answer: () => Response | Promise<Response> = () => Response.json({ ways: [] });
  let session = 's1';
  const server = new Hono().get('/letters/api/auth/ways', (c) => {
    asked.push(c.req.header('session-id'));
    return answer();
  });
  const clock = createServerClock(time.device);
  const known = () => ({ id: session, version: 1 });
  const client = createClient({
    baseUrl: 'http://curfew.test',
    basePath: '/letters/api',
    fetch: async (input, init) => server.request(input instanceof Request ? input : new Request(input, init)),
    clock,
    timer: time.timer,
    activity: { declare: () => ({ header: 'background', arrived: nothing }) },
    tokens: null,
    reauthenticationLock: createReauthenticationLock({ locks: undefined, timer: time.timer }),
    known,
    announce: nothing,
    onView: nothing,
    onRefused: nothing,
    onLost: nothing,
    onRefresh: nothing,
  });
  const { store: ways, settle } = createWays({
    client,
    known,
    now: clock.now,
    sso: redirect,
    cameBackWith,
    ...(passkey && { passkey }),
  });
  return {
    ways,
    settle,
    asked,
    says: (body: object, status = 200) => (answer = () => Response.json(body, { status })),
    answers: (next: typeof answer) => (answer = next),
    isOf: (id: string) => (session = id),
  };
}

const password = { kind: 'password' };
const passkey = { kind: 'passkey', options: { challenge: 'c' } };
const sso = { kind: 'sso', name: 'Example', url: '/login' };

describe('the ways to sign in again', () => {
  it('are asked for as the session of this tab, beneath the base path, and are what the server says', async () => {
    const { ways, asked, says } = given({ passkey: () => async () => {} });
    says({ ways: [sso, passkey, password], user: { name: 'Ada' } });
    expect(ways.read().list).toBeNull();
    expect(await ways.ask()).toEqual({ list: [sso, passkey, password], isUnknown: false, name: 'Ada', problem: null });
    expect(ways.read()).toBe(await ways.ask());
    expect(asked).toEqual(['s1', 's1']);
  });

  it('are only those that this page can go: no passkey without its function, nothing unknown, nothing incomplete', async () => {
    const { ways, says } = given();
    says({ ways: [passkey, { kind: 'pigeon' }, { kind: 'sso' }, { ...sso, url: 5 }, null, 'password', sso] });
    expect((await ways.ask()).list).toEqual([sso]);
  });

  it('are no password that another server would get', async () => {
    const { ways, says } = given();
    const elsewhere = ['https://elsewhere.example/', '//elsewhere.example', '/\\elsewhere.example', 'login', '', 5];
    const own = { kind: 'password', url: '/login' };
    says({ ways: [...elsewhere.map((url) => ({ kind: 'password', url })), own] });
    expect((await ways.ask()).list).toEqual([own]);
  });

  it('are a password, where the server does not know the question', async () => {
    const { ways, says } = given();
    says({ code: 'not_found' }, 404);
    expect(await ways.ask()).toMatchObject({ list: [password], isUnknown: false });
  });

  it.each<[string, () => Response]>([
    ['an error', () => Response.json({ code: 'unavailable' }, { status: 503 })],
    ['a refusal', () => Response.json({ code: 'invalid_token' }, { status: 401 })],
    ['nonsense', () => Response.json({ ways: 'password' })],
    ['no JSON', () => new Response('<html>')],
  ])(
    'are unknown, and a password may be tried, when the answer is %s; asked again they are known',
    async (_, answer) => {
      const { ways, says, answers } = given();
      answers(answer);
      expect(await ways.ask()).toMatchObject({ list: [password], isUnknown: true });
      says({ ways: [sso] });
      expect(await ways.ask()).toMatchObject({ list: [sso], isUnknown: false });
      answers(answer);
      expect(await ways.ask()).toMatchObject({ list: [sso], isUnknown: false });
    },
  );

  it('of one session are never shown for another, not even when the answer is late', async () => {
    const { ways, says, answers, isOf } = given();
    const late = Promise.withResolvers<Response>();
    answers(() => late.promise);
    const first = ways.ask();
    isOf('s2');
    says({ ways: [sso], user: { name: 'Eve' } });
    await ways.ask();
    late.resolve(Response.json({ ways: [password], user: { name: 'Ada' } }));
    await first;
    expect(ways.read()).toMatchObject({ list: [sso], name: 'Eve' });
    isOf('s3');
    says({}, 500);
    expect(await ways.ask()).toMatchObject({ list: [password], isUnknown: true, name: null });
  });

  it('are asked for once at a time', async () => {
    const { ways, asked } = given();
    await Promise.all([ways.ask(), ways.ask(), ways.ask()]);
    expect(asked).toHaveLength(1);
  });

  it('lead to a proof each, but for a password, which is typed first', () => {
    const proofs: PasskeyWay[] = [];
    const { ways } = given({
      passkey(way) {
        proofs.push(way);
        return async () => {};
      },
    });
    expect(ways.proofFor({ kind: 'password' })).toBeNull();
    expect(ways.proofFor({ kind: 'passkey', options: { challenge: 'c' } })).toBeTypeOf('function');
    expect(proofs).toEqual([passkey]);
  });

  it('say why the user came back from another page without having signed in, until they have', () => {
    const { ways, settle } = given({ cameBackWith: 'stale_proof' });
    expect(ways.read().problem).toMatchObject({ code: 'stale_proof' });
    settle();
    expect(ways.read().problem).toBeNull();
  });
});
