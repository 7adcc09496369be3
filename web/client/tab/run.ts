import { createActor, type Actor, type InspectionEvent } from 'xstate';
import type { TabContext, TabEvent, tabMachine } from '../../../machines/index.ts';
import { isSameState, stateOf } from './phase.ts';
import type { TabState } from './tab.types.ts';

/** The tab's machine, running or not. */
export type TabActor = Actor<typeof tabMachine>;

/** The run of one tab's machine: one actor at a time, for an actor that was stopped never starts again. */
export interface Run {
  readonly actor: () => TabActor;
  /** An actor that has not been started yet, which is the one that runs from now on. */
  readonly renew: () => TabActor;
  /** Called when another actor runs. */
  readonly onActor: (listener: () => void) => () => void;
  readonly send: (event: TabEvent) => void;
  readonly context: () => TabContext;
  readonly state: () => TabState;
  readonly subscribe: (listener: () => void) => () => void;
}

const listening = (listeners: Set<() => void>) => (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};
const tellAll = (listeners: ReadonlySet<() => void>) => {
  for (const listener of listeners) listener();
};

/** @param inspect is told every step of its machines. */
export function createRun(machine: typeof tabMachine, inspect: (event: InspectionEvent) => void): Run {
  const [ofState, ofActor] = [new Set<() => void>(), new Set<() => void>()];
  const create = (): TabActor => createActor(machine, { inspect });
  let [actor, isUsed] = [create(), false];
  let state = stateOf(actor.getSnapshot());

  return {
    actor: () => actor,
    renew() {
      if (isUsed) {
        actor = create();
        tellAll(ofActor);
      }
      isUsed = true;
      actor.subscribe((snapshot) => {
        const next = stateOf(snapshot);
        if (isSameState(state, next)) return;
        state = next;
        tellAll(ofState);
      });
      return actor;
    },
    send: (event) => actor.send(event),
    context: () => actor.getSnapshot().context,
    state: () => state,
    subscribe: listening(ofState),
    onActor: listening(ofActor),
  };
}
