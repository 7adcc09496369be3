import { describe, expect, it } from 'vitest';
import { days, hours, minutes, type Duration, type PresetName } from '../../../machines/index.ts';
import { createWorld, modes, type Client } from '../../support/server/world.ts';

const password = 'correct horse';

/** Somebody signed in under a preset. */
async function begin(preset: PresetName, mode: (typeof modes)[number], more: object = {}) {
  const world = await createWorld({ preset });
  const ada = world.client(mode);
  await ada.register('ada', password, more);
  return { ...world, ada };
}

/** Somebody who never stops, in stretches short enough for every limit but the absolute one, and for every token. */
async function busyFor(ada: Client, pass: (duration: Duration) => void, all: Duration, stretch: Duration) {
  for (let left = all; left > 0; left -= stretch) {
    pass(Math.min(stretch, left));
    await ada.post('/api/auth/refresh');
    await ada.post('/api/auth/activity', { ageMs: 0 });
  }
}

describe.each(modes)('a session under a preset, %s mode', (mode) => {
  async function idles(preset: PresetName, longest: Duration) {
    const { ada, pass } = await begin(preset, mode);
    pass(minutes(3));
    await ada.post('/api/auth/activity', { ageMs: 0 });
    pass(longest - 1);
    await ada.post('/api/auth/refresh');
    expect((await ada.get('/api/auth/me')).status).toBe(200);
    pass(1);
    expect((await ada.get('/api/auth/me')).body).toMatchObject({
      code: 'session_lapsed',
      reason: 'idle',
      restorable: true,
    });
    expect((await ada.post('/api/auth/refresh', { intent: 'extend' })).status).toBe(401);
    const restored = await ada.post('/api/auth/reauthenticate', { password });
    expect(restored.status).toBe(200);
    expect((await ada.get('/api/auth/me')).status).toBe(200);
  }

  it('PCI DSS 8.2.8 lets nobody go on after 15 minutes of idleness without their password', () =>
    idles('pci', minutes(15)));

  it('NIST SP 800-63B-4 §5.2 AAL2 lapses after an hour of idleness, and the password is enough to resume it', () =>
    idles('nist-aal2', hours(1)));

  it('NIST SP 800-63B-4 §5.2 AAL3 lapses after 15 minutes of idleness', () => idles('nist-aal3', minutes(15)));

  it.each([
    ['nist-aal2', hours(24)],
    ['nist-aal3', hours(12)],
  ] as const)(
    'NIST SP 800-63B-4 §5.2 AAL2 AAL3 has an end that activity does not move (%s)',
    async (preset, longest) => {
      const { ada, pass } = await begin(preset, mode);
      await busyFor(ada, pass, longest - 1, minutes(10));
      expect((await ada.get('/api/auth/me')).status).toBe(200);
      pass(1);
      expect((await ada.get('/api/auth/me')).body).toMatchObject({ code: 'session_ended', reason: 'absolute' });
      expect((await ada.post('/api/auth/reauthenticate', { password })).status).toBe(410);
    },
  );

  it('ASVS 10.4.8 NIST SP 800-63B-4 AAL1 ends after 30 days though it is remembered and refreshed every day', async () => {
    const { ada, pass } = await begin('standard', mode, { remember: true });
    await busyFor(ada, pass, days(30) - 1, days(1));
    expect((await ada.get('/api/auth/me')).status).toBe(200);
    pass(1);
    const refused = { code: 'session_lapsed', reason: 'absolute' };
    expect((await ada.post('/api/auth/refresh')).body).toMatchObject(refused);
    expect((await ada.get('/api/auth/me')).body).toMatchObject(refused);
  });

  it('NIST SP 800-63B-4 §5.2 begins both limits anew when somebody proves who they are', async () => {
    const { ada, pass, now } = await begin('standard', mode);
    await busyFor(ada, pass, hours(11), minutes(20));
    const proved = await ada.post('/api/auth/reauthenticate', { password });
    expect(proved.body.session).toMatchObject({
      idleDeadline: now() + minutes(30),
      absoluteDeadline: now() + hours(12),
    });
  });
});
