import { describe, expect, it } from 'vitest';
import { hours, minutes, seconds, type TabEvent } from '../../machines/index.ts';
import { t0 } from '../support/machines.ts';
import { credentials, serverWith, user } from '../support/tabMachine.ts';
import { lapsedTab, lockedTab, unconfirmedTab } from '../support/tabStates.ts';

const end = t0 + minutes(30);
const reauthentication: TabEvent = { type: 'reauthentication.asked', password: 'right' };

describe('a tab whose lapse is not confirmed', () => {
  it('rings for its next try, and tries again then and not before', async () => {
    const { tab } = await unconfirmedTab();
    expect(tab.alarm()).toBe(end + seconds(5));
    tab.clock(end + seconds(5) - 1);
    expect(tab.is()).toBe('lapsed.unconfirmed');
    tab.clock(end + seconds(5));
    expect(tab.is()).toBe('lapsed.checking');
  });

  it.each<[string, TabEvent, string]>([
    ['somebody asks it to try again', { type: 'retry.asked' }, 'lapsed.checking'],
    ['there is reason to doubt', { type: 'revalidation.asked' }, 'lapsed.checking'],
    ['somebody gives a password', reauthentication, 'lapsed.reauthenticating'],
    ['its credential is gone', { type: 'credential.lost' }, 'ended'],
    ['the session was ended elsewhere', { type: 'server.refused', reason: 'revoked' }, 'lapsed.checking'],
    ['it hears of the other limit', { type: 'server.refused', reason: 'absolute' }, 'lapsed.unconfirmed'],
    ['it hears again of the time-out', { type: 'server.refused', reason: 'idle' }, 'lapsed.unconfirmed'],
    ['it hears of an end without a reason', { type: 'server.refused', reason: null }, 'lapsed.unconfirmed'],
  ])('when %s', async (_, event, state) => {
    const { tab } = await unconfirmedTab();
    tab.send(event);
    expect(tab.is()).toBe(state);
  });

  it('checks when the server is heard', async () => {
    const { tab, server } = await unconfirmedTab();
    tab.send({ type: 'server.answered', view: server.at(end + 1) });
    expect(tab.is()).toBe('lapsed.checking');
  });
});

describe('a check', () => {
  it('that says that the session is gone ends it, and says so of whatever else the server calls it', async () => {
    for (const code of ['unauthenticated', 'invalid_token', 'session_mismatch', 'token_superseded']) {
      const { tab } = await lapsedTab();
      await tab.refuses('check', code);
      expect([code, tab.is()]).toEqual([code, 'ended']);
    }
  });

  it('that failed says why, and is no end', async () => {
    const { tab } = await lapsedTab();
    await tab.refuses('check', 'unavailable', { at: end + 7, retryAfter: seconds(20) });
    expect(tab.is()).toBe('lapsed.unconfirmed');
    expect(tab.context().problem).toMatchObject({ code: 'unavailable', at: end + 7 });
    expect(tab.alarm()).toBe(end + 7 + seconds(20));
  });

  it('that finds the session alive and its content not shown leads to the locked screen, which opens', async () => {
    const { tab, server } = await lapsedTab();
    server.extend(t0 + minutes(29));
    await tab.answers('check', { view: server.at(end) }, false);
    expect(tab.is()).toBe('lapsed.restoring');
  });
});

describe('the locked screen', () => {
  it('is left for the end when the credential is gone, or the session was ended', async () => {
    const { tab } = await lockedTab();
    tab.send({ type: 'credential.lost' });
    expect(tab.is()).toBe('ended');
    const { tab: other, server } = await lockedTab();
    server.does({ type: 'session.revoked', at: end + 1, by: 'u1', reason: 'lost' });
    other.send({ type: 'server.answered', view: server.at(end + 1) });
    expect([other.is(), other.context().reason]).toEqual(['ended', 'revoked']);
  });

  it('checks at the end of the time in which the session can be resumed, and not 1 ms before', async () => {
    const { tab } = await lockedTab();
    tab.clock(end + hours(24) - 1);
    expect(tab.is()).toBe('lapsed.locked');
    tab.clock(end + hours(24));
    expect(tab.is()).toBe('lapsed.checking');
  });
});

