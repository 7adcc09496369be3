import { describe, expect, test } from 'vitest';
import type { HandOver } from '../../../server/index.ts';
import { formPostWorld } from '../../support/server/formPost.ts';
import { createVerbWorld } from '../../support/server/verbs.ts';
import { origin } from '../../support/server/world.ts';

const elsewhere = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://id.example' };
const request = (path = '/start', init: RequestInit = {}) => new Request(`${origin}${path}`, init);

/** What is thrown at once, in one line. */
function lineOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof TypeError) return error.message;
  }
  return 'nothing was thrown';
}

describe('what cannot be right is a line that names it', () => {
  const paths = [
    '',
    'finish',
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    7,
    null,
  ];
  test.each(paths)('ASVS 3.7.2 a browser is never sent on to %j', async (to) => {
    const { curfew } = await createVerbWorld('memory');
    const line = lineOf(() => curfew.handOver(request(), { to } as HandOver));
    expect(line).toBe(
      `handOver: to must be a path of this application, such as /saml/finish, and is ${JSON.stringify(to)}`,
    );
  });

  test('is an argument of another kind, a name that there is not, and no object', async () => {
    const { curfew } = await createVerbWorld('memory');
    const lines = [
      () => curfew.handOver(request(), {} as HandOver),
      () => curfew.handOver(request(), { to: '/finish', form: 'state=1' as never }),
      () => curfew.handOver(request(), { to: '/finish', data: {} } as never),
      () => curfew.beginHandOver(request(), { keep: ['nonce'] as never }),
      () => curfew.beginHandOver(request(), { keep: { nonce: 7 } as never }),
      () => curfew.beginHandOver(request(), { state: 's' } as never),
      () => curfew.beginHandOver(request(), null as never),
    ].map(lineOf);
    expect(lines).toEqual([
      'handOver: to must be a path of this application, such as /saml/finish, and is undefined',
      'handOver: form must be an object of the fields that were posted, and is "state=1"',
      'handOver: there is no argument data; there are to, form',
      'beginHandOver: keep must be an object of texts, and is ["nonce"]',
      'beginHandOver: keep must be an object of texts, and is {"nonce":7}',
      'beginHandOver: there is no argument state; there are keep',
      'beginHandOver: the arguments must be an object, and are null',
    ]);
    await expect(curfew.takeOver('request' as never)).rejects.toThrow(/^takeOver: the first argument must be /);
  });
});

describe('a sign-in that a form will end', () => {
  test('ASVS 3.3.1 3.3.2 3.3.3 3.3.4 is bound by a cookie of its own, for ten minutes, the same for all tabs', async () => {
    const { curfew } = await createVerbWorld('memory', { cookieName: 'notes' });
    const first = await curfew.beginHandOver(request());
    const cookie = first.headers.get('Set-Cookie') ?? '';
    expect(cookie).toMatch(/^__Host-notes-hand-over=[\w-]{24}; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    expect(first.headers.get('Cache-Control')).toBe('no-store');
    const again = await curfew.beginHandOver(request('/start', { headers: { Cookie: cookie } }));
    expect(again.headers.get('Set-Cookie')).toBe(cookie);
    const empty = await curfew.beginHandOver(request('/start', { headers: { Cookie: '__Host-notes-hand-over=' } }));
    expect(empty.headers.get('Set-Cookie')).toMatch(/^__Host-notes-hand-over=[\w-]{24};/);
  });

  test('is not begun by an unsafe request of another site, nor where the cookie would not be kept', async () => {
    const { curfew, lines } = await createVerbWorld('memory');
    const others = await curfew.beginHandOver(request('/start', { method: 'POST', headers: elsewhere }));
    expect(others).toMatchObject({ ok: false, code: 'cross_site', status: 403 });
    const plain = await curfew.beginHandOver(
      new Request('http://notes.lan/start', { method: 'POST', headers: { Origin: 'http://notes.lan' } }),
    );
    expect(plain).toMatchObject({ ok: false, code: 'https_required', status: 403 });
    expect([others, plain].map(({ headers }) => headers.get('Set-Cookie'))).toEqual([null, null]);
    expect(JSON.stringify(lines)).toContain('http://notes.lan was refused');
  });

  test('ASVS 3.5.1 is not ended by an unsafe request of another site, which uses up nothing', async () => {
    const world = await formPostWorld('memory');
    const ada = world.browser();
    const { location } = await ada.post({ state: await ada.start(), user: 'ada' });
    const posted = await ada.send('POST', location, { headers: elsewhere });
    expect(posted).toMatchObject({ status: 403, body: { code: 'cross_site' } });
    expect((await ada.follow(location)).status).toBe(200);
  });
});

describe('a form whose body has been read already', () => {
  async function begun() {
    const { curfew } = await createVerbWorld('memory');
    const { headers, ...rest } = await curfew.beginHandOver(request());
    const cookie = headers.get('Set-Cookie')?.split(';')[0] ?? '';
    const state = rest.ok ? rest.state : '';
    const hand = (form: Record<string, unknown>, to = '/finish') =>
      curfew.handOver(request('/acs', { method: 'POST' }), { to, form });
    const take = (location: string) => curfew.takeOver(request(location, { headers: { Cookie: cookie } }));
    return { state, hand, take };
  }
  const refused = { ok: false, code: 'invalid_hand_over' };

  test('is handed over as it was read', async () => {
    const { state, hand, take } = await begun();
    const form = Object.fromEntries([
      ['RelayState', state],
      ['SAMLResponse', 'ünïcode 🕯 \0'],
      ['constructor', 'x'],
    ]);
    const handed = await hand(form, '/a/../finish?x=%20y&hand_over=old#there');
    const location = handed.ok ? handed.location : '';
    expect(location).toMatch(/^\/finish\?x=\+y&hand_over=[\w-]{24}#there$/);
    expect(await take(location)).toMatchObject({ ok: true, kept: {}, form });
  });

  test('is refused with a field that is no text, such as one that came twice', async () => {
    const { state, hand } = await begun();
    expect(await hand({ state, SAMLResponse: ['one', 'two'] })).toMatchObject(refused);
    expect(await hand({ state: [state] })).toMatchObject(refused);
    expect(await hand({ state, file: new File([], 'x') })).toMatchObject(refused);
    expect(await hand({})).toMatchObject(refused);
  });

  test('is refused when it is too large, in bytes', async () => {
    const { state, hand } = await begun();
    expect(await hand({ state, x: 'ü'.repeat(128 * 1024) })).toMatchObject({
      ok: false,
      code: 'too_large',
      status: 413,
    });
    expect((await hand({ state, x: 'ü'.repeat(127 * 1024) })).ok).toBe(true);
  });
});
