import { describe, expect, it } from 'vitest';
import {
  hours,
  minutes,
  seconds,
  settle,
  step,
  stepAll,
  type SessionEvent,
  type SessionState,
} from '../../machines/index.ts';
import { begun, policyWith, t0 } from '../support/machines.ts';

const policy = policyWith({ maxLease: hours(2) });
const { state } = begun(policy);
const unchanged = (of: SessionState) => ({ outcome: 'unchanged', state: of, entries: [] });

describe('a lease', () => {
  const taken = (at: number, until: number, kind = 'call'): SessionEvent => ({ type: 'lease.taken', at, kind, until });

  it('has to end after it begins', () => {
    for (const until of [t0, t0 - 1])
      expect(step(state, taken(t0, until))).toMatchObject({ outcome: 'rejected', code: 'lease_forbidden' });
    expect(step(state, taken(t0, t0 + 1))).toMatchObject({ outcome: 'changed' });
  });

  it('may be exactly as long as the policy allows', () => {
    expect(step(state, taken(t0, t0 + hours(2))).state.context.leases).toEqual({ call: t0 + hours(2) });
  });

  it('is one of its kind: a longer one takes its place', () => {
    const both = stepAll(state, [taken(t0, t0 + 10), taken(t0, t0 + 20), taken(t0, t0 + 15, 'upload')]);
    expect(both.state.context.leases).toEqual({ call: t0 + 20, upload: t0 + 15 });
  });

  it('is forgotten at its end, when the next one is taken', () => {
    const until = t0 + seconds(10);
    const first = step(state, taken(t0, until)).state;
    const kinds = (at: number) => Object.keys(step(first, taken(at, until + 10, 'upload')).state.context.leases);
    expect(kinds(until - 1)).toEqual(['call', 'upload']);
    expect(kinds(until)).toEqual(['upload']);
  });

  it('that nobody has taken is released without a trace', () => {
    const other = step(state, taken(t0, t0 + 10, 'upload')).state;
    for (const before of [state, other])
      expect(step(before, { type: 'lease.released', at: t0, kind: 'call' })).toEqual(unchanged(before));
  });

  it('of one kind is released and leaves the others as they are', () => {
    const both = stepAll(state, [taken(t0, t0 + minutes(9)), taken(t0, t0 + minutes(9), 'upload')]).state;
    const released = step(both, { type: 'lease.released', at: t0 + minutes(2), kind: 'call' }).state;
    expect(released.context).toMatchObject({ leases: { upload: t0 + minutes(9) }, lastActivityAt: t0 + minutes(2) });
  });

  it('never moves the idle clock back when it is released', () => {
    const later = stepAll(state, [
      taken(t0, t0 + minutes(2)),
      { type: 'activity.seen', at: t0 + minutes(5), seenAt: t0 + minutes(5), generation: 0 },
    ]).state;
    const released = step(later, { type: 'lease.released', at: t0 + minutes(6), kind: 'call' }).state;
    expect(released.context.lastActivityAt).toBe(t0 + minutes(5));
  });
});

describe('activity', () => {
  it('that tells nothing new is not recorded, however fine the resolution', () => {
    const every = begun(policyWith({ activityResolution: 0 })).state;
    const again: SessionEvent = { type: 'activity.seen', at: t0 + minutes(1), seenAt: t0, generation: 0 };
    expect(step(every, again)).toEqual(unchanged(every));
  });
});

describe('a rotation', () => {
  it('makes the next generation and no other', () => {
    for (const generation of [0, 2])
      expect(step(state, { type: 'token.rotated', at: t0, generation })).toMatchObject({
        outcome: 'rejected',
        code: 'wrong_generation',
      });
    expect(step(state, { type: 'token.rotated', at: t0, generation: 1 }).outcome).toBe('changed');
  });

  it('is confirmed by the first use of what it made, and by no second one', () => {
    const rotated = step(state, { type: 'token.rotated', at: t0, generation: 1 }).state;
    const use = (generation: number): SessionEvent => ({ type: 'token.confirmed', at: t0 + 1, generation });
    expect(step(rotated, use(0))).toMatchObject({ outcome: 'rejected', code: 'wrong_generation' });
    const used = step(rotated, use(1)).state;
    expect(used.context.generations.at(-1)).toEqual({ generation: 1, issuedAt: t0, confirmedAt: t0 + 1 });
    expect(step(used, use(1))).toEqual(unchanged(used));
  });
});

