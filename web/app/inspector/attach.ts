import { createInspector } from '@statelyai/inspect';
import type { AnyActorRef } from 'xstate';
import { sessionMachine, valueOf } from '../../../machines/index.ts';
import type { InspectorWindow } from '../inspectorWindow.ts';
import type { Told } from '../tellLog.ts';
import { clean } from './clean.ts';

/** What happens before the window can hear waits for it. */
function windowAdapter({ target, origin, ready }: InspectorWindow) {
  let waiting: object[] | null = [];
  void ready.then(() => {
    for (const each of waiting ?? []) target.postMessage(each, origin);
    waiting = null;
  });
  return {
    send(event: object) {
      if (waiting) waiting.push(event);
      else target.postMessage(event, origin);
    },
  };
}

/**
 * Shows a running actor, and everything it runs, to the XState inspector in another window.
 *
 * @returns what shows it a stored log, too
 * @see https://stately.ai/docs/inspector
 */
export function attach(actor: AnyActorRef, inspectorWindow: InspectorWindow): Told {
  const adapter = windowAdapter(inspectorWindow);
  const inspector = createInspector(
    { send: (event) => adapter.send(clean(event)) },
    // The inspector's default of 10 cuts nested charts off.
    { serializationDepthLimit: 40 },
  );
  // An actor that runs already was announced before the inspector listened.
  const announce = (ref: AnyActorRef) => {
    inspector.inspect.next?.({ type: '@xstate.actor', actorRef: ref, rootId: actor.sessionId });
    const snapshot: unknown = ref.getSnapshot();
    if (typeof snapshot !== 'object' || snapshot === null || !('children' in snapshot)) return;
    for (const child of Object.values(snapshot.children ?? {})) if (isActor(child)) announce(child);
  };
  announce(actor);
  actor.system.inspect(inspector.inspect);

  let logs = 0;
  return (log) => {
    logs += 1;
    const told = { sessionId: `log ${logs}`, logic: sessionMachine, send: () => {}, getSnapshot: () => null };
    for (const [index, { entry, state }] of log.entries()) {
      const snapshot = { value: valueOf(state.leaf), context: state.context };
      const event = { type: entry.type, at: entry.at };
      if (index === 0) inspector.actor(told, snapshot);
      else inspector.event(told, event);
      inspector.snapshot(told, snapshot, { event });
    }
  };
}

const isActor = (value: unknown): value is AnyActorRef =>
  typeof value === 'object' && value !== null && 'getSnapshot' in value && 'sessionId' in value;
