import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  hours,
  isLive,
  isSessionStarted,
  minutes,
  navigationsCount,
  presets,
  replay,
  settle,
  start,
  step,
  undeclaredCounts,
  type Policy,
  type SessionEvent,
  type SessionState,
} from '../../machines/index.ts';
import type { Golden } from '../golden/record.types.ts';
import { begun, policyWith, t0 } from '../support/machines.ts';

const untilDeclared = policyWith({ undeclaredActivity: 'until-declared' });
const heard = (at: number): SessionEvent => ({ type: 'client.heard', at });
const started = (more: object = {}) => ({
  type: 'session.started' as const,
  at: t0,
  user: 'u1',
  policy: untilDeclared,
  remembered: false,
  method: 'pwd' as const,
  device: 'd1',
  ...more,
});
const reauthenticated = (at: number): SessionEvent => ({
  type: 'user.reauthenticated',
  at,
  method: 'pwd',
  generation: 1,
  policy: untilDeclared,
});

describe('a Curfew client that speaks for a session', () => {
  const { state } = begun(untilDeclared);

  it.each([
    ['fresh', minutes(1), 'active.fresh'],
    ['expiring', minutes(26), 'active.expiring'],
  ])('is noted once while it is %s, and moves no deadline', (_, when, leaf) => {
    const before = settle(state, t0 + when).state;
    const first = step(before, heard(t0 + when));
    expect(first).toMatchObject({
      outcome: 'changed',
      entries: [{ type: 'client.heard', from: leaf, to: leaf, data: {} }],
    });
    const context = { ...before.context, version: before.context.version + 1, updatedAt: t0 + when, heard: true };
    expect(first.state).toEqual({ leaf, context });
    expect(step(first.state, heard(t0 + when + 1))).toEqual({ outcome: 'unchanged', state: first.state, entries: [] });
  });

  it.each([
    ['lapsed', { type: 'clock.reached', at: t0 + hours(1) }, 'session_lapsed'],
    ['ended', { type: 'user.signedOut', at: t0 }, 'session_ended'],
  ] as const)('is refused once it is %s', (_, event, code) => {
    const over = step(state, event).state;
    const refused = { outcome: 'rejected', code, state: over, entries: [] };
    expect(step(over, heard(t0 + hours(1)))).toEqual(refused);
  });

  it('stays noted when the person proves again who they are', () => {
    const spoken = step(state, heard(t0)).state;
    const lapsed = settle(spoken, t0 + hours(1)).state;
    for (const before of [spoken, lapsed]) {
      const again = step(before, reauthenticated(t0 + hours(1))).state;
      expect(again).toMatchObject({ leaf: 'active.fresh', context: { heard: true } });
      expect(step(again, heard(t0 + hours(1)))).toMatchObject({ outcome: 'unchanged' });
    }
  });

  it('may have sent the sign-in already', () => {
    const spoken = start(started({ heard: true }));
    expect(spoken.entries[0].data).toMatchObject({ heard: true });
    expect(spoken.state.context.heard).toBe(true);
    expect(replay(spoken.entries)).toEqual(spoken.state);
    expect(step(spoken.state, heard(t0))).toMatchObject({ outcome: 'unchanged', entries: [] });
  });

  it('is not said to have sent a sign-in by anything but `true`', () => {
    expect(isSessionStarted(started())).toBe(true);
    for (const said of [false, 'yes', null, 1]) expect(isSessionStarted(started({ heard: said }))).toBe(false);
  });
});

describe('a request that says nothing', () => {
  const counts = (policy: Policy, events: readonly SessionEvent[]) => {
    let { state } = begun(policy);
    for (const event of events) ({ state } = step(state, event));
    return undeclaredCounts(state.context);
  };

  it.each([
    ['user', policyWith({ undeclaredActivity: 'user' }), true, true],
    ['until-declared', untilDeclared, true, false],
    ['until-declared', presets.standard, true, false],
    ['background', presets.pci, false, false],
  ])('under the policy `%s` counts as that says, before and after a client was heard', (_, policy, before, after) => {
    expect(counts(policy, [])).toBe(before);
    expect(counts(policy, [heard(t0)])).toBe(after);
  });

  it('may still be a navigation that its user caused, but for where nothing else than what is declared counts', () => {
    expect(navigationsCount({ policy: untilDeclared })).toBe(true);
    expect(navigationsCount({ policy: policyWith({ undeclaredActivity: 'user' }) })).toBe(true);
    expect(navigationsCount({ policy: presets.pci })).toBe(false);
  });

  it('counts under the policy that a re-authentication brings, with what was heard before it', () => {
    expect(counts(presets.standard, [heard(t0), reauthenticated(t0)])).toBe(false);
    expect(counts(presets.pci, [reauthenticated(t0)])).toBe(true);
  });
});

describe('states that were stored before clients were heard', () => {
  const file = new URL('../golden/rules-1.json', import.meta.url);
  const stored: readonly SessionState[] = (JSON.parse(readFileSync(file, 'utf8')) as Golden[]).flatMap(
    ({ states }) => states,
  );

  it('have nothing of it, and are not heard', () => {
    for (const { context } of stored) {
      expect(context).not.toHaveProperty('heard');
      expect(undeclaredCounts({ ...context, policy: untilDeclared })).toBe(true);
    }
  });

  it('go on as they are until a client is heard, which every live one takes once', () => {
    const live = stored.filter(({ leaf }) => isLive(leaf));
    expect(live.length).toBeGreaterThan(10);
    for (const state of live) {
      const at = state.context.updatedAt;
      expect(settle(state, at).state.context).not.toHaveProperty('heard');
      const first = step(state, heard(at));
      expect(first.state).toMatchObject({ leaf: state.leaf, context: { heard: true } });
      expect(step(first.state, heard(at))).toMatchObject({ outcome: 'unchanged' });
    }
  });
});
