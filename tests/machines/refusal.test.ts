import { describe, expect, it } from 'vitest';
import {
  hours,
  minutes,
  settle,
  step,
  stepAll,
  type Refusal,
  type SessionEvent,
  type SessionState,
} from '../../machines/index.ts';
import { refusalOf } from '../../machines/refusal.ts';
import { begun, policyWith, t0 } from '../support/machines.ts';

const policy = policyWith({ absoluteTimeout: minutes(50), maxLease: minutes(5) });
const rotated = (generation: number, at = t0): SessionEvent => ({ type: 'token.rotated', at, generation });
const confirmed = (generation: number, at = t0): SessionEvent => ({ type: 'token.confirmed', at, generation });
const fresh = stepAll(begun(policy).state, [rotated(1)]).state;
const extended = step(fresh, { type: 'session.extended', at: t0 + minutes(21), generation: 0 }).state;
const states: Readonly<Record<'fresh' | 'expiring' | 'lapsed' | 'ended', SessionState>> = {
  fresh,
  expiring: settle(extended, t0 + minutes(46)).state,
  lapsed: settle(extended, t0 + minutes(50)).state,
  ended: step(fresh, { type: 'user.signedOut', at: t0 }).state,
};

const refusalIn = (state: SessionState, event: SessionEvent): Refusal | null => {
  const taken = step(state, { ...event, at: state.context.updatedAt });
  return taken.outcome === 'rejected' ? taken.code : null;
};

const at = t0;
const reauthenticated: SessionEvent = { type: 'user.reauthenticated', at, method: 'pwd', generation: 7, policy };

describe('why an event is refused', () => {
  it.each<[string, SessionEvent, Record<keyof typeof states, Refusal | null>]>([
    [
      'an extension',
      { type: 'session.extended', at, generation: 1 },
      { fresh: null, expiring: 'cannot_extend', lapsed: 'session_lapsed', ended: 'session_ended' },
    ],
    [
      'a lease that lasts too long',
      { type: 'lease.taken', at, kind: 'call', until: t0 + hours(9) },
      { fresh: 'lease_forbidden', expiring: 'answer_first', lapsed: 'session_lapsed', ended: 'session_ended' },
    ],
    [
      'a lease that is released',
      { type: 'lease.released', at, kind: 'call' },
      { fresh: null, expiring: 'answer_first', lapsed: 'session_lapsed', ended: 'session_ended' },
    ],
    [
      'a rotation before the last one was used',
      rotated(2),
      { fresh: 'wrong_generation', expiring: 'wrong_generation', lapsed: 'session_lapsed', ended: 'session_ended' },
    ],
    [
      'the use of a generation that is not the current one',
      confirmed(0),
      { fresh: 'wrong_generation', expiring: 'wrong_generation', lapsed: 'session_lapsed', ended: 'session_ended' },
    ],
    [
      'a current token that is said to have come back',
      { type: 'token.replayed', at, generation: 1 },
      { fresh: 'wrong_generation', expiring: 'wrong_generation', lapsed: 'session_lapsed', ended: 'session_ended' },
    ],
    [
      'a current token that is said to be reused',
      { type: 'token.reused', at, generation: 1 },
      { fresh: 'wrong_generation', expiring: 'wrong_generation', lapsed: 'wrong_generation', ended: 'session_ended' },
    ],
    [
      'a re-authentication with another generation than the next',
      reauthenticated,
      { fresh: 'wrong_generation', expiring: 'wrong_generation', lapsed: 'wrong_generation', ended: 'session_ended' },
    ],
    [
      'a use after the end, before it',
      { type: 'session.usedAfterEnd', at },
      { fresh: 'not_allowed', expiring: 'not_allowed', lapsed: null, ended: null },
    ],
    [
      'activity',
      { type: 'activity.seen', at, seenAt: at, generation: 1 },
      { fresh: null, expiring: null, lapsed: 'session_lapsed', ended: 'session_ended' },
    ],
    [
      'a policy that is applied',
      { type: 'policy.applied', at, policy },
      { fresh: null, expiring: null, lapsed: null, ended: 'session_ended' },
    ],
    [
      'a warning that was shown',
      { type: 'warning.shown', at, stage: 'toast', visible: true },
      { fresh: null, expiring: null, lapsed: 'session_lapsed', ended: 'session_ended' },
    ],
  ])('%s, fresh, expiring, lapsed and ended', (_, event, codes) => {
    for (const [name, state] of Object.entries(states))
      expect([name, refusalIn(state, event)]).toEqual([name, codes[name as keyof typeof codes]]);
  });
});

describe('what a live session never refuses', () => {
  it.each<SessionEvent>([
    { type: 'session.extended', at, generation: 1 },
    { type: 'clock.reached', at },
    { type: 'activity.seen', at, seenAt: at, generation: 1 },
    { type: 'user.signedOut', at },
    { type: 'session.revoked', at, by: 'u1', reason: 'lost' },
    { type: 'session.displaced', at, by: 's2' },
    { type: 'warning.shown', at, stage: 'toast', visible: true },
    { type: 'client.heard', at },
    { type: 'policy.applied', at, policy },
  ])('has no reason of its own if it ever were: $type', (event) => {
    expect(refusalIn(states.fresh, event)).toBeNull();
    expect(refusalOf(states.fresh, event)).toBe('not_allowed');
  });
});
