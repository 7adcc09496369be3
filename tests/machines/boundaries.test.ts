import { describe, expect, it } from 'vitest';
import {
  absoluteDeadline,
  canExtend,
  hours,
  idleDeadline,
  minutes,
  nextDeadline,
  reasonOf,
  seconds,
  settle,
  standingOf,
  step,
  stepAll,
  type SessionEvent,
  type SessionState,
} from '../../machines/index.ts';
import { begun, policyWith, t0 } from '../support/machines.ts';

const standard = policyWith();
const after = (state: SessionState, ...events: SessionEvent[]) => stepAll(state, events);
const seen = (at: number, seenAt = at): SessionEvent => ({ type: 'activity.seen', at, seenAt, generation: 0 });
const clock = (at: number): SessionEvent => ({ type: 'clock.reached', at });

describe('what ends a session ends it wherever it is', () => {
  const at = t0 + hours(1);
  const old = stepAll(begun(standard).state, [
    { type: 'token.rotated', at: t0, generation: 1 },
    { type: 'token.confirmed', at: t0, generation: 1 },
  ]).state;

  it.each<[string, SessionEvent, string]>([
    ['a sign-out', { type: 'user.signedOut', at }, 'ended.signedOut'],
    ['a revocation', { type: 'session.revoked', at, by: 'u1', reason: 'lost' }, 'ended.revoked'],
    ['a displacement', { type: 'session.displaced', at, by: 's2' }, 'ended.displaced'],
    ['a stale token', { type: 'token.reused', at, generation: 0 }, 'ended.compromised'],
  ])('%s, fresh, expiring and lapsed', (_, event, leaf) => {
    for (const when of [minutes(5), minutes(26), hours(1)])
      expect(step(old, { ...event, at: t0 + when }).state.leaf).toBe(leaf);
  });
});

describe('boundaries of the standard policy, 1 ms around every deadline', () => {
  const { state } = begun(standard);
  const warn = t0 + minutes(25);
  const idle = t0 + minutes(30);

  it.each([
    ['1 ms before the warning', warn - 1, 'active.fresh'],
    ['at the warning', warn, 'active.expiring'],
    ['1 ms after the warning', warn + 1, 'active.expiring'],
    ['ASVS 7.3.1 1 ms before the idle deadline', idle - 1, 'active.expiring'],
    ['ASVS 7.3.1 at the idle deadline', idle, 'lapsed.idle'],
    ['ASVS 7.3.1 1 ms after the idle deadline', idle + 1, 'lapsed.idle'],
    ['1 ms before the restore window is over', idle + hours(24) - 1, 'lapsed.idle'],
    ['when the restore window is over', idle + hours(24), 'ended.expired'],
  ])('%s', (_, at, leaf) => {
    expect(settle(state, at).state.leaf).toBe(leaf);
  });

  it('stamps each deadline with its own instant when all are found at once', () => {
    const { entries } = settle(state, idle + hours(48));
    expect(entries.map(({ at, to }) => [at, to])).toEqual([
      [warn, 'active.expiring'],
      [idle, 'lapsed.idle'],
      [idle + hours(24), 'ended.expired'],
    ]);
  });

  it('activity 1 ms before the warning counts, at the warning it does not', () => {
    expect(idleDeadline(after(state, seen(warn - 1)).state.context)).toBe(warn - 1 + minutes(30));
    expect(after(state, seen(warn))).toMatchObject({ outcome: 'changed', state: { leaf: 'active.expiring' } });
    expect(idleDeadline(after(state, seen(warn)).state.context)).toBe(idle);
  });

  it('an answer 1 ms before the idle deadline extends, at the deadline it is refused', () => {
    const answer = (at: number): SessionEvent => ({ type: 'session.extended', at, generation: 0 });
    expect(step(state, answer(idle - 1))).toMatchObject({ outcome: 'changed', state: { leaf: 'active.fresh' } });
    expect(step(state, answer(idle))).toMatchObject({
      outcome: 'rejected',
      code: 'session_lapsed',
      state: { leaf: 'lapsed.idle' },
    });
  });

  it('WCAG 2.2.1 the warning can be answered ten times in a row', () => {
    let current = state;
    for (let time = 1; time <= 10; time++) {
      const at = nextDeadline(current);
      const extended = after(current, clock(at), { type: 'session.extended', at: at + 1000, generation: 0 });
      expect(extended.state.leaf).toBe('active.fresh');
      expect(idleDeadline(extended.state.context)).toBe(at + 1000 + minutes(30));
      current = extended.state;
    }
  });

  it('a person proves who they are 1 ms before the window is over, and not at its end', () => {
    const back = (at: number): SessionEvent => ({
      type: 'user.reauthenticated',
      at,
      method: 'pwd',
      generation: 1,
      policy: standard,
    });
    const at = idle + hours(24) - 1;
    const resumed = step(state, back(at));
    expect(resumed).toMatchObject({
      outcome: 'changed',
      state: { leaf: 'active.fresh', context: { authenticatedAt: at, lastActivityAt: at } },
    });
    expect(step(state, back(at + 1))).toMatchObject({
      outcome: 'rejected',
      code: 'session_ended',
      state: { leaf: 'ended.expired' },
    });
  });
});

