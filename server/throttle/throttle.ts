import type { Duration, Instant } from '../../machines/index.ts';
import { createKeyedQueue } from '../session/keyedQueue.ts';
import type { AttemptStore } from '../store/attempts.ts';
import { accountLimit, addressLimit, forgottenAfter } from './limits.ts';
import { failed, keep, placesIn, type Become, type Place } from './places.ts';
import type { Pseudonyms } from '../store/securityLog.ts';
import { releaseSignal } from './releaseSignal.ts';

/** The outcome of an attempt. A refused attempt was not checked, so the answer says nothing about the password. */
export type Attempt<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly code: 'invalid_credentials' }
  | { readonly ok: false; readonly code: 'too_many_attempts'; readonly retryAfter: Duration };

/** Slows down guessing of passwords. Only failures count. @see ASVS 5.0 6.3.1 */
export interface Throttle {
  /**
   * Calls `verify`, unless too many attempts have failed before. `verify` answers `null` for a failure; when it
   * throws, nothing counts. Without an account (registering) only the address is counted, and without an address (it is
   * not known) only the account: strangers then delay the owner, but nobody else.
   *
   * @returns `too_many_attempts` with how long to wait, in ms.
   */
  attempt<Value>(
    account: string | null,
    address: string | null,
    verify: () => Promise<Value | null>,
  ): Promise<Attempt<Value>>;
  /** Erases counts that have been quiet for long enough. */
  purge(): Promise<void>;
}

/** What a throttle needs besides its counts. */
export interface ThrottleOptions {
  readonly clock: () => Instant;
  readonly pseudonyms: Pseudonyms;
}

/** Stands for all addresses where none is known. */
const unknownAddress = 'unknown';

async function attemptFreely<Value>(verify: () => Promise<Value | null>): Promise<Attempt<Value>> {
  const value = await verify();
  return value === null ? { ok: false, code: 'invalid_credentials' } : { ok: true, value };
}

/** Throttles by the failures in a store, counted under pseudonyms of accounts and addresses. */
export function createThrottle(counts: AttemptStore, { clock, pseudonyms }: ThrottleOptions): Throttle {
  const keyQueue = createKeyedQueue();
  // Many attempts from one address wait here, instead of each on a database connection of its own.
  const storeQueue = createKeyedQueue();
  const released = releaseSignal();

  const places = placesIn(counts, clock);

  /** @returns `null` once it is let in everywhere, or how long to wait. */
  async function enter(where: string, all: readonly Place[]): Promise<Duration | null> {
    for (;;) {
      const left = released.count();
      const verdict = await storeQueue(where, () => places.enter(all));
      if (verdict.enters) return null;
      if (verdict.wait !== null) return verdict.wait;
      await released.moreThan(left);
    }
  }

  async function leave(where: string, all: readonly Place[], become: Become): Promise<void> {
    try {
      await storeQueue(where, () => places.leave(all, become));
    } finally {
      released.notify();
    }
  }

  return {
    async attempt(account, address, verify) {
      const pair = account === null ? null : pseudonyms.pair(account, address ?? unknownAddress);
      const place = address === null ? null : pseudonyms.address(address);
      const all: Place[] = [
        ...(place === null ? [] : [{ key: place, limit: addressLimit }]),
        ...(pair === null ? [] : [{ key: pair, limit: accountLimit }]),
      ];
      const where = place ?? pair;
      if (where === null) return attemptFreely(verify);

      const retryAfter = await keyQueue(pair ?? where, () => enter(where, all));
      if (retryAfter !== null) return { ok: false, code: 'too_many_attempts', retryAfter };
      const value = await verify().catch(async (error: unknown) => {
        await leave(where, all, keep);
        throw error;
      });
      if (value === null) {
        const at = clock();
        await leave(where, all, (failures, { limit }) => failed(failures, limit, at));
        return { ok: false, code: 'invalid_credentials' };
      }
      await leave(where, all, (failures, { key }) => (key === pair ? null : failures));
      return { ok: true, value };
    },
    purge: () => counts.purge(clock() - forgottenAfter),
  };
}
