import { describe, expect, it } from 'vitest';
import { minutes } from '../../../../machines/index.ts';
import { signIn } from '../../../../server/verbs/signIn.ts';
import type { TabOptions } from '../../../../web/client/index.ts';
import { createStage, settled, type Stage } from '../../../support/journey.ts';
import { createTime } from '../../../support/tab.ts';
import { postPassword } from '../../../../web/client/tab/ownPassword.ts';
import { origin } from '../../../support/server/world.ts';

const credentials = { username: 'ada', password: 'correct horse' };

/** A tab whose session's time is up, and an application that has a route of its own for passwords. */
async function locked({ url = '/login', options = {} }: { url?: string; options?: TabOptions } = {}) {
  const stage = await createStage({ ways: () => [{ kind: 'password', url }] });
  const asked: { readonly path: string; readonly session: string | null; readonly body: unknown }[] = [];
  let refusal: ((request: Request) => Response | Promise<Response>) | null = null;
  const { tab, until } = stage.open({ options });
  await until('signedOut');
  tab.signIn({ ...credentials, register: true });
  await until('active');
  const id = tab.state().view?.id;
  const user = tab.state().user?.id ?? '';
  stage.network.answers = (request) => {
    const path = request.url.replace(origin, '');
    if (path === '/api/auth/reauthenticate') return new Response('', { status: 500 });
    return path === '/login' ? own(stage, request) : null;
  };
  async function own({ world }: Stage, request: Request): Promise<Response> {
    const session = request.headers.get('Session-Id');
    const body: unknown = await request.clone().json();
    asked.push({ path: '/login', session, body });
    if (refusal) return refusal(request);
    const { transport = 'cookie' } = options;
    const signedIn = await signIn(world.parts, request, {
      user,
      method: ['pwd'],
      authenticatedAt: world.now(),
      session: session ?? undefined,
      transport,
    });
    if (!signedIn.ok) return signedIn.response;
    return Response.json({ token: signedIn.token }, { headers: signedIn.headers });
  }
  await stage.pass(minutes(31));
  await until('locked');
  return { stage, tab, until, id, asked, refuses: (next: typeof refusal) => (refusal = next) };
}

const refusedWith =
  (body: BodyInit | null, status: number, headers: HeadersInit = {}) =>
  () =>
    new Response(body, { status, headers });

describe('a password that the application’s own route takes', () => {
  it.each(['cookie', 'bearer'] as const)('goes on with the session that has lapsed: %s', async (transport) => {
    const { tab, until, id, asked } = await locked({ options: { transport } });
    tab.reauthenticate(credentials.password);
    await until('active');
    expect(asked).toEqual([{ path: '/login', session: id, body: { password: credentials.password } }]);
    expect(tab.state()).toMatchObject({ problem: null, view: { id, state: 'active' }, user: { username: 'ada' } });
  });

  it.each([
    ['a page', refusedWith('<p>Wrong.</p>', 401, { 'Content-Type': 'text/html' }), 'invalid_credentials', undefined],
    [
      'JSON of its own',
      () => Response.json({ code: 'unauthenticated' }, { status: 401 }),
      'invalid_credentials',
      undefined,
    ],
    ['too many tries', refusedWith(null, 429, { 'Retry-After': '30' }), 'too_many_attempts', 30_000],
    ['an error', refusedWith('oops', 500), 'http_500', undefined],
  ])('is refused as Curfew’s own route refuses it, and the next one works: %s', async (_, answer, code, retryAfter) => {
    const { tab, until, refuses } = await locked();
    refuses(answer);
    tab.reauthenticate('wrong');
    await settled(() => tab.state().problem !== null && tab.state().phase === 'locked', 'it is refused');
    expect([tab.state().problem?.code, tab.state().problem?.retryAfter]).toEqual([code, retryAfter]);
    refuses(null);
    tab.reauthenticate(credentials.password);
    await until('active');
  });

  it('leads to the end when the session has ended meanwhile', async () => {
    const { stage, tab, until, id } = await locked();
    const elsewhere = stage.world.client('bearer');
    await elsewhere.login('ada', credentials.password);
    await elsewhere.call('DELETE', `/api/auth/sessions/${id}`);
    tab.reauthenticate(credentials.password);
    await until('ended');
    expect(tab.state().reason).toBe('revoked');
  });

  it('proves again who is here in a session that lives, as the warning of the absolute limit asks', async () => {
    const { stage, tab, until, asked } = await locked();
    tab.reauthenticate(credentials.password);
    await until('active');
    await stage.pass(1);
    expect(await tab.prove(credentials.password)).toBeNull();
    expect(asked).toHaveLength(2);
    expect(tab.state().view?.authenticatedAt).toBe(stage.world.now());
  });

  it('gives up a route that does not answer', async () => {
    const { timer, clock, pass } = createTime();
    const never = (_: unknown, { signal }: RequestInit = {}) =>
      new Promise<Response>((__, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))));
    const given = postPassword({ client: { proofFetch: never }, tokens: null, timer, now: clock.now }, '/login', 'x');
    const refused = expect(given).rejects.toMatchObject({ code: 'network' });
    await pass(10_000);
    await refused;
  });
});