describe('the absolute limit', () => {
  const policy = policyWith({ idleTimeout: minutes(30), absoluteTimeout: minutes(50) });
  const busy = after(begun(policy).state, seen(t0 + minutes(24)));
  const absolute = t0 + minutes(50);

  it('ASVS 7.3.2 comes whatever anybody does, and is named as the reason', () => {
    const warned = settle(busy.state, absolute - minutes(5)).state;
    expect(reasonOf(warned)).toBe('absolute');
    expect(canExtend(warned.context)).toBe(false);
    expect(settle(busy.state, absolute - 1).state.leaf).toBe('active.expiring');
    expect(settle(busy.state, absolute).state.leaf).toBe('lapsed.absolute');
  });

  it('cannot be extended away', () => {
    const answer: SessionEvent = { type: 'session.extended', at: absolute - 1, generation: 0 };
    expect(step(busy.state, answer)).toMatchObject({ outcome: 'rejected', code: 'cannot_extend' });
  });

  it('comes first when both limits fall on the same instant', () => {
    const tie = after(begun(policy).state, seen(t0 + minutes(20))).state;
    expect(idleDeadline(tie.context)).toBe(absoluteDeadline(tie.context));
    expect(settle(tie, absolute).state.leaf).toBe('lapsed.absolute');
  });

  it('makes an extension shortly before it expire at once, at its own warning', () => {
    const late = after(begun(policy).state, seen(t0 + minutes(19)), clock(t0 + minutes(44))).state;
    expect(late.leaf).toBe('active.expiring');
    const extended = step(late, { type: 'session.extended', at: t0 + minutes(46), generation: 0 });
    expect(extended.entries.map(({ type, at, to }) => [type, at - t0, to])).toEqual([
      ['session.extended', minutes(46), 'active.fresh'],
      ['clock.reached', minutes(46), 'active.expiring'],
    ]);
    expect(reasonOf(extended.state)).toBe('absolute');
    expect(nextDeadline(extended.state)).toBe(absolute);
  });

  it('ends a strict session for good, with the limit as its reason', () => {
    const strict = policyWith({ idleTimeout: minutes(30), absoluteTimeout: minutes(50), restoreFrom: ['idle'] });
    const over = settle(after(begun(strict).state, seen(t0 + minutes(24))).state, absolute).state;
    expect(over.leaf).toBe('ended.expired');
    expect(reasonOf(over)).toBe('absolute');
  });

  it('ASVS 7.3.2 a session polled for 30 days dies at the limit', () => {
    let { state } = begun(standard);
    const limit = t0 + hours(12);
    for (let at = t0; at < t0 + hours(24 * 30); at += minutes(20)) {
      state = step(state, seen(at)).state;
      expect(state.leaf.startsWith('active')).toBe(at < limit);
    }
    expect(state.context.lapsedAt).toBe(limit);
  });
});

