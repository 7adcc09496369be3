import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import { t0 } from '../support/machines.ts';
import { credentials, runningTab, serverWith, user } from '../support/tabMachine.ts';

async function openedAt(at: number, server = serverWith()) {
  const tab = runningTab();
  await tab.answers('resume', { user, view: server.at(at) });
  return { tab, server };
}

describe('the session that a tab predicts', () => {
  it('is where the server’s is from the first moment on', async () => {
    for (const [at, value] of [
      [minutes(25) - 1, { active: 'fresh' }],
      [minutes(25), { active: 'expiring' }],
      [minutes(31), { lapsed: 'idle' }],
    ] as const) {
      const { tab } = await openedAt(t0 + at);
      expect(tab.child()).toEqual(value);
    }
  });

  it('begins anew with each view that is newer', async () => {
    const { tab, server } = await openedAt(t0 + minutes(26));
    server.extend(t0 + minutes(27));
    tab.send({ type: 'server.answered', view: server.at(t0 + minutes(27)) });
    expect(tab.child()).toEqual({ active: 'fresh' });
  });

  it('is none while nobody is signed in, and none after the end', async () => {
    const tab = runningTab();
    await tab.answers('resume');
    expect(tab.child()).toBeUndefined();
    const { tab: ended, server } = await openedAt(t0);
    server.does({ type: 'user.signedOut', at: t0 + 1 });
    ended.send({ type: 'server.answered', view: server.at(t0 + 1) });
    expect(ended.child()).toBeUndefined();
  });
});

describe('the clock of a tab', () => {
  it('goes on and rings once while the server cannot be reached', async () => {
    const tab = runningTab();
    await tab.refuses('resume', 'network', { at: t0 });
    expect(tab.alarm()).toBe(t0 + seconds(5));
    tab.clock(t0 + seconds(5));
    expect(tab.context().now).toBe(t0 + seconds(5));
    expect(tab.alarm()).toBeNull();
  });

  it('rings for the next deadline as soon as a view is known, and goes on with each that has come', async () => {
    const { tab } = await openedAt(t0);
    expect([tab.context().now, tab.alarm()]).toEqual([t0, t0 + minutes(25)]);
    tab.clock(t0 + minutes(25));
    expect([tab.context().now, tab.alarm()]).toEqual([t0 + minutes(25), t0 + minutes(28)]);
  });

  it('rings for nothing after a sign-out, or after an end', async () => {
    const { tab } = await openedAt(t0);
    tab.send({ type: 'signOut.asked', forgetDevice: false });
    await tab.answers('signOut');
    expect([tab.is(), tab.alarm()]).toEqual(['signedOut', null]);
    const { tab: ended, server } = await openedAt(t0);
    server.does({ type: 'user.signedOut', at: t0 + 1 });
    ended.send({ type: 'server.answered', view: server.at(t0 + 1) });
    expect(ended.alarm()).toBeNull();
  });

  it('rings for a sign-in that follows another', async () => {
    const { tab } = await openedAt(t0);
    tab.send({ type: 'signOut.asked', forgetDevice: false });
    await tab.answers('signOut');
    tab.send({ type: 'signIn.asked', ...credentials });
    await tab.answers('signIn', { user, view: serverWith().at(t0) });
    expect([tab.is(), tab.alarm()]).toEqual(['signedIn.active', t0 + minutes(25)]);
  });
});
