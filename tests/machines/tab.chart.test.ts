import { describe, expect, it } from 'vitest';
import { chartOf, hours, minutes, tabMachine } from '../../machines/index.ts';
import { t0 } from '../support/machines.ts';
import { credentials, runningTab, serverWith, user } from '../support/tabMachine.ts';

const { transitions } = chartOf(tabMachine);

async function signedIn(server = serverWith()) {
  const tab = runningTab();
  await tab.answers('resume', { user, view: server.at(t0) });
  tab.did();
  return { tab, server };
}

async function locked() {
  const { tab, server } = await signedIn();
  tab.clock(t0 + minutes(30));
  await tab.answers('check', { view: server.at(t0 + minutes(30)) });
  return { tab, server };
}

describe('a server’s view', () => {
  it('enters by one event, and is taken in one place, where it is tested to be newer', () => {
    const taking = transitions.filter(({ actions }) => actions.includes('takeView'));
    expect(taking.map(({ from, event, guard }) => [from, event, guard])).toEqual([['', 'server.answered', 'isNews']]);
    expect(transitions.filter(({ event }) => event === 'server.answered')).toEqual(taking);
  });

  it('of another session is taken only when this tab asked for it', async () => {
    const { tab } = await signedIn();
    const other = { ...serverWith().at(t0), id: 's2', version: 99 };
    tab.send({ type: 'server.answered', view: other });
    expect(tab.context().view?.id).toBe('s1');
    tab.send({ type: 'server.answered', view: other, isAsked: true });
    expect(tab.context().view?.id).toBe('s2');
  });

  it('that says it is over locks the tab, also when it comes at the moment the warning would begin', async () => {
    const { tab, server } = await signedIn();
    server.does({ type: 'session.revoked', at: t0 + minutes(26), by: 'u1', reason: 'other device' });
    tab.send({ type: 'server.answered', view: server.at(t0 + minutes(26)) });
    expect(tab.is()).toBe('lapsed.checking');
  });
});

describe('what a tab does', () => {
  it('while somebody is signed in: it listens, renews the token, and keeps what was declared', async () => {
    const { tab } = await signedIn();
    expect(tab.runs()).toEqual(['leases', 'renewal', 'stream']);
    tab.clock(t0 + minutes(26));
    expect(tab.runs()).toEqual(['leases', 'renewal', 'stream', 'warningReceipts']);
    tab.clock(t0 + minutes(30));
    expect(tab.runs()).toEqual(['leases', 'renewal']);
  });

  it('with a new view: the token is renewed by that one, and what was declared is told of it', async () => {
    const { tab, server } = await signedIn();
    server.extend(t0 + minutes(20));
    tab.send({ type: 'server.answered', view: server.at(t0 + minutes(20)) });
    expect(tab.did()).toEqual(['leases: active', 'renewal: active']);
    tab.send({ type: 'server.answered', view: server.at(t0 + hours(1)) });
    expect(tab.did()).toEqual(['leases: lapsed', 'renewal: lapsed']);
  });

  it('when the warning comes: it saves, and tells each stage that is shown', async () => {
    const { tab } = await signedIn();
    tab.clock(t0 + minutes(25));
    expect(tab.did()).toEqual(['flush', 'warningReceipts: toast']);
    tab.clock(t0 + minutes(28));
    expect(tab.did()).toEqual(['warningReceipts: dialog']);
  });

  it('when the stage changes with a further try: it tells that stage, too', async () => {
    const { tab } = await signedIn();
    tab.clock(t0 + minutes(28) - 4_000);
    tab.send({ type: 'extend.asked' });
    await tab.refuses('extend', 'network');
    tab.did();
    tab.clock(t0 + minutes(28) + 1_000);
    expect([tab.is(), tab.did()]).toEqual(['signedIn.warning.extending', ['warningReceipts: dialog']]);
  });

  it('at the locked screen, and while it is not confirmed: it takes texts and key out of memory', async () => {
    const { tab } = await locked();
    expect(tab.did()).toContain('clearTexts');
    const away = await signedIn();
    away.tab.clock(t0 + minutes(30));
    await away.tab.refuses('check', 'network');
    expect([away.tab.is(), away.tab.did()]).toEqual(['lapsed.unconfirmed', ['clearTexts']]);
  });

  it('when it ends: it takes everything out of memory, and deletes the token of a session that was signed out', async () => {
    const { tab } = await signedIn();
    tab.send({ type: 'server.refused', reason: 'signed_out' });
    await tab.refuses('check', 'unauthenticated');
    expect([tab.is(), tab.did()]).toEqual(['ended', ['deleteToken: signed_out', 'clearWork']]);
    tab.send({ type: 'signIn.chosen' });
    expect(tab.did()).toEqual(['clearActivity', 'clearWork', 'leases: none']);
  });

  it('when its check finds the end: it knows the reason before it deletes anything', async () => {
    const { tab, server } = await signedIn();
    tab.clock(t0 + minutes(30));
    server.does({ type: 'user.signedOut', at: t0 + minutes(29) });
    await tab.answers('check', { view: server.at(t0 + minutes(30)) });
    expect(tab.did()).toContain('deleteToken: signed_out');
  });

  it('when the page is left, wherever the tab is: it saves', async () => {
    const { tab } = await signedIn();
    tab.send({ type: 'tab.left' });
    expect(tab.did()).toEqual(['flush']);
  });

  it('while the account is being deleted: it does not listen, and goes on when that failed', async () => {
    const { tab } = await signedIn();
    tab.send({ type: 'deletion.began' });
    tab.send({ type: 'deletion.failed' });
    expect(tab.did()).toEqual(['stream.pause', 'stream.resume']);
  });
});