describe('activity', () => {
  const { state } = begun(policyWith({ activityResolution: minutes(1) }));

  it('is recorded at most once a resolution, exactly at it', () => {
    expect(step(state, seen(t0 + minutes(1) - 1))).toMatchObject({ outcome: 'unchanged', entries: [] });
    expect(step(state, seen(t0 + minutes(1)))).toMatchObject({ outcome: 'changed' });
  });

  it('counts from when the person was there, never from the future or before the last time', () => {
    const late = step(state, seen(t0 + minutes(10), t0 + minutes(4)));
    expect(late.state.context.lastActivityAt).toBe(t0 + minutes(4));
    expect(step(state, seen(t0 + minutes(10), t0 + minutes(99))).state.context.lastActivityAt).toBe(t0 + minutes(10));
    expect(step(state, seen(t0 + minutes(10), t0 - minutes(99)))).toMatchObject({ outcome: 'unchanged' });
  });

  it('with a resolution of 0 is recorded every time', () => {
    const every = begun(policyWith({ activityResolution: 0 })).state;
    expect(step(every, seen(t0 + 1))).toMatchObject({ outcome: 'changed' });
  });
});

describe('generations of the credential', () => {
  const rotated = (state: SessionState, at: number, generation: number) =>
    step(state, { type: 'token.rotated', at, generation }).state;
  const confirmed = (state: SessionState, at: number, generation: number) =>
    step(state, { type: 'token.confirmed', at, generation }).state;
  const one = rotated(begun(standard).state, t0 + 1000, 1);
  const used = confirmed(one, t0 + 2000, 1);

  it('RFC 9700 4.14.2 the old one works until the new one was used, and its grace after that', () => {
    expect(standingOf(one.context, 0, t0 + minutes(9))).toBe('grace');
    expect(standingOf(used.context, 0, t0 + 2000 + seconds(30) - 1)).toBe('grace');
    expect(standingOf(used.context, 0, t0 + 2000 + seconds(30))).toBe('stale');
    expect(standingOf(used.context, 1, t0 + minutes(9))).toBe('current');
    expect(standingOf(used.context, 2, t0 + minutes(9))).toBe('unknown');
  });

  it('RFC 9700 4.14.2 reuse after the grace ends the session, before it nothing', () => {
    const reuse = (at: number): SessionEvent => ({ type: 'token.reused', at, generation: 0 });
    expect(step(used, reuse(t0 + 2000 + seconds(30) - 1))).toMatchObject({
      outcome: 'rejected',
      code: 'wrong_generation',
    });
    expect(step(used, reuse(t0 + 2000 + seconds(30)))).toMatchObject({ state: { leaf: 'ended.compromised' } });
  });

  it('ends a lapsed session too when a stale one is reused', () => {
    const lapsed = settle(used, t0 + hours(1)).state;
    expect(lapsed.leaf).toBe('lapsed.idle');
    const reused = step(lapsed, { type: 'token.reused', at: t0 + hours(1), generation: 0 });
    expect(reused.state.leaf).toBe('ended.compromised');
  });

  it('ASVS 7.2.4 a re-authentication is a barrier: earlier ones have no grace and no consequence', () => {
    const again = step(used, {
      type: 'user.reauthenticated',
      at: t0 + 3000,
      method: 'pwd',
      generation: 2,
      policy: standard,
    }).state;
    expect(standingOf(again.context, 1, t0 + 3000)).toBe('superseded');
    expect(standingOf(again.context, 0, t0 + 3000)).toBe('superseded');
    expect(standingOf(again.context, 2, t0 + 3000)).toBe('current');
    expect(step(again, { type: 'token.reused', at: t0 + 3000, generation: 0 })).toMatchObject({ outcome: 'rejected' });
  });

  it('are not rotated before the last one was used', () => {
    expect(step(one, { type: 'token.rotated', at: t0 + 3000, generation: 2 })).toMatchObject({
      outcome: 'rejected',
      code: 'wrong_generation',
    });
  });
});

