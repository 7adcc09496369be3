import { describe, expect, it } from 'vitest';
import { hours, minutes, replay } from '../../machines/index.ts';
import { t0 } from '../support/server/world.ts';
import { createStage, settled, type Stage } from '../support/journey.ts';

const credentials = { username: 'ada', password: 'correct horse', register: true };

async function signedIn(stage: Stage, off = 0) {
  const there = stage.open({ off });
  await there.until('signedOut');
  there.tab.signIn(credentials);
  await there.until('active');
  return there;
}

const logOf = (stage: Stage, id: string) => stage.world.parts.log.read(id, 0, 1000);

describe.each([
  ['right', 0],
  ['two hours ahead', hours(2)],
  ['two hours behind', -hours(2)],
])('a tab on a device whose clock is %s', (_, off) => {
  it('WCAG 2.2.1 warns, extends, locks and restores at the server’s instants, and nothing is lost', async () => {
    const stage = await createStage();
    const { tab, until } = await signedIn(stage, off);
    tab.drafts.open('letter', { label: 'letter' });
    tab.drafts.write('letter', 'Grüße 👩🏽‍🚀 שלום');
    await stage.pass(minutes(25) - 1);
    expect(tab.state().phase).toBe('active');
    await stage.pass(1);
    expect(tab.state()).toMatchObject({ phase: 'warning', stage: 'toast' });
    await stage.pass(minutes(3));
    expect(tab.state()).toMatchObject({ phase: 'warning', stage: 'dialog' });
    tab.extend();
    await until('active');
    expect(tab.state().view?.idleDeadline).toBe(t0 + minutes(28 + 30));

    await stage.pass(minutes(30) + 5);
    await until('locked');
    expect(tab.state()).toMatchObject({ reason: 'idle', user: { username: 'ada' } });
    expect(tab.drafts.read('letter').value).toBe('');
    expect(tab.inventory.list()).toEqual([expect.objectContaining({ kind: 'draft', count: 1 })]);
    tab.reauthenticate('wrong');
    await settled(() => tab.state().problem?.code === 'invalid_credentials', 'a wrong password is refused');
    await until('locked');
    tab.reauthenticate('correct horse');
    await until('active');
    tab.drafts.open('letter', { label: 'letter' });
    await settled(() => tab.drafts.read('letter').value === 'Grüße 👩🏽‍🚀 שלום', 'the draft is back');

    const log = await logOf(stage, tab.state().view?.id ?? '');
    const timeouts = log.filter(({ type }) => type === 'clock.reached').map(({ at, to }) => [at - t0, to]);
    expect(timeouts).toEqual([
      [minutes(25), 'active.expiring'],
      [minutes(28 + 25), 'active.expiring'],
      [minutes(28 + 30), 'lapsed.idle'],
    ]);
    expect(replay(log).context.version).toBe(tab.state().view?.version);
  });
});

describe('a tab', () => {
  it('says that staying failed, goes on counting, and tries again by itself', async () => {
    const stage = await createStage();
    const { tab, until } = await signedIn(stage);
    await stage.pass(minutes(26));
    stage.network.isDown = true;
    tab.extend();
    await settled(() => tab.state().answer === 'failed', 'the failure shows');
    expect(tab.state()).toMatchObject({ phase: 'warning', problem: { code: 'network' } });
    stage.network.isDown = false;
    await stage.pass(5_000);
    await until('active');
  });

  it('locks by itself when it cannot reach the server, and says so until it can', async () => {
    const stage = await createStage();
    const { tab, until } = await signedIn(stage);
    stage.network.isDown = true;
    await stage.pass(minutes(30));
    await until('unconfirmed');
    stage.network.isDown = false;
    await stage.pass(5_000);
    await until('locked');
    expect(tab.state().reason).toBe('idle');
  });

  it('locks instead of extending when it slept over its deadline', async () => {
    const stage = await createStage();
    const there = await signedIn(stage);
    await stage.sleep(hours(3));
    there.wake();
    await there.until('locked');
    const log = await logOf(stage, there.tab.state().view?.id ?? '');
    expect(log.at(-1)).toMatchObject({ to: 'lapsed.idle', at: t0 + minutes(30) });
  });

  it('learns at once what another tab did: staying, and signing out', async () => {
    const stage = await createStage();
    const one = await signedIn(stage);
    const two = stage.open();
    await two.until('active');
    await stage.pass(minutes(26));
    expect([one.tab.state().phase, two.tab.state().phase]).toEqual(['warning', 'warning']);
    one.tab.extend();
    await Promise.all([one.until('active'), two.until('active')]);
    one.tab.signOut();
    await Promise.all([one.until('signedOut'), two.until('ended')]);
    expect(two.tab.state().reason).toBe('signed_out');
    expect(stage.jar.cookie).toBeNull();
  });

  it('opened during the warning opens in the warning, and opened when the time is up opens locked', async () => {
    const stage = await createStage();
    await signedIn(stage);
    await stage.pass(minutes(26));
    const late = stage.open();
    await late.until('warning');
    await stage.pass(minutes(10));
    const later = stage.open();
    await later.until('locked');
  });

  it('keeps nothing on the device after signing out', async () => {
    const stage = await createStage();
    const { tab, until } = await signedIn(stage);
    tab.drafts.open('letter', { label: 'letter' });
    tab.drafts.write('letter', 'gone soon');
    await stage.pass(minutes(1));
    expect(stage.disk.homes.size).toBe(1);
    tab.signOut();
    await until('signedOut');
    expect(stage.disk.homes.size).toBe(0);
  });

  it('runs the session machine as its child, which agrees with the server’s log', async () => {
    const stage = await createStage({ policy: { tokenLifetime: minutes(10) } });
    const { tab } = await signedIn(stage);
    await stage.pass(minutes(12));
    expect((await tab.fetch('/api/drafts')).status).toBe(200);
    const { view } = tab.state();
    const log = await logOf(stage, view?.id ?? '');
    expect(log.map(({ type }) => type)).toContain('token.rotated');
    expect(replay(log).leaf).toBe(view?.leaf);
  });
});
