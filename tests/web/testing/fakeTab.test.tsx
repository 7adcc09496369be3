import type { ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { minutes, nearestDeadline } from '../../../machines/index.ts';
import type { Phase } from '../../../web/client/index.ts';
import { phases } from '../../../web/client/tab/phase.ts';
import { CurfewProvider, SessionGuard, useCurfew, useDraft, useRemaining, useWays } from '../../../web/react/index.ts';
import { fakeTab, testClock, type FakeTab, type FakeTabOptions } from '../../../web/testing/index.ts';

function Shown(): ReactNode {
  const { phase, user, reason, problem } = useCurfew();
  const { value } = useDraft('letter', { label: 'letter' });
  const left = useRemaining();
  const { list } = useWays();
  return (
    <p>{JSON.stringify([phase, user?.username, reason, problem?.code, value, left, list?.map(({ kind }) => kind)])}</p>
  );
}

const shown = (tab: FakeTab) =>
  JSON.parse(
    /<p>(.*)<\/p>/.exec(
      renderToString(
        <CurfewProvider tab={tab}>
          <Shown />
        </CurfewProvider>,
      ).replaceAll('&quot;', '"'),
    )?.[1] ?? 'null',
  );

describe('a fake tab', () => {
  it.each(phases)('shows the phase that is given: %s', (phase) => {
    const tab = fakeTab({ phase });
    expect(tab.state().phase).toBe(phase);
    expect(shown(tab)[0]).toBe(phase);
    expect(tab.state().isOpen).toBe(phase === 'active' || phase === 'warning');
  });

  it('is what the hooks of React take, with a user, drafts, ways and the time left', () => {
    const tab = fakeTab({
      phase: 'warning',
      remaining: minutes(3),
      drafts: { letter: 'Dear' },
      ways: [{ kind: 'sso', name: 'Example', url: '/login' }],
    });
    expect(shown(tab)).toEqual(['warning', 'ada', null, null, 'Dear', 180, ['sso']]);
    tab.show({ phase: 'locked', problem: 'stale_proof' });
    expect(shown(tab)).toEqual(['locked', 'ada', 'idle', 'stale_proof', 'Dear', null, ['sso']]);
  });

  it('tells those who listen that it shows something else', () => {
    const tab = fakeTab();
    const told: Phase[] = [];
    const stop = tab.subscribe(() => told.push(tab.state().phase));
    tab.show({ phase: 'warning' });
    tab.show({ phase: 'locked' });
    stop();
    tab.show({ phase: 'active' });
    expect(told).toEqual(['warning', 'locked']);
  });

  it.each([
    ['locked', undefined, 'lapsed', 'idle'],
    ['locked', 'absolute', 'lapsed', 'absolute'],
    ['ended', undefined, 'ended', 'expired'],
    ['ended', 'revoked', 'ended', 'revoked'],
    ['ended', 'signed_out', 'ended', 'signed_out'],
  ] as const)('has a session as the server would tell it: %s, %s', (phase, reason, state, why) => {
    const { view, reason: told } = fakeTab({ phase, ...(reason && { reason }) }).state();
    expect([view?.state, view?.reason, told]).toEqual([state, why, why]);
  });

  it('warns as early as its policy says, and of what cannot be put off', () => {
    const clock = testClock();
    const left = (options: FakeTabOptions) => {
      const { view } = fakeTab({ phase: 'warning', clock, ...options }).state();
      return view && [nearestDeadline(view) - clock.now(), view.canExtend];
    };
    expect(left({})).toEqual([minutes(5), true]);
    expect(left({ stage: 'dialog' })).toEqual([minutes(2), true]);
    expect(left({ policy: { warnBefore: minutes(8) } })).toEqual([minutes(8), true]);
    expect(left({ reason: 'absolute' })).toEqual([minutes(5), false]);
  });

  it('notes what is asked of it, and does what the test gives', async () => {
    const tab = fakeTab({ phase: 'locked', actions: { fetch: async () => Response.json({ letters: 3 }) } });
    tab.reauthenticate('secret');
    tab.signOut({ forgetDevice: true });
    expect(await (await tab.fetch('/api/letters')).json()).toEqual({ letters: 3 });
    expect(await tab.prove('secret')).toBeNull();
    expect(tab.calls()).toEqual([
      ['reauthenticate', 'secret'],
      ['signOut', { forgetDevice: true }],
      ['fetch', '/api/letters'],
      ['prove', 'secret'],
    ]);
  });

  it('keeps what is written in a draft', () => {
    const tab = fakeTab();
    let told = 0;
    const stop = tab.drafts.subscribe('letter', () => told++);
    tab.drafts.open('letter', { label: 'letter', initial: 'Dear' });
    tab.drafts.write('letter', 'Dear Mr Okafor');
    expect(tab.drafts.read('letter')).toMatchObject({ value: 'Dear Mr Okafor', status: 'saved' });
    tab.drafts.clear('letter');
    stop();
    expect([tab.drafts.read('letter').value, told]).toEqual(['', 3]);
  });

  it('hides the content behind the guard, as a real one does', () => {
    const html = (options: FakeTabOptions) =>
      renderToString(
        <CurfewProvider tab={fakeTab(options)}>
          <SessionGuard signIn={<p>Sign in</p>} waiting={<p>Patience</p>}>
            <p>secret</p>
          </SessionGuard>
        </CurfewProvider>,
      );
    expect(html({ phase: 'active' })).toContain('secret');
    expect(html({ phase: 'signedOut' })).toContain('Sign in');
    expect(html({ phase: 'starting' })).toContain('Patience');
    for (const phase of ['signedOut', 'starting', 'unreachable'] as const)
      expect(html({ phase })).not.toContain('secret');
  });

  it.each([
    [{ phase: 'lockd' }, 'there is no phase "lockd"; there are starting, unreachable, signedOut'],
    [{ fase: 'locked' }, 'there is no option fase; there are phase, user'],
    [{ policy: { idleTimeout: -1 } }, 'policy.idleTimeout must be'],
  ])('refuses in one line what cannot be shown: %o', (options, message) => {
    expect(() => fakeTab(options as FakeTabOptions)).toThrow(message);
    expect(() => fakeTab().show(options as FakeTabOptions)).toThrow(message);
  });

  it('is not given together with the options of another', () => {
    const both = (
      <CurfewProvider tab={fakeTab()} basePath="/letters/api">
        <p />
      </CurfewProvider>
    );
    expect(() => renderToString(both)).toThrow('give basePath to createTab, for there is a tab already');
  });
});
