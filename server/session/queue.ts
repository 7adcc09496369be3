/** Lets work of one key happen one after another, in the order it came; work of other keys does not wait. */
export type Queue = <Result>(key: string, work: () => Promise<Result>) => Promise<Result>;

/** Keeps the turns of this process. */
export function createQueue(): Queue {
  const last = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const before = last.get(key);
    const mine = before ? before.then(work) : work();
    // Whoever comes next waits for the end, however it ends.
    const over = mine.catch(() => {});
    last.set(key, over);
    try {
      return await mine;
    } finally {
      if (last.get(key) === over) last.delete(key);
    }
  };
}
