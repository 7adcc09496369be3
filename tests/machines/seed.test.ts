import { describe, expect, it } from 'vitest';
import { contextOf } from '../../machines/seed.ts';
import {
  absoluteDeadline,
  hours,
  idleDeadline,
  minutes,
  settle,
  stepAll,
  viewOf,
  warnAt,
  type SessionEvent,
  type SessionState,
} from '../../machines/index.ts';
import { begun, policyWith, t0 } from '../support/machines.ts';

const policy = policyWith({ absoluteTimeout: hours(3) });
const { state } = begun(policy);
const seed = (from: SessionState) => contextOf(viewOf('s1', from, t0));
const clock = (at: number): SessionEvent => ({ type: 'clock.reached', at });

const courses: readonly [string, readonly SessionEvent[]][] = [
  ['has just begun', []],
  ['was active', [{ type: 'activity.seen', at: t0 + minutes(9), seenAt: t0 + minutes(8), generation: 0 }]],
  ['is held by a lease', [{ type: 'lease.taken', at: t0, kind: 'call', until: t0 + hours(2) }]],
  ['is warned of', [clock(t0 + minutes(26))]],
  [
    'was extended up to its absolute limit',
    [clock(t0 + minutes(26)), { type: 'session.extended', at: t0 + minutes(29), generation: 0 }],
  ],
];

describe('the context that a browser predicts with', () => {
  it('is the server’s own for a session that has just begun, without whose it is', () => {
    expect(seed(state)).toEqual({ ...state.context, user: '' });
  });

  it.each(courses)('has the deadlines and the version of a session that %s', (_, events) => {
    const at = stepAll(state, events).state;
    const context = seed(at);
    expect(idleDeadline(context)).toBe(idleDeadline(at.context));
    expect(absoluteDeadline(context)).toBe(absoluteDeadline(at.context));
    expect(warnAt(context)).toBe(warnAt(at.context));
    expect(context.version).toBe(at.context.version);
  });

  it.each(courses)('leads where the server leads, at every instant, for a session that %s', (_, events) => {
    const server = stepAll(state, events).state;
    const browser: SessionState = { leaf: 'active.fresh', context: seed(server) };
    for (const at of [minutes(26), minutes(29), minutes(31), hours(2), hours(3) - 1, hours(3)])
      if (t0 + at >= server.context.updatedAt)
        expect([at, settle(browser, t0 + at).state.leaf]).toEqual([at, settle(server, t0 + at).state.leaf]);
  });

  it('is refused where there is no session', () => {
    expect(() => contextOf(null)).toThrow('there is no session to predict');
  });
});
