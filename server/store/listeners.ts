/** Who wants to know of commits. */
export interface Listeners {
  add(listener: (id: string) => void): () => void;
  /** To be called after the commit only. A listener that fails is reported and cannot undo what was acknowledged. */
  tell(ids: Iterable<string>): void;
}

/** Keeps the listeners of one event log. */
export function listeners(): Listeners {
  const all = new Set<{ readonly call: (id: string) => void }>();
  return {
    add(call) {
      const listener = { call };
      all.add(listener);
      return () => void all.delete(listener);
    },
    tell(ids) {
      for (const id of new Set(ids)) for (const listener of all) attempt(() => listener.call(id));
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
