/** The callbacks that are called after each commit. */
export interface Listeners {
  /** @returns a function that removes the listener. */
  readonly add: (listener: (id: string) => void, missed?: () => void) => () => void;
  /**
   * Calls every listener once for each id. To be called after the commit only: a listener that throws is reported as a
   * warning of the process and cannot undo what was acknowledged.
   */
  readonly notify: (ids: Iterable<string>) => void;
  /** Calls every listener's `missed`: any session may have changed. */
  readonly notifyAll: () => void;
}

/** @returns the listeners of one event log, none yet. */
export function createListeners(): Listeners {
  const all = new Set<{ readonly call: (id: string) => void; readonly missed: () => void }>();
  return {
    add(call, missed = () => {}) {
      const listener = { call, missed };
      all.add(listener);
      return () => void all.delete(listener);
    },
    notify(ids) {
      for (const id of new Set(ids)) for (const listener of all) attempt(() => listener.call(id));
    },
    notifyAll() {
      for (const { missed } of all) attempt(missed);
    },
  };
}

function attempt(call: () => void): void {
  try {
    call();
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : new Error(String(error)));
  }
}
