/** Runs what has the same name one after the other, and what has different names at once. */
export interface Turns {
  readonly take: <Value>(name: string, run: () => Promise<Value>) => Promise<Value>;
  /** @returns whether anything of this name has ever been run. */
  readonly has: (name: string) => boolean;
}

/** @returns turns in which nothing has been run. */
export function createTurns(): Turns {
  const running = new Map<string, Promise<unknown>>();
  return {
    take(name, run) {
      const turn = (running.get(name) ?? Promise.resolve()).then(run);
      running.set(
        name,
        turn.catch(() => {}),
      );
      return turn;
    },
    has: (name) => running.has(name),
  };
}
