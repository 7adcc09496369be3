import { describe, expect, it } from 'vitest';
import { hours, minutes, seconds } from '../../machines/index.ts';
import { t0 } from '../support/machines.ts';
import { credentials, runningTab, serverWith, user } from '../support/tabMachine.ts';

async function signedIn(server = serverWith(), at = t0) {
  const tab = runningTab();
  await tab.answers('resume', { user, view: server.at(at) });
  return { tab, server };
}

describe('a tab that opens', () => {
  it.each([
    ['nobody', {}, 'signedOut'],
    ['somebody', { user, view: serverWith().at(t0) }, 'signedIn.active'],
    [
      'somebody who was warned elsewhere',
      { user, view: serverWith().at(t0 + minutes(26)) },
      'signedIn.warning.counting',
    ],
    ['a session that timed out', { user: null, view: serverWith().at(t0 + minutes(31)) }, 'lapsed.locked'],
    ['one that ended', { user: null, view: serverWith().at(t0 + hours(30)) }, 'ended'],
  ])('finds %s and shows it', async (_, found, state) => {
    const tab = runningTab();
    expect(tab.is()).toBe('starting.asking');
    await tab.answers('resume', found);
    expect(tab.is()).toBe(state);
  });

  it('tries again by itself, when it wakes or the network is back, and when somebody asks', async () => {
    const tab = runningTab();
    await tab.refuses('resume', 'network', { at: t0 });
    expect(tab.is()).toBe('starting.unreachable');
    expect(tab.alarm()).toBe(t0 + seconds(5));
    tab.clock(t0 + seconds(5));
    expect(tab.is()).toBe('starting.asking');
    for (const event of [{ type: 'revalidation.asked' }, { type: 'retry.asked' }] as const) {
      await tab.refuses('resume', 'network');
      tab.send(event);
      expect(tab.is()).toBe('starting.asking');
    }
  });
});

describe('signing in', () => {
  it('brings in whoever proves who they are, and says why not otherwise', async () => {
    const tab = runningTab();
    await tab.answers('resume');
    tab.send({ type: 'signIn.asked', ...credentials });
    expect(tab.asked.at(-1)).toEqual(['signIn', credentials]);
    await tab.refuses('signIn', 'invalid_credentials', { detail: 'Wrong.' });
    expect(tab.is()).toBe('signedOut');
    expect(tab.context().problem).toMatchObject({ code: 'invalid_credentials', detail: 'Wrong.' });
    tab.send({ type: 'signIn.asked', ...credentials });
    expect(tab.context().problem).toBeNull();
    await tab.answers('signIn', { user, view: serverWith().at(t0) });
    expect(tab.is()).toBe('signedIn.active');
    expect(tab.context().user).toEqual(user);
  });
});

