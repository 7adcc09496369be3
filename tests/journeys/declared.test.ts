import { describe, expect, it } from 'vitest';
import { hours, minutes, presets, seconds } from '../../machines/index.ts';
import { createStage, settled } from '../support/journey.ts';

async function begun(options: Parameters<typeof createStage>[0] = {}) {
  const stage = await createStage(options);
  const one = stage.open();
  await one.until('signedOut');
  one.tab.signIn({ username: 'ada', password: 'correct horse', register: true });
  await one.until('active');
  const id = one.tab.state().view?.id ?? '';
  const log = async () => (await stage.world.events(id)).map(({ type }) => type);
  return { stage, one, id, log };
}

describe('an upload without a hand', () => {
  it('holds off warning and time-out while it lasts; then the idle clock begins, and the log says all of it', async () => {
    const { stage, one, id, log } = await begun();
    const upload = one.tab.lease('upload');
    for (let quarter = 0; quarter < 6; quarter++) {
      await stage.pass(minutes(15));
      expect(one.tab.state().phase).toBe('active');
    }
    upload.release();
    await settled(() => upload.status() === 'over', 'the lease is over');
    await stage.pass(minutes(24));
    expect(one.tab.state().phase).toBe('active');
    await stage.pass(minutes(1));
    expect(one.tab.state().phase).toBe('warning');
    expect(await log()).toEqual(expect.arrayContaining(['lease.taken', 'lease.released']));
    expect(await log()).not.toContain('activity.seen');
    const [taken] = (await stage.world.events(id)).filter(({ type }) => type === 'lease.taken');
    expect(taken?.data).toMatchObject({ kind: 'upload' });
    one.close();
  });

  it('cannot hold a session longer than the policy allows', async () => {
    const { stage, one } = await begun();
    const upload = one.tab.lease('upload', { max: hours(9) });
    await stage.pass(hours(2));
    expect(upload.status()).toBe('over');
    await stage.pass(minutes(30));
    await one.until('locked');
    one.close();
  });

  it('that crashed with its tab holds nothing for long', async () => {
    const { stage, one, id } = await begun();
    one.tab.lease('upload');
    await stage.pass(minutes(1));
    one.close();
    await stage.pass(minutes(31));
    const [last] = (await stage.world.events(id)).slice(-1);
    const client = stage.world.client();
    client.token = stage.jar.cookie;
    expect((await client.get('/api/auth/session-info')).body.session.state).toBe('lapsed');
    expect(last).toBeDefined();
  });

  it('is refused under a strict policy, once, and the session goes on as if nobody had asked', async () => {
    const { stage, one, log } = await begun({ preset: 'owasp-high' });
    const upload = one.tab.lease('upload');
    await settled(() => upload.status() === 'refused', 'the lease is refused');
    await stage.pass(presets['owasp-high'].idleTimeout);
    expect(one.tab.state().phase).not.toBe('active');
    expect(await log()).not.toContain('lease.taken');
    one.close();
  });
});

describe('the proof that a person was warned', () => {
  it('stands in the log once for every stage, with the answer after it', async () => {
    const { stage, one, id } = await begun();
    await stage.pass(minutes(25) + seconds(5));
    await stage.pass(minutes(3));
    one.tab.extend();
    await one.until('active');
    const events = await stage.world.events(id);
    const from = events.findIndex(({ type }) => type === 'warning.shown');
    expect(events.slice(from, from + 3).map(({ type, data }) => [type, data['stage'], data['visible']])).toEqual([
      ['warning.shown', 'toast', false],
      ['warning.shown', 'dialog', false],
      ['session.extended', undefined, undefined],
    ]);
    one.close();
  });
});
