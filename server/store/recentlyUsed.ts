/** Keeps what was used lately, up to a size. */
export interface RecentlyUsed<Value> {
  /** @returns `undefined` for what is not kept, or not any more. */
  readonly get: (key: string) => Value | undefined;
  readonly set: (key: string, value: Value) => void;
  readonly delete: (key: string) => void;
  readonly clear: () => void;
  /** Of everything that is kept, in the unit of the sizes. */
  readonly size: () => number;
}

/**
 * Keeps values in two halves: what is used again moves from the older half to the younger one, and once that is full the
 * older half is dropped as a whole. A hit in the younger half writes nothing, which an order of use by the last hit would.
 *
 * @param limit how much is kept at most; a value that is larger than a half is not kept
 * @param sizeOf the size of a value, which never changes
 */
export function recentlyUsed<Value>(limit: number, sizeOf: (value: Value, key: string) => number): RecentlyUsed<Value> {
  const half = limit / 2;
  let [young, old] = [new Map<string, Value>(), new Map<string, Value>()];
  let [youngSize, oldSize] = [0, 0];

  function remove(key: string): void {
    const [younger, older] = [young.get(key), old.get(key)];
    if (younger !== undefined) youngSize -= sizeOf(younger, key);
    if (older !== undefined) oldSize -= sizeOf(older, key);
    young.delete(key);
    old.delete(key);
  }

  function set(key: string, value: Value): void {
    remove(key);
    const size = sizeOf(value, key);
    if (size > half) return;
    if (youngSize + size > half) {
      [old, oldSize] = [young, youngSize];
      [young, youngSize] = [new Map<string, Value>(), 0];
    }
    young.set(key, value);
    youngSize += size;
  }

  return {
    get(key) {
      const value = young.get(key);
      if (value !== undefined) return value;
      const older = old.get(key);
      if (older !== undefined) set(key, older);
      return older;
    },
    set,
    delete: remove,
    clear() {
      young.clear();
      old.clear();
      [youngSize, oldSize] = [0, 0];
    },
    size: () => youngSize + oldSize,
  };
}
