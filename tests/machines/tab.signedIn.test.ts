import { describe, expect, it } from 'vitest';
import { minutes, seconds, type TabEvent } from '../../machines/index.ts';
import { t0 } from '../support/machines.ts';
import { serverWith, user } from '../support/tabMachine.ts';
import { signedInTab, warnedTab } from '../support/tabStates.ts';

const warned = t0 + minutes(26);
const extension: TabEvent = { type: 'extend.asked' };

async function failedTab(server = serverWith()) {
  const { tab } = await warnedTab(server);
  tab.send(extension);
  await tab.refuses('extend', 'network', { at: warned });
  tab.did();
  return { tab, server };
}

describe('a tab in which somebody is signed in', () => {
  it('listens for its own session', async () => {
    const { did } = await signedInTab();
    expect(did).toContain('stream: s1');
  });

  it.each<[string, TabEvent, string]>([
    ['the server says that the session is over', { type: 'server.refused', reason: 'revoked' }, 'revoked'],
    ['the server says that the time is up', { type: 'server.refused', reason: 'idle' }, 'idle'],
  ])('locks with the reason when %s', async (_, event, reason) => {
    const { tab } = await signedInTab();
    tab.send(event);
    expect([tab.is(), tab.asked.at(-1)]).toEqual(['lapsed.checking', ['check', { reason }]]);
  });
});

describe('the warning', () => {
  it('stays for a newer view that does not take it away, and tells again what is shown', async () => {
    const { tab, server } = await warnedTab();
    server.does({ type: 'token.rotated', at: warned, generation: 1 });
    tab.send({ type: 'server.answered', view: server.at(warned) });
    expect([tab.is(), tab.did()]).toEqual([
      'signedIn.warning.counting',
      ['warningReceipts: toast', 'leases: expiring', 'renewal: expiring', 'warningReceipts: toast'],
    ]);
  });

  it('gives way to the lock when a view says that it is too late', async () => {
    const { tab, server } = await warnedTab();
    tab.send({ type: 'server.answered', view: server.at(t0 + minutes(30)) });
    expect([tab.is(), tab.did()]).toEqual(['lapsed.checking', ['leases: lapsed', 'renewal: lapsed']]);
  });

  it('can be answered when it is the idle limit, and not when it is the absolute one', async () => {
    const { tab } = await warnedTab();
    tab.send(extension);
    expect(tab.is()).toBe('signedIn.warning.extending');
    const short = serverWith({ idleTimeout: minutes(30), absoluteTimeout: minutes(31) });
    short.extend(t0 + minutes(1));
    const { tab: other } = await warnedTab(short);
    other.send(extension);
    expect(other.is()).toBe('signedIn.warning.counting');
  });
});

describe('an answer to the warning', () => {
  it('forgets what went wrong before', async () => {
    const { tab } = await failedTab();
    expect(tab.context()).toMatchObject({ problem: { code: 'network' }, retryAt: warned + seconds(5) });
    tab.send(extension);
    expect([tab.is(), tab.context().problem, tab.context().retryAt]).toEqual([
      'signedIn.warning.extending',
      null,
      null,
    ]);
  });

  it('that gains nothing says so, and the warning goes on', async () => {
    const { tab } = await warnedTab();
    tab.send(extension);
    await tab.refuses('extend', 'cannot_extend', { at: warned + 1, retryAfter: seconds(30) });
    expect(tab.is()).toBe('signedIn.warning.counting');
    expect(tab.context().problem).toMatchObject({ code: 'cannot_extend', at: warned + 1 });
    expect(tab.alarm()).toBe(warned + 1 + seconds(30));
  });

  it.each(['session_lapsed', 'session_ended', 'unauthenticated', 'token_superseded'])(
    'that comes too late leads to the check: %s',
    async (code) => {
      const { tab } = await warnedTab();
      tab.send(extension);
      await tab.refuses('extend', code, { reason: 'idle' });
      expect([tab.is(), tab.asked.at(-1)]).toEqual(['lapsed.checking', ['check', { reason: 'idle' }]]);
    },
  );

  it('that worked takes the warning away', async () => {
    const { tab, server } = await warnedTab();
    tab.send(extension);
    server.extend(warned);
    await tab.answers('extend', { view: server.at(warned) });
    expect([tab.is(), tab.runs()]).toEqual(['signedIn.active', ['leases', 'renewal', 'stream']]);
  });

  it('that worked without gaining enough goes on counting', async () => {
    const { tab, server } = await warnedTab();
    tab.send(extension);
    await tab.answers('extend', { view: server.at(warned) });
    expect(tab.is()).toBe('signedIn.warning.counting');
  });
});