describe('the warning', () => {
  it('WCAG 2.2.1 comes, grows and ends at the server’s instants and not 1 ms before', async () => {
    const { tab } = await signedIn();
    const stages = [
      [minutes(25) - 1, 'signedIn.active', 'toast'],
      [minutes(25), 'signedIn.warning.counting', 'toast'],
      [minutes(28) - 1, 'signedIn.warning.counting', 'toast'],
      [minutes(28), 'signedIn.warning.counting', 'dialog'],
      [minutes(30) - 1, 'signedIn.warning.counting', 'dialog'],
      [minutes(30), 'lapsed.checking', 'dialog'],
    ] as const;
    for (const [at, state, stage] of stages) {
      tab.clock(t0 + at);
      expect([at, tab.is(), tab.context().stage]).toEqual([at, state, stage]);
    }
  });

  it('is woken for each stage in turn', async () => {
    const { tab } = await signedIn();
    for (const at of [minutes(25), minutes(28), minutes(30)]) {
      expect(tab.alarm()).toBe(t0 + at);
      tab.clock(t0 + at);
    }
  });

  it('is taken away by staying, by the server’s word', async () => {
    const { tab, server } = await signedIn();
    tab.clock(t0 + minutes(26));
    tab.send({ type: 'extend.asked' });
    tab.send({ type: 'extend.asked' });
    expect(tab.is()).toBe('signedIn.warning.extending');
    expect(tab.asked.filter(([name]) => name === 'extend')).toHaveLength(1);
    expect(tab.context().view?.idleDeadline).toBe(t0 + minutes(30));
    server.extend(t0 + minutes(26));
    await tab.answers('extend', { view: server.at(t0 + minutes(26)) });
    expect(tab.is()).toBe('signedIn.active');
    expect(tab.alarm()).toBe(t0 + minutes(51));
  });

  it('is taken away when another tab’s or device’s answer becomes known', async () => {
    const { tab, server } = await signedIn();
    tab.clock(t0 + minutes(26));
    server.extend(t0 + minutes(27));
    tab.send({ type: 'server.answered', view: server.at(t0 + minutes(27)) });
    expect(tab.is()).toBe('signedIn.active');
  });

  it('stays when staying fails, says why, and tries again: by itself, with the network, by hand, when the server is heard', async () => {
    const { tab, server } = await signedIn();
    tab.clock(t0 + minutes(26));
    tab.send({ type: 'extend.asked' });
    await tab.refuses('extend', 'network');
    expect(tab.is()).toBe('signedIn.warning.failed');
    expect(tab.context().problem?.code).toBe('network');
    tab.clock(tab.context().now + seconds(5));
    expect(tab.is()).toBe('signedIn.warning.extending');
    await tab.refuses('extend', 'unavailable', { retryAfter: seconds(20) });
    expect(tab.alarm()).toBe(tab.context().now + seconds(20));
    const heard = { type: 'server.answered', view: server.at(tab.context().now) } as const;
    for (const event of [
      { type: 'network.found' },
      { type: 'extend.asked' },
      { type: 'retry.asked' },
      heard,
    ] as const) {
      tab.send(event);
      expect(tab.is()).toBe('signedIn.warning.extending');
      await tab.refuses('extend', 'network');
    }
    tab.clock(t0 + minutes(30));
    expect(tab.is()).toBe('lapsed.checking');
  });

  it('leads to the locked screen with the true reason when staying is refused', async () => {
    const { tab } = await signedIn();
    tab.clock(t0 + minutes(26));
    tab.send({ type: 'extend.asked' });
    await tab.refuses('extend', 'session_ended');
    expect(tab.is()).toBe('lapsed.checking');
  });

  it('does not ask again and again for what cannot be had', async () => {
    const { tab } = await signedIn();
    tab.clock(t0 + minutes(26));
    tab.send({ type: 'extend.asked' });
    await tab.refuses('extend', 'cannot_extend');
    expect(tab.is()).toBe('signedIn.warning.counting');
    tab.clock(tab.context().now + seconds(10));
    expect(tab.is()).toBe('signedIn.warning.counting');
  });

  it('of the absolute limit is answered by proving again who is here', async () => {
    const server = serverWith({ idleTimeout: minutes(30), absoluteTimeout: minutes(40) });
    server.extend(t0 + minutes(20));
    const { tab } = await signedIn(server, t0 + minutes(36));
    expect(tab.is()).toBe('signedIn.warning.counting');
    tab.send({ type: 'extend.asked' });
    expect(tab.is()).toBe('signedIn.warning.counting');
    tab.send({ type: 'reauthentication.asked', password: 'wrong' });
    await tab.refuses('reauthenticate', 'invalid_credentials');
    expect(tab.context().problem?.code).toBe('invalid_credentials');
    tab.send({ type: 'reauthentication.asked', password: 'right' });
    server.reauthenticate(t0 + minutes(37));
    await tab.answers('reauthenticate', { user, view: server.at(t0 + minutes(37)) });
    expect(tab.is()).toBe('signedIn.active');
  });
});

