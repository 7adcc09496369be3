import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createPolicy,
  days,
  hours,
  minutes,
  presets,
  restorableUntil,
  seconds,
  settle,
  start,
  step,
  tighten,
  viewOf,
  type Policy,
  type SessionEvent,
  type SessionState,
} from '../../machines/index.ts';
import { begun, policyWith, t0 } from '../support/machines.ts';

const applied = (policy: Policy, at: number): SessionEvent => ({ type: 'policy.applied', at, policy });

const duration = fc.integer({ min: 0, max: days(40) });
/** Any policy that is good. */
const anyPolicy: fc.Arbitrary<Policy> = fc
  .record({
    absoluteTimeout: duration,
    idleTimeout: duration,
    warnBefore: duration,
    restoreWindow: duration,
    tokenLifetime: duration,
    activityResolution: duration,
    rotationGrace: duration,
    freshAuth: duration,
    maxLease: duration,
    restoreFrom: fc.constantFrom<Policy['restoreFrom']>(['idle'], ['idle', 'absolute'], ['absolute', 'idle']),
    maxSessions: fc.integer({ min: 1, max: 20 }),
    onLimit: fc.constantFrom('end-oldest' as const, 'deny' as const),
    undeclaredActivity: fc.constantFrom('user' as const, 'until-declared' as const, 'background' as const),
    remembered: fc.option(fc.record({ idleTimeout: duration, absoluteTimeout: duration })),
  })
  .map((wanted) => createPolicy(wanted))
  .filter((result) => result.ok)
  .map((result) => (result.ok ? result.policy : presets.standard));

describe('a policy that is tightened', () => {
  it('has the smaller of each limit', () => {
    const other: Policy = {
      ...presets.standard,
      idleTimeout: minutes(40),
      absoluteTimeout: hours(1),
      warnBefore: minutes(1),
      restoreWindow: hours(25),
      tokenLifetime: minutes(9),
      activityResolution: seconds(90),
      rotationGrace: seconds(5),
      freshAuth: minutes(50),
      maxLease: 0,
      maxSessions: 2,
    };
    expect(tighten(presets.standard, other)).toEqual({
      ...presets.standard,
      absoluteTimeout: hours(1),
      warnBefore: minutes(1),
      tokenLifetime: minutes(9),
      rotationGrace: seconds(5),
      maxLease: 0,
      maxSessions: 2,
    });
    expect(tighten(other, presets.standard)).toEqual(tighten(presets.standard, other));
  });

  it.each([
    ['user', 'user', 'user'],
    ['user', 'until-declared', 'until-declared'],
    ['user', 'background', 'background'],
    ['until-declared', 'background', 'background'],
    ['until-declared', 'until-declared', 'until-declared'],
  ] as const)('counts less of what says nothing: of %s and %s it is %s', (one, other, tighter) => {
    const counted = (a: Policy['undeclaredActivity'], b: Policy['undeclaredActivity']) =>
      tighten(policyWith({ undeclaredActivity: a }), policyWith({ undeclaredActivity: b })).undeclaredActivity;
    expect([counted(one, other), counted(other, one)]).toEqual([tighter, tighter]);
  });

  it('lets come back only from where both let', () => {
    const from = (a: Policy['restoreFrom'], b: Policy['restoreFrom']) =>
      tighten(policyWith({ restoreFrom: a }), policyWith({ restoreFrom: b })).restoreFrom;
    expect(from(['idle', 'absolute'], ['idle'])).toEqual(['idle']);
    expect(from(['idle'], ['idle', 'absolute'])).toEqual(['idle']);
    expect(from(['absolute', 'idle'], ['idle', 'absolute'])).toEqual(['absolute', 'idle']);
  });

  it('remembers for as long as both do, and not at all where one does not', () => {
    const long = { idleTimeout: days(20), absoluteTimeout: days(21) };
    expect(tighten(presets.standard, policyWith({ remembered: long })).remembered).toEqual({
      idleTimeout: days(14),
      absoluteTimeout: days(21),
    });
    expect(tighten(presets.standard, presets.pci).remembered).toBeNull();
    expect(tighten(presets.pci, presets.standard).remembered).toBeNull();
  });

  it('keeps its own word for a full house, for neither is tighter', () => {
    const deny = policyWith({ onLimit: 'deny' });
    expect(tighten(presets.standard, deny)).toBe(presets.standard);
    expect(tighten(deny, presets.standard)).toBe(deny);
  });

  it('is itself when nothing becomes tighter', () => {
    fc.assert(
      fc.property(anyPolicy, anyPolicy, (one, other) => {
        expect(tighten(one, one)).toBe(one);
        const both = tighten(one, other);
        expect(tighten(both, other)).toBe(both);
        expect(tighten(both, one)).toBe(both);
      }),
    );
  });

  it('is good when both are, and gives no limit more than either', () => {
    fc.assert(
      fc.property(anyPolicy, anyPolicy, (one, other) => {
        const both = tighten(one, other);
        expect(createPolicy(both)).toEqual({ ok: true, policy: both });
        for (const field of ['idleTimeout', 'absoluteTimeout', 'restoreWindow', 'freshAuth', 'maxLease'] as const)
          expect(both[field]).toBe(Math.min(one[field], other[field]));
      }),
    );
  });
});