describe('coming back at the locked screen', () => {
  const asked = async () => {
    const { tab, server } = await lockedTab();
    tab.send({ ...reauthentication, password: 'wrong' });
    await tab.refuses('reauthenticate', 'invalid_credentials', { at: end + 1, detail: 'Wrong.' });
    expect([tab.is(), tab.context().problem]).toEqual([
      'lapsed.locked',
      { code: 'invalid_credentials', at: end + 1, detail: 'Wrong.' },
    ]);
    tab.send(reauthentication);
    return { tab, server };
  };

  it('asks with what was typed, and forgets what went wrong before', async () => {
    const { tab } = await asked();
    expect([tab.is(), tab.asked.at(-1)]).toEqual([
      'lapsed.reauthenticating',
      ['reauthenticate', { password: 'right' }],
    ]);
    expect(tab.context()).toMatchObject({ problem: null, retryAt: null, user });
  });

  it('checks with the true reason when the session is over', async () => {
    const { tab } = await asked();
    await tab.refuses('reauthenticate', 'session_ended', { reason: 'displaced' });
    expect([tab.is(), tab.asked.at(-1)]).toEqual(['lapsed.checking', ['check', { reason: 'displaced' }]]);
  });

  it('is over when the credential is not the one that this tab knew', async () => {
    const { tab } = await asked();
    await tab.refuses('reauthenticate', 'unauthenticated');
    expect(tab.is()).toBe('ended');
  });

  it('asks the server, where the proof is of another user: the session goes on waiting, and the screen says why', async () => {
    const { tab, server } = await asked();
    await tab.refuses('reauthenticate', 'session_mismatch', { at: end + 1 });
    expect([tab.is(), tab.asked.at(-1)]).toEqual(['lapsed.checking', ['check', { reason: 'idle' }]]);
    await tab.answers('check', { view: server.at(end + 2) }, false);
    expect([tab.is(), tab.context().problem]).toEqual(['lapsed.locked', { code: 'session_mismatch', at: end + 1 }]);
    expect(tab.context()).toMatchObject({ user, view: { id: 's1', state: 'lapsed' } });
  });

  it('is over where the server says that this browser has the session of another user', async () => {
    const { tab } = await asked();
    await tab.refuses('reauthenticate', 'session_mismatch');
    await tab.refuses('check', 'session_mismatch');
    expect(tab.is()).toBe('ended');
  });

  it('brings the work back before it shows anything, and says when it could not', async () => {
    const { tab, server } = await asked();
    server.reauthenticate(end + minutes(1));
    await tab.answers('reauthenticate', { user, view: server.at(end + minutes(1)) });
    expect(tab.is()).toBe('lapsed.restoring');
    await tab.refuses('restore', 'unavailable', { at: end + minutes(2) });
    expect([tab.is(), tab.context().problem]).toEqual([
      'signedIn.active',
      { code: 'unavailable', at: end + minutes(2) },
    ]);
  });
});

describe('leaving a locked tab', () => {
  it.each(['unconfirmed', 'locked', 'reauthenticating'])(
    'works by the sign-in form or a sign-out, while %s',
    async (at) => {
      for (const event of [{ type: 'signIn.chosen' }, { type: 'signOut.asked', forgetDevice: false }] as const) {
        const { tab } = at === 'unconfirmed' ? await unconfirmedTab() : await lockedTab();
        if (at === 'reauthenticating') tab.send(reauthentication);
        expect(tab.is()).toBe(`lapsed.${at}`);
        tab.send(event);
        expect(tab.is()).toBe(event.type === 'signIn.chosen' ? 'signedOut' : 'signingOut');
        if (event.type === 'signIn.chosen')
          expect(tab.context()).toMatchObject({ user: null, view: null, reason: null, isAnother: true });
      }
    },
  );

  it('is known at the front door until a user is signed in', async () => {
    const { tab } = await lockedTab();
    expect(tab.context().isAnother).toBe(false);
    tab.send({ type: 'signIn.chosen' });
    tab.send({ type: 'signIn.asked', ...credentials });
    await tab.refuses('signIn', 'invalid_credentials');
    expect(tab.context().isAnother).toBe(true);
    tab.send({ type: 'signIn.asked', ...credentials });
    await tab.answers('signIn', { user, view: serverWith().at(t0) });
    expect([tab.is(), tab.context().isAnother]).toEqual(['signedIn.active', false]);
  });
});
