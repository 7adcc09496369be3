import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { getStateNodes } from 'xstate/graph';
import { chartOf, leaves, sessionMachine, stateIdOf, tabMachine } from '../../machines/index.ts';

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

describe('the charts', () => {
  it('are called as their machines are', () => {
    expect([sessionMachine, tabMachine].map((machine) => chartOf(machine).id)).toEqual(['session', 'tab']);
  });
});

describe('the chart of the session machine', () => {
  it('has final states for every end, and no other', () => {
    const ends = leaves.filter((leaf) => leaf.startsWith('ended.'));
    const { states } = chartOf(sessionMachine);
    expect(states.filter(({ type }) => type === 'final').map(({ id }) => id)).toEqual(ends);
  });
});

describe('the chart of a machine that has everything', () => {
  const machine = createMachine({
    id: 'all',
    type: 'parallel',
    on: { any: { actions: 'note' } },
    states: {
      one: {
        initial: 'first',
        entry: ['greet', { type: 'look' }],
        exit: 'leave',
        invoke: { src: 'clock', id: 'ticker' },
        states: {
          first: {
            invoke: {
              src: 'ask',
              id: 'question',
              onDone: [{ guard: 'isGood', target: 'second' }, { target: 'over' }],
              onError: { target: 'over', actions: ['complain', { type: 'retry', params: {} }] },
            },
          },
          second: { on: { back: { guard: { type: 'isAllowed' }, target: 'first' }, stay: { actions: [] } } },
          over: { type: 'final' },
          before: { type: 'history' },
        },
      },
      other: {},
    },
  });
  const { id, states, transitions } = chartOf(machine);

  it('has each state with its parent, its kind, where it begins, and what it runs and does', () => {
    const plain = { invokes: [], entry: [], exit: [], initial: null };
    expect(id).toBe('all');
    expect(states).toEqual([
      { ...plain, id: '', name: 'all', parent: null, type: 'parallel' },
      {
        id: 'one',
        name: 'one',
        parent: '',
        type: 'compound',
        initial: 'one.first',
        invokes: ['clock'],
        entry: ['greet', 'look'],
        exit: ['leave'],
      },
      { ...plain, id: 'one.first', name: 'first', parent: 'one', type: 'atomic', invokes: ['ask'] },
      { ...plain, id: 'one.second', name: 'second', parent: 'one', type: 'atomic' },
      { ...plain, id: 'one.over', name: 'over', parent: 'one', type: 'final' },
      { ...plain, id: 'one.before', name: 'before', parent: 'one', type: 'history' },
      { ...plain, id: 'other', name: 'other', parent: '', type: 'atomic' },
    ]);
  });

  it('has each transition with its event, its guard and what it does, in the order in which they are tried', () => {
    expect(transitions).toEqual([
      { id: '|any|0', from: '', event: 'any', to: null, guard: null, actions: ['note'] },
      {
        id: 'one.first|done(ask)|0',
        from: 'one.first',
        event: 'done(ask)',
        to: 'one.second',
        guard: 'isGood',
        actions: [],
      },
      { id: 'one.first|done(ask)|1', from: 'one.first', event: 'done(ask)', to: 'one.over', guard: null, actions: [] },
      {
        id: 'one.first|error(ask)|0',
        from: 'one.first',
        event: 'error(ask)',
        to: 'one.over',
        guard: null,
        actions: ['complain', 'retry'],
      },
      { id: 'one.second|back|0', from: 'one.second', event: 'back', to: 'one.first', guard: 'isAllowed', actions: [] },
      { id: 'one.second|stay|0', from: 'one.second', event: 'stay', to: null, guard: null, actions: [] },
    ]);
  });
});

describe('what an invoked actor answers', () => {
  const machine = createMachine({
    initial: 'both',
    on: { 'xstate.done.actor.first': { target: '.over' }, 'not.xstate.done.actor.first': { target: '.over' } },
    states: {
      both: {
        invoke: [
          { src: 'ask', id: 'first', onDone: 'over' },
          { src: 'look', id: 'second', onDone: 'over', onError: 'over' },
        ],
      },
      over: {},
    },
  });

  it('is called by the actor that answers, where its state is the one that invoked it', () => {
    expect(chartOf(machine).transitions.map(({ id }) => id)).toEqual([
      '|done(?)|0',
      '|not.xstate.done.actor.first|0',
      'both|done(ask)|0',
      'both|done(look)|0',
      'both|error(look)|0',
    ]);
  });
});
