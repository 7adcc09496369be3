import { createInspector } from '@statelyai/inspect';
import type { AnyActorRef } from 'xstate';
import { sessionMachine, valueOf } from '../../../machines/index.ts';
import type { Told } from '../tellLog.ts';
import { clean } from './clean.ts';

const isConnection = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'type' in data && data.type === '@statelyai.connected';

/** Speaks to one window of one origin; what happens before that window answers waits for it. */
function windowAdapter(target: Window, origin: string) {
  const waiting: object[] = [];
  let isConnected = false;
  window.addEventListener('message', ({ source, origin: from, data }) => {
    if (source !== target || from !== origin || !isConnection(data)) return;
    isConnected = true;
    for (const each of waiting.splice(0)) target.postMessage(each, origin);
  });
  return {
    send(event: object) {
      if (isConnected) target.postMessage(event, origin);
      else waiting.push(event);
    },
  };
}

/**
 * Shows a running actor, and everything it runs, to the XState inspector in another window.
 *
 * @returns what shows it a stored log, too
 * @see https://stately.ai/docs/inspector
 */
export function attach(actor: AnyActorRef, target: Window, origin: string): Told {
  const adapter = windowAdapter(target, origin);
  const inspector = createInspector(
    { send: (event) => adapter.send(clean(event)) },
    // The inspector's default of 10 cuts nested charts off.
    { serializationDepthLimit: 40 },
  );
  // Whoever runs already was announced before anybody listened.
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