describe('the end', () => {
  it('of a tab that slept over every deadline is a lock, not a warning without an end', async () => {
    const { tab } = await signedIn();
    tab.clock(t0 + hours(5));
    expect(tab.is()).toBe('lapsed.checking');
  });

  it('is asked for once, and locks in place', async () => {
    const { tab, server } = await signedIn();
    tab.clock(t0 + minutes(30));
    await tab.answers('check', { view: server.at(t0 + minutes(30)) });
    expect(tab.is()).toBe('lapsed.locked');
    expect(tab.context()).toMatchObject({ reason: 'idle', user });
    expect(tab.asked.map(([name]) => name)).toEqual(['resume', 'check']);
  });

  it('is no end when the session was extended elsewhere', async () => {
    const { tab, server } = await signedIn();
    tab.clock(t0 + minutes(30));
    server.extend(t0 + minutes(29));
    await tab.answers('check', { view: server.at(t0 + minutes(30)) });
    expect(tab.is()).toBe('signedIn.active');
  });

  it('is only presumed while the server cannot be reached, and work is not thrown away', async () => {
    const { tab, server } = await signedIn();
    tab.clock(t0 + minutes(30));
    await tab.refuses('check', 'network');
    expect(tab.is()).toBe('lapsed.unconfirmed');
    expect(tab.context().user).toEqual(user);
    tab.clock(tab.context().now + seconds(5));
    expect(tab.is()).toBe('lapsed.checking');
    await tab.refuses('check', 'network');
    tab.send({ type: 'revalidation.asked' });
    await tab.answers('check', { view: server.at(t0 + minutes(31)) });
    expect(tab.is()).toBe('lapsed.locked');
  });

  it.each([
    ['a refused request', { type: 'server.refused', reason: 'revoked' }],
    ['a lost credential', { type: 'credential.lost' }],
  ] as const)('may be learned from %s', async (_, event) => {
    const { tab } = await signedIn();
    tab.send(event);
    expect(tab.is()).toBe('lapsed.checking');
    await tab.refuses('check', 'unauthenticated');
    expect(tab.is()).toBe('ended');
    expect(tab.context().reason).toBe(event.type === 'server.refused' ? 'revoked' : null);
  });

  it('is told to the check, so that nothing is saved after a sign-out elsewhere', async () => {
    const { tab } = await signedIn();
    tab.send({ type: 'server.refused', reason: 'signed_out' });
    expect(tab.asked.at(-1)).toEqual(['check', { reason: 'signed_out' }]);
  });
});

async function locked() {
  const { tab, server } = await signedIn();
  tab.clock(t0 + minutes(30));
  await tab.answers('check', { view: server.at(t0 + minutes(30)) });
  return { tab, server };
}

describe('the locked screen', () => {
  it('lets back in whoever proves who they are, and brings the work back first', async () => {
    const { tab, server } = await locked();
    tab.send({ type: 'reauthentication.asked', password: 'right' });
    expect(tab.asked.at(-1)).toEqual(['reauthenticate', { password: 'right' }]);
    server.reauthenticate(t0 + hours(2));
    await tab.answers('reauthenticate', { user, view: server.at(t0 + hours(2)) });
    expect(tab.is()).toBe('lapsed.restoring');
    await tab.answers('restore');
    expect(tab.is()).toBe('signedIn.active');
    expect(tab.alarm()).toBe(t0 + hours(2) + minutes(25));
  });

  it('opens when another tab has been let back in', async () => {
    const { tab, server } = await locked();
    server.reauthenticate(t0 + hours(1));
    tab.send({ type: 'server.answered', view: server.at(t0 + hours(1)) });
    expect(tab.is()).toBe('lapsed.restoring');
  });

  it('lets in even when the work cannot be brought back, and says so', async () => {
    const { tab, server } = await locked();
    server.reauthenticate(t0 + hours(1));
    tab.send({ type: 'server.answered', view: server.at(t0 + hours(1)) });
    await tab.refuses('restore', 'network');
    expect(tab.is()).toBe('signedIn.active');
    expect(tab.context().problem?.code).toBe('network');
  });

  it('stays while somebody types a password and looks elsewhere', async () => {
    const { tab } = await locked();
    tab.send({ type: 'revalidation.asked' });
    tab.send({ type: 'server.refused', reason: 'idle' });
    expect(tab.is()).toBe('lapsed.locked');
  });

  it('asks at the end of the restore window, and then it is over', async () => {
    const { tab, server } = await locked();
    expect(tab.alarm()).toBe(t0 + minutes(30) + hours(24));
    tab.clock(t0 + minutes(30) + hours(24));
    expect(tab.is()).toBe('lapsed.checking');
    await tab.answers('check', { view: server.at(t0 + minutes(30) + hours(24)) });
    expect(tab.is()).toBe('ended');
    expect(tab.context().reason).toBe('expired');
  });

  it('hears of a sign-out in another tab', async () => {
    const { tab } = await locked();
    tab.send({ type: 'server.refused', reason: 'signed_out' });
    await tab.refuses('check', 'unauthenticated');
    expect(tab.is()).toBe('ended');
    expect(tab.context().reason).toBe('signed_out');
  });

  it('gives way to somebody else without a trace of who was here', async () => {
    const { tab } = await locked();
    tab.send({ type: 'signIn.chosen' });
    expect(tab.is()).toBe('signedOut');
    expect(tab.context()).toMatchObject({ user: null, view: null, reason: null });
  });
});

