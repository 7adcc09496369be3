import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { transition } from 'xstate';
import { valueOf } from '../../machines/leaf.ts';
import { sessionMachine } from '../../machines/session.machine.ts';
import { stepMachine } from '../../machines/stepper.ts';
import { histories, live, policies } from '../support/machines.ts';

const runs = 100_000;

it('a step that makes no actor is the step of XState, over 100,000 histories', { timeout: 3_600_000 }, () => {
  let steps = 0;
  fc.assert(
    fc.property(policies, histories, (policy, history) => {
      for (const { before, event } of live(policy, history).lived) {
        const { leaf, context } = before;
        const snapshot = sessionMachine.resolveState({ value: valueOf(leaf), context });
        const [{ value, context: after, status }, actions] = transition(sessionMachine, snapshot, event);
        const stepped = stepMachine(leaf, context, event);
        const { snapshot: next } = stepped;
        const known = actions.map(({ type }) => type);
        const own = [next.value, next.context, next.status, stepped.actions];
        steps++;
        // What changes nothing gives the same context, not one like it.
        if ((next.context === context) !== (after === context)) return false;
        if (!isDeepStrictEqual(own, [value, after, status, known])) return false;
      }
      return true;
    }),
    { numRuns: runs },
  );
  console.log(`${steps} steps`);
  expect(steps).toBeGreaterThan(runs);
});