describe('an answer that did not reach the server', () => {
  it('is tried again when it is time and not before, and tells what is shown then', async () => {
    const { tab } = await failedTab();
    expect(tab.alarm()).toBe(warned + seconds(5));
    tab.clock(warned + seconds(5) - 1);
    expect(tab.is()).toBe('signedIn.warning.failed');
    tab.did();
    tab.clock(warned + seconds(5));
    expect([tab.is(), tab.did()]).toEqual(['signedIn.warning.extending', ['warningReceipts: toast']]);
  });

  it('is tried again when the server is heard, as long as that would gain time', async () => {
    const { tab, server } = await failedTab();
    server.does({ type: 'token.rotated', at: warned, generation: 1 });
    const view = server.at(warned);
    tab.send({ type: 'server.answered', view: { ...view, canExtend: false } });
    expect([tab.is(), tab.did()]).toEqual([
      'signedIn.warning.failed',
      ['warningReceipts: toast', 'leases: expiring', 'renewal: expiring', 'warningReceipts: toast'],
    ]);
    tab.send({ type: 'server.answered', view: { ...view, version: view.version + 1 } });
    expect([tab.is(), tab.did()]).toEqual([
      'signedIn.warning.extending',
      ['warningReceipts: toast', 'leases: expiring', 'renewal: expiring', 'warningReceipts: toast'],
    ]);
  });

  it('is not tried again by itself once the server was heard and could not extend', async () => {
    const { tab, server } = await failedTab();
    server.does({ type: 'token.rotated', at: warned, generation: 1 });
    tab.send({ type: 'server.answered', view: { ...server.at(warned), canExtend: false } });
    expect([tab.context().retryAt, tab.alarm()]).toEqual([null, t0 + minutes(28)]);
    tab.clock(warned + seconds(10));
    expect(tab.is()).toBe('signedIn.warning.failed');
  });

  it('is not tried again when the server has extended the session meanwhile, or when it is over', async () => {
    const { tab, server } = await failedTab();
    server.extend(warned);
    tab.send({ type: 'server.answered', view: server.at(warned) });
    expect(tab.is()).toBe('signedIn.active');
    const { tab: other, server: late } = await failedTab();
    other.send({ type: 'server.answered', view: late.at(t0 + minutes(30)) });
    expect(other.is()).toBe('lapsed.checking');
  });
});

describe('proving again who is here during the warning', () => {
  const reauthentication: TabEvent = { type: 'reauthentication.asked', password: 'right' };

  it('asks with what was typed, and forgets what went wrong before', async () => {
    const { tab } = await failedTab();
    tab.send(reauthentication);
    expect([tab.is(), tab.asked.at(-1)]).toEqual([
      'signedIn.warning.reauthenticating',
      ['reauthenticate', { password: 'right' }],
    ]);
    expect(tab.context()).toMatchObject({ problem: null, retryAt: null });
  });

  it.each(['session_ended', 'unauthenticated'])('leads to the check when it comes too late: %s', async (code) => {
    const { tab } = await warnedTab();
    tab.send(reauthentication);
    await tab.refuses('reauthenticate', code, { reason: 'signed_out' });
    expect([tab.is(), tab.asked.at(-1)]).toEqual(['lapsed.checking', ['check', { reason: 'signed_out' }]]);
  });

  it('as another user changes nothing but the words, and the server is asked whose session it is', async () => {
    const { tab } = await warnedTab();
    tab.send(reauthentication);
    tab.did();
    await tab.refuses('reauthenticate', 'session_mismatch', { at: warned + 1 });
    expect([tab.is(), tab.context().problem?.code]).toEqual(['signedIn.warning.counting', 'session_mismatch']);
    expect(tab.did()).toContain('revalidate');
    tab.send({ type: 'credential.lost' });
    expect(tab.is()).toBe('lapsed.checking');
  });

  it('as another user may be tried again soon, however long an earlier try had to wait', async () => {
    const { tab } = await warnedTab();
    tab.send(reauthentication);
    await tab.refuses('reauthenticate', 'too_many_attempts', { at: warned + 1, retryAfter: seconds(9) });
    expect(tab.alarm()).toBe(warned + 1 + seconds(9));
    tab.send(reauthentication);
    await tab.refuses('reauthenticate', 'session_mismatch', { at: warned + 1 });
    expect(tab.alarm()).toBe(warned + 1 + seconds(5));
  });

  it('says why not, and the warning goes on', async () => {
    const { tab } = await warnedTab();
    tab.send(reauthentication);
    await tab.refuses('reauthenticate', 'too_many_attempts', { at: warned + 1, retryAfter: seconds(9) });
    expect([tab.is(), tab.context().problem?.code]).toEqual(['signedIn.warning.counting', 'too_many_attempts']);
    expect(tab.alarm()).toBe(warned + 1 + seconds(9));
  });

  it('takes the warning away', async () => {
    const { tab, server } = await warnedTab();
    tab.send(reauthentication);
    server.reauthenticate(warned);
    await tab.answers('reauthenticate', { user, view: server.at(warned) });
    expect(tab.is()).toBe('signedIn.active');
  });
});
