import { describe, expect, it } from 'vitest';
import { days, minutes, presets, seconds } from '../../../machines/index.ts';
import { allowedWarning, longerWarnings } from '../../../server/app/longerWarning.ts';
import { defaultSettings } from '../../../server/app/store/appStore.ts';
import { policyWith } from '../../support/machines.ts';
import { kinds } from '../../support/server/verbs.ts';
import { createWorld, type WorldOptions } from '../../support/server/world.ts';

const inMinutes = (durations: readonly number[]) => durations.map((each) => each / minutes(1));

describe('a warning that may be chosen', () => {
  it.each([
    ['standard', [10, 15]],
    ['owasp-high', [2]],
    ['nist-aal2', [10, 15]],
    ['nist-aal3', [5]],
    ['pci', [5]],
  ] as const)('is longer than that of %s, and at most half the time without activity', (preset, allowed) => {
    expect(inMinutes(longerWarnings(presets[preset]))).toEqual(allowed);
  });

  it.each([
    [{ idleTimeout: minutes(20) }, [10]],
    [{ idleTimeout: minutes(20) - 1 }, []],
    [{ warnBefore: minutes(10) }, [15]],
    [{ warnBefore: minutes(10) - 1 }, [10, 15]],
    [{ remembered: { idleTimeout: minutes(20), absoluteTimeout: days(1) } }, [10]],
    [{ idleTimeout: seconds(60), warnBefore: seconds(20) }, []],
  ])('under %o is one of %o minutes', (changes, allowed) => {
    expect(inMinutes(longerWarnings(policyWith(changes)))).toEqual(allowed);
  });

  it.each([
    [null, null],
    [minutes(15), minutes(10)],
    [minutes(10), minutes(10)],
    [minutes(5), null],
  ])('and was chosen as %s ms under other limits becomes %s', (chosen, allowed) => {
    expect(allowedWarning(policyWith({ idleTimeout: minutes(20) }), chosen)).toBe(allowed);
  });
});

describe.each(kinds)('the longer warning of a user, kept in %s', (log) => {
  async function given(options: WorldOptions = {}) {
    const world = await createWorld({ log, ...options });
    const ada = world.client();
    await ada.register('ada', 'correct horse');
    const chooses = (warnBefore: unknown) => ada.call('PUT', '/api/settings', { ...defaultSettings, warnBefore });
    const warned = async (client = ada) => (await client.get('/api/auth/session-info')).body.session.policy.warnBefore;
    return { world, ada, chooses, warned };
  }

  it('counts from the next sign-in, and neither moves a deadline nor another user', async () => {
    const { world, ada, chooses, warned } = await given();
    expect((await chooses(minutes(10))).body.settings.warnBefore).toBe(minutes(10));
    expect(await warned()).toBe(minutes(5));
    await ada.post('/api/auth/logout');
    await ada.login();
    expect(await warned()).toBe(minutes(10));
    const { session } = (await ada.get('/api/auth/session-info')).body;
    expect([session.idleDeadline - session.warnAt, session.idleDeadline - session.lastActivityAt]).toEqual([
      minutes(10),
      minutes(30),
    ]);
    const bob = world.client();
    await bob.register('bob', 'correct horse');
    expect(await warned(bob)).toBe(minutes(5));
    world.pass(minutes(20));
    expect((await ada.get('/api/auth/session-info')).body.session.state).toBe('expiring');
    expect((await bob.get('/api/auth/session-info')).body.session.state).toBe('active');
  });

  it('counts from a re-authentication, too, and is in the log with it', async () => {
    const { world, ada, chooses, warned } = await given();
    await chooses(minutes(15));
    world.pass(minutes(31));
    await ada.post('/api/auth/reauthenticate', { password: 'correct horse' });
    expect(await warned()).toBe(minutes(15));
    const events = await world.events(ada.id);
    expect(events.map(({ type, data }) => [type, data['policy'] && Object(data['policy']).warnBefore])).toEqual([
      ['session.started', minutes(5)],
      ['clock.reached', undefined],
      ['clock.reached', undefined],
      ['user.reauthenticated', minutes(15)],
    ]);
  });

  it('that was chosen under longer limits is shortened with them', async () => {
    const { world, ada, warned } = await given({ policy: { idleTimeout: minutes(20) } });
    await world.appStore.saveSettings(ada.user?.id ?? '', { ...defaultSettings, warnBefore: minutes(15) });
    expect((await ada.get('/api/settings')).body.settings.warnBefore).toBe(minutes(10));
    await ada.login();
    expect(await warned()).toBe(minutes(10));
  });

  it.each([minutes(5), minutes(2), minutes(16), minutes(30), minutes(10) + 1, -minutes(10), 0, '600000', true, [], {}])(
    'is refused as %o ms: nothing is changed',
    async (value) => {
      const { ada, chooses } = await given();
      await chooses(minutes(10));
      expect((await chooses(value)).status).toBe(422);
      expect((await ada.get('/api/settings')).body.settings.warnBefore).toBe(minutes(10));
    },
  );
});
