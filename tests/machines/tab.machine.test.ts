import { describe, expect, it } from 'vitest';
import { minutes, type TabEvent } from '../../machines/index.ts';
import { t0 } from '../support/machines.ts';
import { credentials, runningTab, serverWith, user } from '../support/tabMachine.ts';
import { lockedTab, signedInTab, warnedTab } from '../support/tabStates.ts';

const signIn: TabEvent = { type: 'signIn.asked', ...credentials };
const nobody = { user: null, view: null, reason: null, problem: null, stage: 'toast', retryAt: null };

describe('the network of a tab', () => {
  it('is there to begin with, goes and comes back', async () => {
    const { tab } = await signedInTab();
    const network = () => tab.snapshot().value.network;
    expect(network()).toBe('online');
    tab.send({ type: 'network.found' });
    expect(network()).toBe('online');
    tab.send({ type: 'network.lost' });
    expect(network()).toBe('offline');
    tab.send({ type: 'network.found' });
    expect([network(), tab.is()]).toEqual(['online', 'signedIn.active']);
  });
});

describe('a sign-in', () => {
  it('that fails says why and when to try again, and the next one forgets it', async () => {
    const tab = runningTab();
    await tab.answers('resume');
    expect([tab.is(), tab.did()]).toEqual([
      'signedOut',
      ['leases: none', 'clearActivity', 'clearWork', 'leases: none'],
    ]);
    tab.send(signIn);
    await tab.refuses('signIn', 'too_many_attempts', { at: t0, retryAfter: 9 });
    expect([tab.is(), tab.context()]).toMatchObject([
      'signedOut',
      { problem: { code: 'too_many_attempts', retryAfter: 9 }, retryAt: t0 + 9, now: t0 },
    ]);
    tab.send(signIn);
    expect([tab.is(), tab.context()]).toMatchObject(['signingIn', { problem: null, retryAt: null }]);
  });

  it('is asked for with what was typed, from the form and from the screen that says it is over', async () => {
    const { tab, server } = await lockedTab();
    server.does({ type: 'session.revoked', at: t0 + minutes(31), by: 'u1', reason: 'lost' });
    tab.send({ type: 'server.answered', view: server.at(t0 + minutes(31)) });
    expect([tab.is(), tab.context().user]).toEqual(['ended', user]);
    tab.send(signIn);
    expect([tab.is(), tab.asked.at(-1)]).toEqual(['signingIn', ['signIn', credentials]]);
    expect(tab.context()).toMatchObject(nobody);
    await tab.answers('signIn', { user: { id: 'u2', username: 'bob' }, view: { ...serverWith().at(t0), id: 's2' } });
    expect([tab.is(), tab.context().user?.username]).toEqual(['signedIn.active', 'bob']);
  });
});

describe('a sign-out', () => {
  it.each([true, false])('says whether the device is to be forgotten: %s', async (forgetDevice) => {
    for (const { tab } of [await signedInTab(), await warnedTab(), await lockedTab()]) {
      tab.send({ type: 'signOut.asked', forgetDevice });
      expect([tab.is(), tab.asked.at(-1)]).toEqual(['signingOut', ['signOut', { forgetDevice }]]);
      await tab.answers('signOut');
      expect([tab.is(), tab.context()]).toMatchObject(['signedOut', nobody]);
    }
  });

  it('that did not reach the server says so, and knows of nobody any more', async () => {
    const { tab } = await signedInTab();
    tab.send({ type: 'signOut.asked', forgetDevice: false });
    await tab.refuses('signOut', 'network', { at: t0 + 1 });
    const problem = { code: 'network', at: t0 + 1 };
    expect(tab.context()).toMatchObject({ ...nobody, problem, retryAt: t0 + 1 + 5_000 });
  });

  it('leaves alone what is on its way besides: a token that is being renewed, and why that failed', async () => {
    const { tab } = await signedInTab();
    const refreshProblem = { code: 'network', at: t0 };
    tab.send({ type: 'refresh.ended', problem: refreshProblem });
    tab.send({ type: 'signOut.asked', forgetDevice: false });
    await tab.answers('signOut');
    expect(tab.context()).toMatchObject({ ...nobody, now: t0, isRefreshing: false, refreshProblem });
  });
});

describe('a tab that is opened', () => {
  it('after the end of its session says so, and lets somebody sign in', async () => {
    const tab = runningTab();
    const server = serverWith();
    server.does({ type: 'session.displaced', at: t0, by: 's2' });
    await tab.answers('resume', { user: null, view: server.at(t0) });
    expect([tab.is(), tab.context().reason]).toEqual(['ended', 'displaced']);
    tab.send({ type: 'signIn.chosen' });
    expect([tab.is(), tab.context()]).toMatchObject(['signedOut', nobody]);
  });
});
