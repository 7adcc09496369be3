import type { Duration, Instant } from '../../machines/index.ts';
import { createKeyedQueue } from '../session/keyedQueue.ts';
import type { AttemptStore, FailureRecord, AttemptCounts } from '../store/attempts.ts';
import { accountLimit, addressLimit, forgottenAfter, type Limit, type Allowance } from './limits.ts';
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

/**
 * An attempt starts; or waits for running ones (`wait` is `null`), which would use up what is allowed if they failed;
 * or is refused for `wait` ms.
 */
type Verdict =
  | { readonly enters: true }
  | { readonly enters: false; readonly wait: Duration }
  | { readonly enters: false; readonly wait: null };

const counting = (failures: FailureRecord | null, limit: Limit, at: Instant): FailureRecord | null =>
  failures && !limit.isOver(failures, at) ? failures : null;

function allowanceOf({ failures }: AttemptCounts, limit: Limit, at: Instant): Allowance {
  const counted = counting(failures, limit, at);
  return counted ? limit.allowance(counted, at) : { tries: limit.free, wait: 0 };
}

/** Lets tries of one key run side by side only as far as all of them could fail without exceeding what is allowed. */
function judge(
  countsByKey: ReadonlyMap<string, AttemptCounts>,
  limits: ReadonlyMap<string, Limit>,
  at: Instant,
): Verdict {
  const places = [...limits].map(([key, limit]) => {
    const counted = countsByKey.get(key) ?? { failures: null, trying: 0 };
    return { ...allowanceOf(counted, limit, at), trying: counted.trying };
  });
  if (places.some(({ tries }) => tries <= 0))
    return { enters: false, wait: Math.max(...places.map(({ wait }) => wait)) };
  return places.every(({ tries, trying }) => trying < tries) ? { enters: true } : { enters: false, wait: null };
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

  async function enter(where: string, limits: ReadonlyMap<string, Limit>): Promise<Duration | null> {
    for (;;) {
      const left = released.count();
      const verdict = await storeQueue(where, () => {
        const at = clock();
        return counts.enter([...limits.keys()], at, (countsByKey) => judge(countsByKey, limits, at));
      });
      if (verdict.enters) return null;
      if (verdict.wait !== null) return verdict.wait;
      await released.moreThan(left);
    }
  }

  async function leave(
    where: string,
    limits: ReadonlyMap<string, Limit>,
    become: (key: string, failures: FailureRecord | null) => FailureRecord | null,
  ): Promise<void> {
    try {
      await storeQueue(where, () => counts.leave([...limits.keys()], clock(), become));
    } finally {
      released.notify();
    }
  }

  const failed = (failures: FailureRecord | null, limit: Limit, at: Instant): FailureRecord => {
    const before = counting(failures, limit, at);
    return { count: (before?.count ?? 0) + 1, since: before?.since ?? at, lastAt: at };
  };

  return {
    async attempt(account, address, verify) {
      const pair = account === null ? null : pseudonyms.pair(account, address ?? unknownAddress);
      const place = address === null ? null : pseudonyms.address(address);
      const limits = new Map<string, Limit>();
      if (place !== null) limits.set(place, addressLimit);
      if (pair !== null) limits.set(pair, accountLimit);
      const where = place ?? pair;
      if (where === null) return attemptFreely(verify);

      const retryAfter = await keyQueue(pair ?? where, () => enter(where, limits));
      if (retryAfter !== null) return { ok: false, code: 'too_many_attempts', retryAfter };
      const value = await verify().catch(async (error: unknown) => {
        await leave(where, limits, (_key, failures) => failures);
        throw error;
      });
      if (value === null) {
        const at = clock();
        await leave(where, limits, (key, failures) => failed(failures, limits.get(key) ?? accountLimit, at));
        return { ok: false, code: 'invalid_credentials' };
      }
      await leave(where, limits, (key, failures) => (key === pair ? null : failures));
      return { ok: true, value };
    },
    purge: () => counts.purge(clock() - forgottenAfter),
  };
}
