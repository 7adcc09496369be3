import type { Duration, Instant } from '../../machines/index.ts';

/** A clock that stands still until a test moves it. */
export interface TestClock {
  /** Epoch ms. As a function by itself, it is what `createCurfew` takes as `clock`. */
  readonly now: () => Instant;
  /** Moves it on by so many ms. @throws `TypeError` when that is not a length of time */
  readonly advance: (by: Duration) => void;
  /** Calls a listener whenever it has moved. @returns what removes it */
  readonly subscribe: (listener: () => void) => () => void;
}

/**
 * A clock for servers and for `fakeTab`.
 *
 * @param start epoch ms. Default 2026-01-01T12:00Z
 * @throws `TypeError` when the start is no instant
 */
export function testClock(start: Instant = Date.UTC(2026, 0, 1, 12)): TestClock {
  if (!Number.isInteger(start)) throw new TypeError(`the clock must start at epoch ms, and is given ${start}`);
  const listeners = new Set<() => void>();
  let now = start;
  return {
    now: () => now,
    advance(by) {
      if (!Number.isInteger(by) || by < 0)
        throw new TypeError(`a clock is advanced by whole ms, and never back, and is given ${by}`);
      now += by;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
