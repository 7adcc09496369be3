import { describe, expect, it } from 'vitest';
import { hours, minutes, nextDeadline, settle, step, stepAll, type SessionEvent } from '../../machines/index.ts';
import { begun, policyWith, t0 } from '../support/machines.ts';

const { state } = begun();
const clock = (at: number): SessionEvent => ({ type: 'clock.reached', at });

describe('the next deadline', () => {
  it('of a session that lapsed by its absolute limit is the end of the time in which it can be resumed', () => {
    const policy = policyWith({ idleTimeout: minutes(30), absoluteTimeout: minutes(40), restoreWindow: hours(24) });
    const extended = step(begun(policy).state, { type: 'session.extended', at: t0 + minutes(20), generation: 0 }).state;
    const lapsed = settle(extended, t0 + minutes(40)).state;
    expect(lapsed.leaf).toBe('lapsed.absolute');
    expect(nextDeadline(lapsed)).toBe(t0 + minutes(40) + hours(24));
  });

  it.each<[string, SessionEvent]>([
    ['ended.expired', clock(t0 + hours(48))],
    ['ended.signedOut', { type: 'user.signedOut', at: t0 }],
    ['ended.revoked', { type: 'session.revoked', at: t0, by: 'u1', reason: 'lost' }],
    ['ended.displaced', { type: 'session.displaced', at: t0, by: 's2' }],
    ['ended.compromised', { type: 'token.reused', at: t0 + minutes(1), generation: 0 }],
  ])('never comes once a session is %s', (leaf, event) => {
    const rotated = stepAll(state, [
      { type: 'token.rotated', at: t0, generation: 1 },
      { type: 'token.confirmed', at: t0, generation: 1 },
    ]).state;
    const ended = step(rotated, event).state;
    expect(ended.leaf).toBe(leaf);
    expect(nextDeadline(ended)).toBe(Infinity);
  });
});

describe('asking the clock', () => {
  it('changes nothing before the next deadline', () => {
    expect(step(state, clock(t0 + minutes(25) - 1))).toEqual({ outcome: 'unchanged', state, entries: [] });
  });

  it('changes the session at it', () => {
    const at = t0 + minutes(25);
    expect(step(state, clock(at))).toMatchObject({
      outcome: 'changed',
      state: { leaf: 'active.expiring' },
      entries: [{ type: 'clock.reached', at, from: 'active.fresh', to: 'active.expiring', data: {} }],
    });
  });
});

describe('several events that belong together', () => {
  const signedOut: SessionEvent = { type: 'user.signedOut', at: t0 };
  const rotated: SessionEvent = { type: 'token.rotated', at: t0, generation: 1 };
  const confirmed = (generation: number): SessionEvent => ({ type: 'token.confirmed', at: t0, generation });

  it('are unchanged when there are none, and when none of them changes anything', () => {
    const unchanged = { outcome: 'unchanged', state, entries: [] };
    expect(stepAll(state, [])).toEqual(unchanged);
    expect(stepAll(state, [confirmed(0), clock(t0)])).toEqual(unchanged);
  });

  it('have changed the session when only the first of them does', () => {
    const both = stepAll(state, [rotated, { type: 'warning.shown', at: t0, stage: 'toast', visible: true }]);
    expect(both).toEqual(step(state, rotated));
    expect(both.outcome).toBe('changed');
  });

  it('stop at the first that is refused, and keep what came before it', () => {
    const stopped = stepAll(state, [rotated, confirmed(5), signedOut]);
    const first = step(state, rotated);
    expect(stopped).toEqual({
      outcome: 'rejected',
      code: 'wrong_generation',
      state: first.state,
      entries: first.entries,
    });
  });

  it('give all their entries, in order', () => {
    const all = stepAll(state, [rotated, confirmed(1), signedOut]);
    expect(all.entries.map(({ version, type, from, to }) => [version, type, from, to])).toEqual([
      [2, 'token.rotated', 'active.fresh', 'active.fresh'],
      [3, 'token.confirmed', 'active.fresh', 'active.fresh'],
      [4, 'user.signedOut', 'active.fresh', 'ended.signedOut'],
    ]);
  });
});
