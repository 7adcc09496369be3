import { describe, expect, it } from 'vitest';
import { hours, minutes, seconds } from '../../machines/index.ts';
import { t0 } from '../support/machines.ts';
import { runningTab, serverWith, user } from '../support/tabMachine.ts';

describe('a tab whose session ends while it opens', () => {
  const ended = () => serverWith().at(t0 + hours(30));

  it.each(['session_lapsed', 'session_ended'])('asks again at once what became of it after %s', async (code) => {
    const tab = runningTab();
    await tab.refuses('resume', code, { reason: 'revoked' });
    expect([tab.is(), tab.asked.map(([name]) => name)]).toEqual(['starting.confirming', ['resume', 'resume']]);
    await tab.answers('resume', { user: null, view: ended() });
    expect(tab.is()).toBe('ended');
  });

  it('asks again, too, when any other request of the start is told so', async () => {
    const tab = runningTab();
    tab.send({ type: 'server.refused', reason: 'idle' });
    expect([tab.is(), tab.asked.map(([name]) => name)]).toEqual(['starting.confirming', ['resume', 'resume']]);
    tab.send({ type: 'server.refused', reason: 'idle' });
    expect(tab.asked).toHaveLength(2);
    await tab.answers('resume', { user: null, view: serverWith().at(t0 + minutes(31)) });
    expect(tab.is()).toBe('lapsed.locked');
  });

  it.each([
    ['signedOut', {}],
    ['signedIn.active', { user, view: serverWith().at(t0) }],
  ])('believes what it is told then: %s', async (state, found) => {
    const tab = runningTab();
    await tab.refuses('resume', 'session_ended');
    await tab.answers('resume', found);
    expect(tab.is()).toBe(state);
  });

  it('waits before it asks a third time, should the server contradict itself', async () => {
    const tab = runningTab();
    await tab.refuses('resume', 'session_ended');
    await tab.refuses('resume', 'session_ended', { at: t0 });
    expect([tab.is(), tab.alarm()]).toEqual(['starting.unreachable', t0 + seconds(5)]);
  });

  it('keeps why a sign-in on another page failed for the sign-in page', async () => {
    const tab = runningTab();
    const error = { code: 'not_signed_in', at: t0 };
    tab.send({ type: 'signIn.failed', error });
    await tab.answers('resume', {});
    expect([tab.is(), tab.context().problem]).toEqual(['signedOut', error]);
  });
});
