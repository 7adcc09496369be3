import { describe, expect, it } from 'vitest';
import {
  currentGeneration,
  hours,
  minutes,
  seconds,
  standingOf,
  stepAll,
  successorOf,
  tokenExpiresAt,
  type SessionEvent,
} from '../../machines/index.ts';
import { begun, policyWith, t0 } from '../support/machines.ts';

const policy = policyWith({ rotationGrace: seconds(30) });
const { state } = begun(policy);
const rotated = (at: number, generation: number): SessionEvent => ({ type: 'token.rotated', at, generation });
const confirmed = (at: number, generation: number): SessionEvent => ({ type: 'token.confirmed', at, generation });
const after = (...events: SessionEvent[]) => stepAll(state, events).state.context;

describe('the generations that are kept', () => {
  it('begin with one that was used when it was made', () => {
    expect(state.context.generations).toEqual([{ generation: 0, issuedAt: t0, confirmedAt: t0 }]);
    expect(currentGeneration(state.context)).toEqual({ generation: 0, issuedAt: t0, confirmedAt: t0 });
  });

  it('get the new one unused, and note when it was first used', () => {
    const first = { generation: 0, issuedAt: t0, confirmedAt: t0 };
    const next = { generation: 1, issuedAt: t0 + seconds(5), confirmedAt: null };
    const made = after(rotated(t0 + seconds(5), 1));
    expect(made.generations).toEqual([first, next]);
    expect(currentGeneration(made)).toEqual(next);
    const used = after(rotated(t0 + seconds(5), 1), confirmed(t0 + seconds(7), 1));
    expect(used.generations).toEqual([first, { ...next, confirmedAt: t0 + seconds(7) }]);
  });

  it('lose at a rotation all whose predecessor may not come back any more', () => {
    const used = [rotated(t0, 1), confirmed(t0 + seconds(10), 1)];
    const kept = (at: number) => after(...used, rotated(at, 2)).generations.map(({ generation }) => generation);
    expect(kept(t0 + seconds(30) - 1)).toEqual([0, 1, 2]);
    expect(currentGeneration(after(...used, rotated(t0 + seconds(11), 2))).generation).toBe(2);
    expect(kept(t0 + seconds(30))).toEqual([1, 2]);
    expect(kept(t0 + seconds(40) - 1)).toEqual([1, 2]);
    expect(kept(t0 + seconds(40))).toEqual([2]);
  });
});

describe('what a generation is worth', () => {
  const context = after(rotated(t0, 1), confirmed(t0, 1), rotated(t0 + minutes(1), 2));
  const now = t0 + minutes(2);

  it('is nothing when this session never made it', () => {
    for (const generation of [-1, 3, 0.5, 1.5, Number.NaN, Infinity])
      expect(standingOf(context, generation, now)).toBe('unknown');
  });

  it('is told apart for the current one, the one before, and one whose successor is forgotten', () => {
    expect([2, 1, 0].map((generation) => standingOf(context, generation, now))).toEqual(['current', 'grace', 'stale']);
  });

  it('is over for those before a re-authentication, the last of them included', () => {
    const reauthenticated: SessionEvent = {
      type: 'user.reauthenticated',
      at: t0 + seconds(1),
      method: 'pwd',
      generation: 2,
      policy,
    };
    const again = after(rotated(t0, 1), reauthenticated, rotated(t0 + seconds(2), 3));
    const standings = [0, 1, 2, 3].map((generation) => standingOf(again, generation, t0 + seconds(2)));
    expect(standings).toEqual(['superseded', 'superseded', 'grace', 'current']);
  });
});

describe('the successor of a generation', () => {
  const context = after(rotated(t0 + seconds(5), 1));

  it('is the one after it, and none of the current one', () => {
    expect(successorOf(context, 0)).toEqual({ generation: 1, issuedAt: t0 + seconds(5), confirmedAt: null });
    expect(successorOf(context, 1)).toBeUndefined();
  });
});

describe('the end of a token', () => {
  const issued = (issuedAt: number) => ({ generation: 0, issuedAt, confirmedAt: null });
  const { context } = begun(policyWith({ tokenLifetime: minutes(30), absoluteTimeout: hours(2) })).state;

  it('is its life after it was made, in whole seconds', () => {
    expect(tokenExpiresAt(context, issued(t0))).toBe(t0 + minutes(30));
    expect(tokenExpiresAt(context, issued(t0 + 1_999))).toBe(t0 + minutes(30) + 1_000);
  });

  it('ASVS 7.3.2 is never past the absolute limit', () => {
    expect(tokenExpiresAt(context, issued(t0 + hours(1) + minutes(45)))).toBe(t0 + hours(2));
  });
});
