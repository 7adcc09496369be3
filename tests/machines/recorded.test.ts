import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { minutes, seconds, sessionMachine, settle, step } from '../../machines/index.ts';
import { transit } from '../../machines/driver.ts';
import { isWithoutEffect } from '../../machines/recorded.ts';
import { begun, histories, live, policies, t0 } from '../support/machines.ts';

it('says of an event that it has no effect exactly where the machine accepts it and changes nothing', () => {
  let [without, withEffect] = [0, 0];
  fc.assert(
    fc.property(policies, histories, (policy, history) => {
      for (const { before, event } of live(policy, history).lived) {
        if (event.type === 'clock.reached') continue;
        const { state } = settle(before, event.at);
        const taken = transit(state, event);
        const hasNone = taken.accepted && taken.state === state;
        expect({ event, hasNone: isWithoutEffect(state, event) }).toEqual({ event, hasNone });
        if (hasNone) without += 1;
        else withEffect += 1;
      }
    }),
    { numRuns: 400 },
  );
  expect(without).toBeGreaterThan(100);
  expect(withEffect).toBeGreaterThan(100);
});

it('steps the machine for no activity that gains less than the resolution', () => {
  const { state } = begun();
  const machine = vi.spyOn(sessionMachine, 'transition');
  const seen = (at: number) => step(state, { type: 'activity.seen', at, seenAt: at, generation: 0 }).outcome;
  expect(seen(t0 + seconds(59))).toBe('unchanged');
  expect(machine).not.toHaveBeenCalled();
  expect(seen(t0 + minutes(1))).toBe('changed');
  expect(machine).toHaveBeenCalled();
});

it('says that a stage of the warning has no effect before its time, and once it has been shown', () => {
  const shown = (stage: 'toast' | 'dialog') =>
    ({ type: 'warning.shown', at: t0 + minutes(26), stage, visible: true }) as const;
  const { state: fresh } = begun();
  const expiring = settle(fresh, t0 + minutes(26)).state;
  const warned = step(expiring, shown('toast')).state;
  const lapsed = settle(warned, t0 + minutes(31)).state;
  const effects = [fresh, expiring, warned, lapsed].map((state) =>
    [shown('toast'), shown('dialog')].map((event) => isWithoutEffect(state, event)),
  );
  expect(effects).toEqual([
    [true, true],
    [false, false],
    [true, false],
    [false, false],
  ]);
});

it('is not all there is: the machine itself takes each stage of the warning once, and accepts it again without a trace', () => {
  const shown = { type: 'warning.shown', at: t0 + minutes(26), stage: 'toast', visible: true } as const;
  const first = transit(settle(begun().state, t0 + minutes(26)).state, shown);
  expect([first.accepted, first.state.context.warned]).toEqual([true, ['toast']]);
  const again = transit(first.state, shown);
  expect(again).toEqual({ accepted: true, state: first.state });
  expect(again.state).toBe(first.state);
});

it('never says of the clock that it has no effect: whether a deadline has come is not its business', () => {
  expect(isWithoutEffect(begun().state, { type: 'clock.reached', at: t0 })).toBe(false);
});
