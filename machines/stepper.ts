import { createActor, type SnapshotFrom } from 'xstate';
import type { SessionEvent } from './events.ts';
import { valueOf, type Leaf } from './leaf.ts';
import type { SessionContext } from './session.context.ts';
import { sessionMachine } from './session.machine.ts';

type Snapshot = SnapshotFrom<typeof sessionMachine>;
type Scope = Parameters<typeof sessionMachine.transition>[2];

/** What one step leads to. */
export interface Stepped {
  readonly snapshot: Snapshot;
  /** The names of the actions that are not assignments, in their order. */
  readonly actions: readonly string[];
}

let actions: string[];
let scope: Scope | undefined;
const resolved = new Map<Leaf, Snapshot>();

function snapshotOf(leaf: Leaf, context: SessionContext): Snapshot {
  const known = resolved.get(leaf);
  if (known) return { ...known, context };
  const snapshot = sessionMachine.resolveState({ value: valueOf(leaf), context });
  resolved.set(leaf, snapshot);
  return snapshot;
}

const nothing = () => {};

/** What XState asks for around a step: an actor that is never started, and so never does anything. */
function inertScope(context: SessionContext): Scope {
  const self = createActor(sessionMachine, { input: { context } });
  return {
    self,
    system: self.system,
    id: '',
    sessionId: '',
    logger: nothing,
    defer: nothing,
    stopChild: nothing,
    emit: nothing,
    actionExecutor: ({ type }) => void actions.push(type),
  };
}

/**
 * Steps the session machine as XState's `transition()` does, which makes an actor for every event and resolves the state
 * anew. Here one actor that is never started and one resolved state for every leaf serve for ever, which a machine allows
 * that invokes nothing, waits for nothing, and whose actions are assignments or nothing at all.
 */
export function stepMachine(leaf: Leaf, context: SessionContext, event: SessionEvent): Stepped {
  actions = [];
  scope ??= inertScope(context);
  const snapshot = sessionMachine.transition(snapshotOf(leaf, context), event, scope);
  return { snapshot, actions };
}