describe('declared activities', () => {
  const policy = policyWith({ maxLease: hours(2) });
  const { state } = begun(policy);
  const lease = (at: number, until: number): SessionEvent => ({ type: 'lease.taken', at, kind: 'call', until });
  const released = (at: number): SessionEvent => ({ type: 'lease.released', at, kind: 'call' });

  it('hold the idle deadline until their end, no longer than the policy allows', () => {
    expect(idleDeadline(step(state, lease(t0, t0 + hours(1))).state.context)).toBe(t0 + hours(1));
    expect(step(state, lease(t0, t0 + hours(2) + 1))).toMatchObject({ outcome: 'rejected', code: 'lease_forbidden' });
  });

  it('are refused past the absolute limit, and taken right up to it', () => {
    const short = begun(policyWith({ absoluteTimeout: hours(1) })).state;
    const at = t0 + minutes(20);
    expect(step(short, lease(at, t0 + hours(1)))).toMatchObject({ outcome: 'changed' });
    expect(step(short, lease(at, t0 + hours(1) + 1))).toMatchObject({ outcome: 'rejected', code: 'lease_forbidden' });
  });

  it('restart the idle clock when released, capped by their end', () => {
    const taken = step(state, lease(t0, t0 + minutes(10))).state;
    expect(idleDeadline(step(taken, released(t0 + minutes(4))).state.context)).toBe(t0 + minutes(34));
    expect(idleDeadline(step(taken, released(t0 + minutes(20))).state.context)).toBe(t0 + minutes(40));
  });

  it('cannot be taken or released during the warning: answer first', () => {
    const at = t0 + minutes(26);
    expect(step(state, lease(at, at + 1000))).toMatchObject({ outcome: 'rejected', code: 'answer_first' });
    expect(step(state, released(at))).toMatchObject({ outcome: 'rejected', code: 'answer_first' });
  });

  it('are forbidden where the policy has none', () => {
    const strict = begun(policyWith({ maxLease: 0 })).state;
    expect(step(strict, lease(t0, t0 + 1))).toMatchObject({ outcome: 'rejected', code: 'lease_forbidden' });
  });
});

describe('audit entries', () => {
  it('show each stage of a warning once, and again in the next warning', () => {
    const shown = (at: number): SessionEvent => ({ type: 'warning.shown', at, stage: 'toast', visible: true });
    const first = step(begun(standard).state, shown(t0 + minutes(26)));
    expect(first.entries.map(({ type }) => type)).toEqual(['clock.reached', 'warning.shown']);
    expect(step(first.state, shown(t0 + minutes(27)))).toMatchObject({ outcome: 'unchanged', entries: [] });
    const next = after(
      first.state,
      { type: 'session.extended', at: t0 + minutes(28), generation: 0 },
      clock(t0 + minutes(53)),
    );
    expect(step(next.state, shown(t0 + minutes(54)))).toMatchObject({ outcome: 'changed' });
  });

  it('accept a warning that was shown too early and write nothing', () => {
    const early: SessionEvent = { type: 'warning.shown', at: t0, stage: 'toast', visible: true };
    expect(step(begun(standard).state, early)).toMatchObject({ outcome: 'unchanged', entries: [] });
  });

  it('note a use after the end at most once a minute and ten times, and not in the first 10 s', () => {
    let { state } = step(begun(standard).state, { type: 'user.signedOut', at: t0 });
    const used = (at: number): SessionEvent => ({ type: 'session.usedAfterEnd', at });
    expect(step(state, used(t0 + seconds(10) - 1))).toMatchObject({ outcome: 'unchanged', entries: [] });
    let entries = 0;
    for (let at = t0 + seconds(10); at < t0 + hours(2); at += seconds(10)) {
      const taken = step(state, used(at));
      entries += taken.entries.length;
      state = taken.state;
      expect(entries).toBe(Math.min(10, Math.floor((at - t0 - seconds(10)) / minutes(1)) + 1));
    }
  });
});
