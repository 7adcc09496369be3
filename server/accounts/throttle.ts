import type { Duration, Instant } from '../../machines/index.ts';
import type { Database } from '../sqlite/database.ts';
import { admittance } from './admittance.ts';
import { sqliteFailures } from './failures.ts';
import { accountLimit, addressLimit, forgottenAfter, type Limit, type Room } from './limits.ts';
import type { Pseudonyms } from './pseudonym.ts';

/** What became of a try. A refused try was not looked at, so the answer says nothing about the password. */
export type Attempt<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly code: 'invalid_credentials' }
  | { readonly ok: false; readonly code: 'too_many_attempts'; readonly retryAfter: Duration };

/** Slows down whoever guesses. Only failures count. @see ASVS 5.0 6.3.1 */
export interface Throttle {
  /**
   * Has `verify` look at a try, unless too many have failed before. `verify` answers `null` for a failure; when it
   * throws, nothing counts. Without an account (registering) only the address is counted.
   *
   * @returns `too_many_attempts` with how long to wait, in ms.
   */
  attempt<Value>(account: string | null, address: string, verify: () => Promise<Value | null>): Promise<Attempt<Value>>;
  /** Erases counts that have been quiet for long enough. */
  purge(): Promise<void>;
}

/** What `sqliteThrottle` needs besides its database. */
export interface ThrottleOptions {
  readonly clock: () => Instant;
  readonly pseudonyms: Pseudonyms;
}

/** Keeps the counts in SQLite, under pseudonyms. */
export function sqliteThrottle(database: Database, { clock, pseudonyms }: ThrottleOptions): Throttle {
  const counts = sqliteFailures(database);
  const door = admittance();

  function failuresOf(key: string, limit: Limit, at: Instant) {
    const failures = counts.of(key);
    return failures && !limit.isOver(failures, at) ? failures : null;
  }

  function roomOf(key: string, limit: Limit): Room {
    const at = clock();
    const failures = failuresOf(key, limit, at);
    return failures ? limit.room(failures, at) : { tries: limit.free, wait: 0 };
  }

  function count(limits: ReadonlyMap<string, Limit>): void {
    const at = clock();
    database.transaction(() => {
      for (const [key, limit] of limits) {
        const before = failuresOf(key, limit, at);
        counts.set(key, { count: (before?.count ?? 0) + 1, since: before?.since ?? at, lastAt: at });
      }
    });
  }

  return {
    async attempt(account, address, verify) {
      const pair = account === null ? null : pseudonyms.pair(account, address);
      const limits = new Map([[pseudonyms.address(address), addressLimit]]);
      if (pair !== null) limits.set(pair, accountLimit);
      const places = [...limits].map(([key, limit]) => ({ key, room: () => roomOf(key, limit).tries }));

      const leave = await door.enter(places);
      if (!leave) {
        const waits = [...limits].map(([key, limit]) => roomOf(key, limit).wait);
        return { ok: false, code: 'too_many_attempts', retryAfter: Math.max(...waits) };
      }
      try {
        const value = await verify();
        if (value === null) {
          count(limits);
          return { ok: false, code: 'invalid_credentials' };
        }
        if (pair !== null && counts.of(pair)) counts.forget(pair);
        return { ok: true, value };
      } finally {
        leave();
      }
    },
    async purge() {
      counts.purge(clock() - forgottenAfter);
    },
  };
}