describe('a re-authentication', () => {
  const longer = policyWith({ idleTimeout: hours(1) });
  const back = (at: number, generation = 1): SessionEvent => ({
    type: 'user.reauthenticated',
    at,
    method: 'pwd',
    generation,
    policy: longer,
  });
  const toast = (at: number): SessionEvent => ({ type: 'warning.shown', at, stage: 'toast', visible: true });

  it.each([
    ['fresh', minutes(5)],
    ['expiring', minutes(26)],
    ['lapsed', hours(3)],
  ])('of a session that is %s begins both clocks again, under the policy now in force', (_, when) => {
    const at = t0 + when;
    const before = stepAll(state, [
      { type: 'lease.taken', at: t0, kind: 'call', until: t0 + minutes(1) },
      { type: 'token.rotated', at: t0, generation: 1 },
      { type: 'clock.reached', at },
    ]).state;
    const after = step(before, back(at, 2)).state;
    expect(after).toEqual({
      leaf: 'active.fresh',
      context: {
        ...before.context,
        version: before.context.version + 1,
        updatedAt: at,
        policy: longer,
        authenticatedAt: at,
        lastActivityAt: at,
        leases: {},
        generations: [{ generation: 2, issuedAt: at, confirmedAt: at }],
        barrier: 2,
        lapsedFor: null,
        lapsedAt: null,
      },
    });
  });

  it('makes the next generation and no other', () => {
    for (const before of [state, settle(state, t0 + hours(3)).state])
      for (const generation of [0, 2])
        expect(step(before, back(t0 + hours(3), generation))).toMatchObject({
          outcome: 'rejected',
          code: 'wrong_generation',
        });
  });

  it('lets each stage of the next warning be shown again, whether it came before the lapse or after', () => {
    const warned = step(state, toast(t0 + minutes(26))).state;
    expect(warned.context.warned).toEqual(['toast']);
    for (const at of [t0 + minutes(27), t0 + hours(3)]) {
      const again = step(warned, back(at)).state;
      expect(again.context.warned).toEqual([]);
      expect(step(again, toast(at + minutes(56))).state.context.warned).toEqual(['toast']);
    }
  });
});

describe('an extension', () => {
  it('begins the idle clock again, and lets each stage of the next warning be shown again', () => {
    const warned = stepAll(state, [
      { type: 'warning.shown', at: t0 + minutes(26), stage: 'toast', visible: true },
      { type: 'warning.shown', at: t0 + minutes(28), stage: 'dialog', visible: true },
    ]).state;
    expect(warned.context.warned).toEqual(['toast', 'dialog']);
    const extended = step(warned, { type: 'session.extended', at: t0 + minutes(29), generation: 0 }).state;
    expect(extended.context).toMatchObject({ lastActivityAt: t0 + minutes(29), warned: [] });
  });
});

describe('the end of a session', () => {
  it.each<[string, SessionEvent]>([
    ['a sign-out', { type: 'user.signedOut', at: t0 + hours(1) }],
    ['a revocation', { type: 'session.revoked', at: t0 + hours(1), by: 'u1', reason: 'lost' }],
    ['a displacement', { type: 'session.displaced', at: t0 + hours(1), by: 's2' }],
    ['a reused token', { type: 'token.reused', at: t0 + hours(1), generation: 0 }],
  ])('bears the instant of %s, live or lapsed', (_, event) => {
    const old = stepAll(state, [
      { type: 'token.rotated', at: t0, generation: 1 },
      { type: 'token.confirmed', at: t0, generation: 1 },
    ]).state;
    expect(step(old, event).state.context).toMatchObject({ endedAt: t0 + hours(1), lapsedAt: t0 + minutes(30) });
    const at = t0 + minutes(10);
    expect(step(old, { ...event, at }).state.context).toMatchObject({ endedAt: at, lapsedAt: null });
  });

  it('by the clock bears the instant of its deadline', () => {
    const { context } = settle(state, t0 + hours(99)).state;
    expect(context).toMatchObject({
      lapsedFor: 'idle',
      lapsedAt: t0 + minutes(30),
      endedAt: t0 + minutes(30) + hours(24),
    });
    const strict = begun(policyWith({ idleTimeout: minutes(39), absoluteTimeout: minutes(40), restoreFrom: ['idle'] }));
    const extended = step(strict.state, { type: 'session.extended', at: t0 + minutes(9), generation: 0 }).state;
    expect(settle(extended, t0 + hours(9)).state.context).toMatchObject({ endedAt: t0 + minutes(40), lapsedAt: null });
  });
});

describe('the use of a session after its end', () => {
  const used = (at: number): SessionEvent => ({ type: 'session.usedAfterEnd', at });

  it.each<[string, SessionState, number]>([
    ['a lapse', settle(state, t0 + minutes(30)).state, t0 + minutes(30)],
    ['a sign-out after a lapse', step(state, { type: 'user.signedOut', at: t0 + hours(1) }).state, t0 + hours(1)],
    ['a sign-out', step(state, { type: 'user.signedOut', at: t0 }).state, t0],
  ])('is noted from 10 s after %s, and again a minute later', (_, before, end) => {
    expect(step(before, used(end + seconds(10) - 1))).toEqual(unchanged(before));
    const first = step(before, used(end + seconds(10))).state;
    expect(first.context.usedAfterEnd).toEqual({ count: 1, lastAt: end + seconds(10) });
    expect(step(first, used(end + seconds(70) - 1))).toEqual(unchanged(first));
    const second = step(first, used(end + seconds(70))).state;
    expect(second).toMatchObject({
      leaf: before.leaf,
      context: { usedAfterEnd: { count: 2, lastAt: end + seconds(70) } },
    });
  });
});