describe('a tab in doubt', () => {
  it('asks while somebody is signed in and at the locked screen, and does not leave either', async () => {
    const { tab } = await locked();
    tab.did();
    tab.send({ type: 'revalidation.asked' });
    expect([tab.is(), tab.did()]).toEqual(['lapsed.locked', ['revalidate']]);
    const open = await signedIn();
    open.tab.send({ type: 'revalidation.asked' });
    expect([open.tab.is(), open.tab.did()]).toEqual(['signedIn.active', ['revalidate']]);
  });

  it('begins its check anew: what that has asked may be from before the doubt', async () => {
    const { tab } = await signedIn();
    tab.clock(t0 + minutes(30));
    tab.send({ type: 'revalidation.asked' });
    expect(tab.asked.filter(([name]) => name === 'check')).toHaveLength(2);
    expect(tab.is()).toBe('lapsed.checking');
  });

  it('asks nothing where nobody is signed in', async () => {
    const tab = runningTab();
    await tab.answers('resume');
    tab.did();
    tab.send({ type: 'revalidation.asked' });
    expect(tab.did()).toEqual([]);
  });
});

describe('extending and retrying', () => {
  it('are two things: only what could not reach the server is tried again', async () => {
    const { tab } = await signedIn();
    tab.clock(t0 + minutes(26));
    tab.send({ type: 'retry.asked' });
    expect(tab.is()).toBe('signedIn.warning.counting');
    tab.send({ type: 'extend.asked' });
    await tab.refuses('extend', 'network');
    tab.send({ type: 'retry.asked' });
    expect(tab.is()).toBe('signedIn.warning.extending');
    tab.clock(t0 + minutes(30));
    await tab.refuses('check', 'network');
    tab.send({ type: 'extend.asked' });
    expect(tab.is()).toBe('lapsed.unconfirmed');
    tab.send({ type: 'retry.asked' });
    expect(tab.is()).toBe('lapsed.checking');
  });

  it('tell the true reason when staying is refused', async () => {
    const { tab } = await signedIn();
    tab.clock(t0 + minutes(26));
    tab.send({ type: 'extend.asked' });
    await tab.refuses('extend', 'session_ended', { reason: 'signed_out' });
    expect(tab.asked.at(-1)).toEqual(['check', { reason: 'signed_out' }]);
  });
});

describe('a refresh', () => {
  it('is shown while it is on its way, and why it failed until one works', async () => {
    const tab = runningTab();
    await tab.answers('resume');
    tab.send({ type: 'signIn.asked', ...credentials });
    tab.send({ type: 'refresh.began' });
    expect(tab.context()).toMatchObject({ isRefreshing: true, refreshProblem: null });
    tab.send({ type: 'refresh.ended', problem: { code: 'network', at: t0 } });
    expect(tab.context()).toMatchObject({ isRefreshing: false, refreshProblem: { code: 'network' } });
  });
});
