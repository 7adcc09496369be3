import { describe, expect, it } from 'vitest';
import { days, minutes, presets } from '../../../machines/index.ts';
import { createWorld, modes, t0 } from '../../support/server/world.ts';

const remember = { remember: true };
const maxAge = /Max-Age=2678400(;|$)/;

async function begin(mode: 'cookie' | 'bearer') {
  const world = await createWorld();
  const ada = world.client(mode);
  const registered = await ada.register('ada', 'correct horse', remember);
  const state = async () => (await ada.get('/api/auth/session-info')).body.session;
  return { ...world, ada, registered, state };
}

describe.each(modes)('a remembered session, %s mode', (mode) => {
  it('ASVS 7.3.1 lapses after 14 days without a person, and not 1 ms earlier', async () => {
    const { pass, state } = await begin(mode);
    pass(days(14) - 1);
    expect(await state()).toMatchObject({ state: 'expiring', reason: 'idle' });
    pass(1);
    expect(await state()).toMatchObject({ state: 'lapsed', reason: 'idle' });
  });

  it('ASVS 7.3.2 lapses after 30 days whatever a person does, and not 1 ms earlier', async () => {
    const { ada, pass, state } = await begin(mode);
    for (const _ of [1, 2]) {
      pass(days(13));
      expect((await ada.post('/api/auth/refresh')).status).toBe(200);
      expect((await ada.post('/api/auth/activity', { ageMs: 0 })).status).toBe(200);
    }
    pass(days(4) - 1);
    expect(await state()).toMatchObject({ state: 'expiring', reason: 'absolute', canExtend: false });
    pass(1);
    expect(await state()).toMatchObject({ state: 'lapsed', reason: 'absolute' });
  });

  it('is still remembered after a re-authentication, from then on', async () => {
    const { ada, pass, registered, state } = await begin(mode);
    const kept = mode === 'cookie' ? maxAge : /^$/;
    expect(registered.headers.get('Set-Cookie') ?? '').toMatch(kept);
    pass(days(14));
    expect(await state()).toMatchObject({ state: 'lapsed' });
    const again = await ada.post('/api/auth/reauthenticate', { password: 'correct horse' });
    expect(again.headers.get('Set-Cookie') ?? '').toMatch(kept);
    expect(again.body.session).toMatchObject({
      idleDeadline: t0 + days(28),
      absoluteDeadline: t0 + days(44),
      policy: { idleTimeout: days(14), absoluteTimeout: days(30) },
    });
  });

  it('has tokens no longer than any other', async () => {
    const { ada, pass } = await begin(mode);
    pass(minutes(30) - 1);
    expect((await ada.get('/api/auth/me')).status).toBe(200);
    pass(1);
    expect((await ada.get('/api/auth/me')).body).toMatchObject({ code: 'token_expired' });
    const refreshed = await ada.post('/api/auth/refresh');
    expect(refreshed.headers.get('Set-Cookie') ?? '').toMatch(mode === 'cookie' ? maxAge : /^$/);
    expect((await ada.get('/api/auth/me')).status).toBe(200);
  });

  it('is one only when somebody asked for it', async () => {
    const { client, pass } = await createWorld();
    const ada = client(mode);
    const { headers } = await ada.register();
    expect(headers.get('Set-Cookie') ?? '').not.toMatch(/Max-Age/);
    pass(minutes(30));
    expect((await ada.get('/api/auth/me')).body).toMatchObject({ code: 'session_lapsed' });
  });

  it.each(['owasp-high', 'nist-aal2', 'nist-aal3', 'pci'] as const)('is forbidden by %s', async (preset) => {
    const { client, pass } = await createWorld({ preset });
    const ada = client(mode);
    const { headers, body } = await ada.register('ada', 'correct horse', remember);
    expect(headers.get('Set-Cookie') ?? '').not.toMatch(/Max-Age/);
    const { idleTimeout, absoluteTimeout } = presets[preset];
    expect(body.session.policy).toMatchObject({ idleTimeout, absoluteTimeout });
    pass(idleTimeout - 1);
    expect((await ada.get('/api/auth/session-info')).body.session.state).toBe('expiring');
    pass(1);
    expect((await ada.get('/api/auth/session-info')).body.session.state).toBe('lapsed');
  });
});
