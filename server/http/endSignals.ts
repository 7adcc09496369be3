import { isLive, lapsesAt, seconds, type Duration } from '../../machines/index.ts';
import { loadCurrent, type CommandDependencies } from '../session/command.ts';
import { reportFailure } from '../session/reportFailure.ts';
import type { HttpDependencies } from './dependencies.ts';

/** How long to wait before asking again when the store did not answer, in ms. */
const retryAfter: Duration = seconds(1);

/** Makes the signal of a session. */
type EndSignals = (session: string) => AbortSignal;

/** What signals need. */
export type EndSignalDependencies = CommandDependencies & Pick<HttpDependencies, 'wake' | 'stopping'>;

interface Watched {
  readonly controller: AbortController;
  /** Forgets the alarm that is set. */
  forget: () => void;
}

const over = (): DOMException => new DOMException('The session has lapsed or ended.', 'AbortError');

/**
 * Watches the sessions of which a handler has asked for a signal: by one subscription to the log for all of them, and by the
 * deadline of each. A session is watched until it lapses or ends; once there is none left, nothing is subscribed.
 */
function createEndSignals(parts: EndSignalDependencies): EndSignals {
  const watched = new Map<string, Watched>();
  let unsubscribe: (() => void) | null = null;

  function abort(id: string, { controller, forget }: Watched): void {
    forget();
    watched.delete(id);
    if (watched.size === 0) {
      unsubscribe?.();
      unsubscribe = null;
      parts.stopping?.removeEventListener('abort', abortAll);
    }
    controller.abort(over());
  }

  const abortAll = (): void => {
    for (const [id, entry] of watched) abort(id, entry);
  };

  /** Looks how a session stands, and again at its next deadline. */
  async function look(id: string): Promise<void> {
    const entry = watched.get(id);
    if (!entry) return;
    try {
      const session = await loadCurrent(parts, id);
      if (watched.get(id) !== entry) return;
      if (session && isLive(session.state.leaf)) setAlarm(id, entry, lapsesAt(session.state.context));
      else abort(id, entry);
    } catch (error) {
      reportFailure(parts, error, { session: id });
      setAlarm(id, entry, parts.clock() + retryAfter);
    }
  }

  function setAlarm(id: string, entry: Watched, at: number): void {
    entry.forget();
    entry.forget = parts.wake(at, () => void look(id));
  }

  function watch(id: string): Watched {
    const entry: Watched = { controller: new AbortController(), forget: () => {} };
    if (parts.stopping?.aborted) {
      entry.controller.abort(over());
      return entry;
    }
    watched.set(id, entry);
    if (unsubscribe === null) {
      const lookAtAll = () => watched.forEach((_, each) => void look(each));
      unsubscribe = parts.log.subscribe((changed) => watched.has(changed) && void look(changed), lookAtAll);
      parts.stopping?.addEventListener('abort', abortAll);
    }
    // It may have ended since it was judged.
    void look(id);
    return entry;
  }

  // A signal of its own for each request: one that nobody holds any more is not kept alive by the one behind it.
  return (id) => AbortSignal.any([(watched.get(id) ?? watch(id)).controller.signal]);
}

const byLog = new WeakMap<EndSignalDependencies['log'], EndSignals>();

/** @returns a signal that aborts when the session lapses or ends, on whichever node, or when the server stops. */
export function endSignalOf(parts: EndSignalDependencies, session: string): AbortSignal {
  const signals = byLog.get(parts.log) ?? createEndSignals(parts);
  byLog.set(parts.log, signals);
  return signals(session);
}
