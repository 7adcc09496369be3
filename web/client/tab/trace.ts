import type { AnyTransitionDefinition, InspectionEvent } from 'xstate';
import type { Instant } from '../../../machines/index.ts';

/** One step of a machine that this tab runs. */
export interface Transition {
  /** Grows by one with every move of the tab. */
  readonly number: number;
  /** The server's clock, as the tab reckoned it. */
  readonly at: Instant;
  readonly machine: 'tab' | 'session';
  readonly event: string;
  /** The transitions taken; `transitionIdOf` says which they are in the machine's chart. */
  readonly transitions: readonly AnyTransitionDefinition[];
  /** The ids of the states it is in afterwards, parents included. */
  readonly states: readonly string[];
}

/** What this tab's machines did last. Holds no context and nothing of what an event carried. */
export interface Trace {
  readonly moves: () => readonly Transition[];
  readonly subscribe: (listener: () => void) => () => void;
}

const kept = 200;

const machineOf = (id: string): Transition['machine'] | null => (id === 'session' || id === 'tab' ? id : null);

/** Every state a value stands in, parents before their children, the root as `''`. */
export function statesIn(value: unknown, path: readonly string[] = []): readonly string[] {
  const here = path.join('.');
  if (typeof value === 'string') return [here, [...path, value].join('.')];
  if (typeof value !== 'object' || value === null) return [here];
  return [here, ...Object.entries(value).flatMap(([key, child]) => statesIn(child, [...path, key]))];
}

/** Listens to the machines of one tab. */
export function createTrace(now: () => Instant): Trace & { readonly inspect: (event: InspectionEvent) => void } {
  const listeners = new Set<() => void>();
  let moves: readonly Transition[] = [];
  let count = 0;

  return {
    moves: () => moves,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    inspect(event) {
      if (event.type !== '@xstate.microstep' || !('logic' in event.actorRef)) return;
      const { logic } = event.actorRef;
      const machine = typeof logic === 'object' && logic !== null && 'id' in logic ? machineOf(String(logic.id)) : null;
      if (machine === null) return;
      const { _transitions: transitions } = event;
      count += 1;
      const move: Transition = {
        number: count,
        at: now(),
        machine,
        event: event.event.type,
        transitions,
        states: statesIn('value' in event.snapshot ? event.snapshot.value : null),
      };
      moves = [...moves.slice(1 - kept), move];
      for (const listener of listeners) listener();
    },
  };
}