describe('a policy that is applied to a session that is there', () => {
  const { state } = begun(policyWith());
  const tighter = policyWith({ idleTimeout: minutes(10), warnBefore: minutes(2) });
  const typesOf = ({ entries }: ReturnType<typeof step>) => entries.map(({ type, at, to }) => [type, at, to]);

  it('moves both deadlines, and nothing of the clocks they count from', () => {
    const policy = policyWith({ idleTimeout: minutes(10), warnBefore: minutes(2), absoluteTimeout: hours(1) });
    const { context } = step(state, applied(policy, t0 + minutes(1))).state;
    expect(context).toEqual({ ...state.context, policy, version: 2, updatedAt: t0 + minutes(1) });
    expect(viewOf('s1', { leaf: 'active.fresh', context }, t0)).toMatchObject({
      idleDeadline: t0 + minutes(10),
      absoluteDeadline: t0 + hours(1),
      warnAt: t0 + minutes(8),
    });
  });

  it('is written only when it tightens something', () => {
    const unchanged = (of: SessionState) => ({ outcome: 'unchanged', state: of, entries: [] });
    expect(step(state, applied(policyWith(), t0))).toEqual(unchanged(state));
    expect(step(state, applied(policyWith({ idleTimeout: hours(1) }), t0))).toEqual(unchanged(state));
    const once = step(state, applied(tighter, t0)).state;
    expect(step(once, applied(tighter, t0))).toEqual(unchanged(once));
    const lapsed = settle(once, t0 + hours(1)).state;
    expect(step(lapsed, applied(tighter, t0 + hours(1)))).toEqual(unchanged(lapsed));
  });

  it('warns at once, or times out at once, where that is overdue; and says when it did', () => {
    const at = t0 + minutes(9);
    expect(typesOf(step(state, applied(tighter, at)))).toEqual([
      ['policy.applied', at, 'active.fresh'],
      ['clock.reached', at, 'active.expiring'],
    ]);
    const late = step(state, applied(tighter, t0 + minutes(20)));
    expect(typesOf(late)).toEqual([
      ['policy.applied', t0 + minutes(20), 'active.fresh'],
      ['clock.reached', t0 + minutes(20), 'lapsed.idle'],
    ]);
    expect(late.state.context).toMatchObject({ lapsedFor: 'idle', lapsedAt: t0 + minutes(20) });
  });

  it('reaches a session whose user is being warned', () => {
    const expiring = settle(state, t0 + minutes(26)).state;
    const policy = policyWith({ idleTimeout: minutes(28) });
    const next = step(expiring, applied(policy, t0 + minutes(26)));
    expect(next.state).toMatchObject({ leaf: 'active.expiring' });
    expect(settle(next.state, t0 + minutes(28)).state).toMatchObject({ leaf: 'lapsed.idle' });
  });

  it('cuts declared activities to what it allows from now on', () => {
    const taken = (kind: string, until: number): SessionEvent => ({ type: 'lease.taken', at: t0, kind, until });
    let leased = step(state, taken('call', t0 + minutes(90))).state;
    leased = step(leased, taken('upload', t0 + minutes(3))).state;
    const short = step(leased, applied(policyWith({ maxLease: minutes(5) }), t0 + minutes(1)));
    expect(short.state.context.leases).toEqual({ call: t0 + minutes(6), upload: t0 + minutes(3) });
    const none = step(leased, applied(policyWith({ maxLease: 0 }), t0 + minutes(40)));
    expect(none.state).toMatchObject({ leaf: 'lapsed.idle', context: { lapsedAt: t0 + minutes(40) } });
  });

  it('leaves a lapsed session less time to come back, or none', () => {
    const lapsed = settle(state, t0 + hours(1)).state;
    const policy = policyWith({ restoreWindow: hours(2) });
    const shorter = step(lapsed, applied(policy, t0 + hours(1))).state;
    expect(shorter.leaf).toBe('lapsed.idle');
    expect(restorableUntil(shorter.context)).toBe(t0 + minutes(30) + hours(2));
    const over = step(shorter, applied(policyWith({ restoreWindow: minutes(1) }), t0 + hours(2)));
    expect(typesOf(over)).toEqual([
      ['policy.applied', t0 + hours(2), 'lapsed.idle'],
      ['clock.reached', t0 + hours(2), 'ended.expired'],
    ]);
  });

  it('ends a session whose limit cannot be resumed from any more', () => {
    const brief = policyWith({ absoluteTimeout: minutes(40), remembered: null });
    const extended = step(begun(brief).state, { type: 'session.extended', at: t0 + minutes(26), generation: 0 }).state;
    const lapsed = settle(extended, t0 + minutes(40)).state;
    expect(lapsed.leaf).toBe('lapsed.absolute');
    expect(restorableUntil(lapsed.context)).toBe(t0 + minutes(40) + hours(24));
    const over = step(lapsed, applied(policyWith({ restoreFrom: ['idle'] }), t0 + minutes(50)));
    expect(over.state).toMatchObject({ leaf: 'ended.expired', context: { endedAt: t0 + minutes(50) } });
  });

  it('leaves a remembered session its longer limits, as far as it has any', () => {
    const remembered = start({
      type: 'session.started',
      at: t0,
      user: 'u1',
      policy: policyWith({ idleTimeout: days(14), absoluteTimeout: days(30) }),
      remembered: true,
      method: ['pwd'],
      device: 'd1',
    }).state;
    expect(step(remembered, applied(policyWith(), t0))).toMatchObject({ outcome: 'unchanged' });
    const week = policyWith({ remembered: { idleTimeout: days(7), absoluteTimeout: days(20) } });
    const { policy } = step(remembered, applied(week, t0)).state.context;
    expect(policy).toMatchObject({ idleTimeout: days(7), absoluteTimeout: days(20) });
    const { policy: strict } = step(remembered, applied(presets.pci, t0)).state.context;
    expect(strict).toMatchObject({ idleTimeout: minutes(15), absoluteTimeout: hours(12), remembered: null });
  });

  it('goes with the next sign-in, which brings the policy that is then in force', () => {
    const once = step(state, applied(tighter, t0)).state;
    const policy = policyWith();
    const again = { type: 'user.reauthenticated', at: t0 + 1, method: ['pwd'], generation: 1, policy } as const;
    expect(step(once, again).state.context.policy).toEqual(policy);
  });
});
