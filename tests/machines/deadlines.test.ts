import { describe, expect, it } from 'vitest';
import { canExtend, minutes, restorableUntil, settle, step, hours } from '../../machines/index.ts';
import { begun, policyWith, t0 } from '../support/machines.ts';

describe('an extension', () => {
  const policy = policyWith({ idleTimeout: minutes(30), absoluteTimeout: minutes(50) });
  const seen = (at: number) =>
    step(begun(policy).state, { type: 'activity.seen', at, seenAt: at, generation: 0 }).state.context;

  it('gains time while the absolute limit comes after the idle one', () => {
    expect(canExtend(seen(t0 + minutes(20) - 1))).toBe(true);
  });

  it('gains nothing when both limits fall on the same instant, or the absolute one comes first', () => {
    expect(canExtend(seen(t0 + minutes(20)))).toBe(false);
    expect(canExtend(seen(t0 + minutes(20) + 1))).toBe(false);
  });
});

describe('the time in which a session can be resumed', () => {
  const { state } = begun(policyWith({ idleTimeout: minutes(30), restoreWindow: hours(24) }));

  it('is unknown while the session is live', () => {
    expect(restorableUntil(state.context)).toBeNull();
  });

  it('is counted from the lapse itself, whenever that was found out', () => {
    const { context } = settle(state, t0 + hours(3)).state;
    expect(restorableUntil(context)).toBe(t0 + minutes(30) + hours(24));
  });
});
