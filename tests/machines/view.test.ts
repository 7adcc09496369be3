import { describe, expect, it } from 'vitest';
import {
  days,
  hours,
  isLiveView,
  minutes,
  nearestDeadline,
  reasonOf,
  settle,
  step,
  stepAll,
  viewOf,
  type SessionEvent,
  type SessionState,
  type SessionView,
} from '../../machines/index.ts';
import { begun, policyWith, t0 } from '../support/machines.ts';

const policy = policyWith({ absoluteTimeout: minutes(50), tokenLifetime: minutes(10) });
const { state } = begun(policy);
const extendedAt = t0 + minutes(21);
const extended = step(state, { type: 'session.extended', at: extendedAt, generation: 0 }).state;

const shared = {
  id: 's1',
  startedAt: t0,
  authenticatedAt: t0,
  absoluteDeadline: t0 + minutes(50),
  tokenExpiresAt: t0 + minutes(10),
  policy,
};
const early = { lastActivityAt: t0, idleDeadline: t0 + minutes(30), warnAt: t0 + minutes(25) };
const late = { lastActivityAt: extendedAt, idleDeadline: t0 + minutes(51), warnAt: t0 + minutes(45) };

describe('what a browser is told of a session', () => {
  const viewAt = (from: SessionState, at: number) => viewOf('s1', settle(from, at).state, at);

  it('has all limits and no reason while it is fresh', () => {
    const serverNow = t0 + minutes(1);
    const view = { ...shared, ...early, state: 'active', leaf: 'active.fresh', version: 1, serverNow, canExtend: true };
    expect(viewAt(state, serverNow)).toEqual(view);
  });

  it('has the limit that comes first as its reason while it is expiring, and says whether an answer helps', () => {
    const expiring = { ...shared, state: 'expiring', leaf: 'active.expiring' };
    const idle = { ...early, version: 2, serverNow: t0 + minutes(26), reason: 'idle', canExtend: true };
    expect(viewAt(state, t0 + minutes(26))).toEqual({ ...expiring, ...idle });
    const absolute = { ...late, version: 3, serverNow: t0 + minutes(46), reason: 'absolute', canExtend: false };
    expect(viewAt(extended, t0 + minutes(46))).toEqual({ ...expiring, ...absolute });
  });

  it('has the end of the time in which it can be resumed once it has lapsed, and cannot be extended', () => {
    const serverNow = t0 + minutes(31);
    expect(viewAt(state, serverNow)).toEqual({
      ...shared,
      ...early,
      state: 'lapsed',
      leaf: 'lapsed.idle',
      reason: 'idle',
      version: 3,
      serverNow,
      canExtend: false,
      restorableUntil: t0 + minutes(30) + hours(24),
    });
  });

  it('has no such time once it has ended, and cannot be extended', () => {
    const serverNow = t0 + days(2);
    expect(viewAt(state, serverNow)).toEqual({
      ...shared,
      ...early,
      state: 'ended',
      leaf: 'ended.expired',
      reason: 'expired',
      version: 4,
      serverNow,
      canExtend: false,
    });
    expect(viewOf('s1', step(state, { type: 'user.signedOut', at: t0 }).state, t0).canExtend).toBe(false);
  });

  it('has the end of the current token', () => {
    const rotated = step(state, { type: 'token.rotated', at: t0 + minutes(5), generation: 1 }).state;
    expect(viewAt(rotated, t0 + minutes(6)).tokenExpiresAt).toBe(t0 + minutes(15));
  });
});

describe('the reason of an end', () => {
  const strict = begun(policyWith({ absoluteTimeout: minutes(50), restoreFrom: ['idle'] })).state;
  const old = stepAll(state, [
    { type: 'token.rotated', at: t0, generation: 1 },
    { type: 'token.confirmed', at: t0, generation: 1 },
  ]).state;
  const clock = (at: number): SessionEvent => ({ type: 'clock.reached', at });

  it.each<[string, string, SessionState, readonly SessionEvent[]]>([
    ['an absolute lapse', 'absolute', extended, [clock(t0 + minutes(50))]],
    [
      'an absolute limit for good',
      'absolute',
      strict,
      [{ type: 'session.extended', at: extendedAt, generation: 0 }, clock(t0 + minutes(50))],
    ],
    ['a restore window that is over', 'expired', state, [clock(t0 + days(9))]],
    ['a sign-out', 'signed_out', state, [{ type: 'user.signedOut', at: t0 }]],
    ['a revocation', 'revoked', state, [{ type: 'session.revoked', at: t0, by: 'u1', reason: 'lost' }]],
    ['a displacement', 'displaced', state, [{ type: 'session.displaced', at: t0, by: 's2' }]],
    ['a reused token', 'compromised', old, [{ type: 'token.reused', at: t0 + minutes(1), generation: 0 }]],
  ])('of %s is `%s`', (_, reason, from, events) => {
    expect(reasonOf(stepAll(from, events).state)).toBe(reason);
  });

  it('is none while nothing is the matter', () => {
    expect(reasonOf(state)).toBeNull();
  });
});

describe('whether a view lets somebody in', () => {
  const view = viewOf('s1', state, t0);

  it('is said of every state of a view, and of none', () => {
    const lets = (each: SessionView['state']) => isLiveView({ ...view, state: each });
    expect((['active', 'expiring', 'lapsed', 'ended'] as const).map(lets)).toEqual([true, true, false, false]);
    expect(isLiveView(null)).toBe(false);
  });

  it('ends at the nearer of both limits', () => {
    expect(nearestDeadline({ idleDeadline: 1, absoluteDeadline: 2 })).toBe(1);
    expect(nearestDeadline({ idleDeadline: 3, absoluteDeadline: 2 })).toBe(2);
  });
});
