import { describe, expect, it } from 'vitest';
import { getStateNodes } from 'xstate/graph';
import { chartOf, sessionMachine, stateIdOf, tabMachine } from '../../machines/index.ts';

describe.each([sessionMachine, tabMachine])('the chart of a machine ($id)', (machine) => {
  const { states, transitions } = chartOf(machine);
  const ids = states.map(({ id }) => id);

  it('has every state of the definition, parents first', () => {
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(ids)).toEqual(new Set(['', ...getStateNodes(machine).map(stateIdOf)]));
    for (const { id, parent } of states) if (parent !== null) expect(ids.indexOf(parent)).toBeLessThan(ids.indexOf(id));
  });

  it('gives every transition an id of its own, between states it has', () => {
    expect(new Set(transitions.map(({ id }) => id)).size).toBe(transitions.length);
    for (const { from, to } of transitions) {
      expect(ids).toContain(from);
      if (to !== null) expect(ids).toContain(to);
    }
  });
});
