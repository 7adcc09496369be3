import { expect, it, vi } from 'vitest';
import { transition } from 'xstate';
import { minutes, sessionMachine, type SessionEvent } from '../../machines/index.ts';
import { valueOf } from '../../machines/leaf.ts';
import { stepMachine } from '../../machines/stepper.ts';
import { begun, t0 } from '../support/machines.ts';

const { leaf, context } = begun().state;
const seen: SessionEvent = { type: 'activity.seen', at: t0 + minutes(2), seenAt: t0 + minutes(2), generation: 0 };
const soon: SessionEvent = { type: 'activity.seen', at: t0 + 1, seenAt: t0 + 1, generation: 0 };
const unfit: SessionEvent = { type: 'token.rotated', at: t0, generation: 7 };

it.each<[string, SessionEvent]>([
  ['is recorded', seen],
  ['is accepted without a trace', soon],
  ['is refused', unfit],
])('a step of what %s is that of XState, with the same actions', (_, event) => {
  const snapshot = sessionMachine.resolveState({ value: valueOf(leaf), context });
  const [next, actions] = transition(sessionMachine, snapshot, event);
  const { snapshot: own, actions: named } = stepMachine(leaf, context, event);
  expect([own.value, own.context, own.status]).toEqual([next.value, next.context, next.status]);
  expect(named).toEqual(actions.map(({ type }) => type));
});

it('a leaf is resolved once', () => {
  stepMachine(leaf, context, soon);
  const resolve = vi.spyOn(sessionMachine, 'resolveState');
  stepMachine(leaf, { ...context, user: 'another' }, seen);
  expect(stepMachine(leaf, context, seen).snapshot.context.user).toBe(context.user);
  expect(resolve).not.toHaveBeenCalled();
});