describe('signing out', () => {
  it.each(['active', 'warned', 'locked'])(
    'works while %s, and forgets who was here even when the server is away',
    async (when) => {
      const { tab } = when === 'locked' ? await locked() : await signedIn();
      if (when === 'warned') tab.clock(t0 + minutes(29));
      tab.send({ type: 'signOut.asked', forgetDevice: true });
      expect(tab.is()).toBe('signingOut');
      expect(tab.asked.at(-1)).toEqual(['signOut', { forgetDevice: true }]);
      await tab.refuses('signOut', 'network');
      expect(tab.is()).toBe('signedOut');
      expect(tab.context()).toMatchObject({ user: null, view: null, problem: { code: 'network' } });
    },
  );
});

describe('what a tab believes', () => {
  it('goes on predicting when somebody is asked to leave a screen that is not shown', async () => {
    const { tab } = await signedIn();
    tab.send({ type: 'signIn.chosen' });
    expect(tab.is()).toBe('signedIn.active');
    tab.clock(t0 + minutes(25));
    expect(tab.child()).toEqual({ active: 'expiring' });
  });

  it('ignores views that are old or of another session', async () => {
    const { tab, server } = await signedIn();
    const old = server.at(t0);
    server.extend(t0 + minutes(20));
    const fresh = server.at(t0 + minutes(20));
    tab.send({ type: 'server.answered', view: fresh });
    tab.send({ type: 'server.answered', view: old });
    tab.send({ type: 'server.answered', view: { ...fresh, id: 's2', version: 99, state: 'ended' } });
    expect(tab.context().view).toEqual(fresh);
    expect(tab.is()).toBe('signedIn.active');
  });

  it('is not thrown back in time by a view it knows', async () => {
    const { tab, server } = await signedIn();
    const known = server.at(t0);
    tab.clock(t0 + minutes(29));
    tab.send({ type: 'server.answered', view: known });
    expect(tab.context()).toMatchObject({ stage: 'dialog', now: t0 + minutes(29) });
  });

  it('opens when it heard of the restoring before the check that found it locked answers', async () => {
    const { tab, server } = await signedIn();
    tab.clock(t0 + minutes(30));
    const lapsed = server.at(t0 + minutes(30));
    server.reauthenticate(t0 + minutes(31));
    tab.send({ type: 'server.answered', view: server.at(t0 + minutes(31)) });
    await tab.answers('check', { view: lapsed });
    expect(tab.is()).toBe('lapsed.restoring');
  });

  it('does not let a late answer undo a newer one', async () => {
    const { tab, server } = await signedIn();
    tab.clock(t0 + minutes(26));
    tab.send({ type: 'extend.asked' });
    server.extend(t0 + minutes(26));
    const first = server.at(t0 + minutes(26));
    server.does({ type: 'activity.seen', at: t0 + minutes(28), seenAt: t0 + minutes(28), generation: 0 });
    const second = server.at(t0 + minutes(28));
    tab.send({ type: 'server.answered', view: second });
    await tab.answers('extend', { view: first });
    expect(tab.context().view).toEqual(second);
  });

  it('runs the session machine as its child, which is where the server’s is', async () => {
    const { tab, server } = await signedIn();
    expect(tab.child()).toEqual({ active: 'fresh' });
    tab.clock(t0 + minutes(25));
    expect(tab.child()).toEqual({ active: 'expiring' });
    server.extend(t0 + minutes(26));
    tab.send({ type: 'server.answered', view: server.at(t0 + minutes(26)) });
    expect(tab.child()).toEqual({ active: 'fresh' });
    tab.clock(t0 + minutes(56));
    expect(tab.child()).toEqual({ lapsed: 'idle' });
    expect(server.at(t0 + minutes(56)).leaf).toBe('lapsed.idle');
  });
});
