import type { Duration, Instant } from '../../../machines/index.ts';
import type { Timer } from '../device/timer.ts';
import type { DeclareActivity } from '../http/requests.types.ts';
import type { Listen } from '../device/lifecycle.ts';

/** When a user was last here, and what the server knows of it. */
export interface Activity {
  /** Something happened that only a user does. */
  readonly note: () => void;
  /** Whether something counted a moment ago: what comes now says nothing new. */
  readonly isRecent: () => boolean;
  /** When a user last did something that counts; `null` before the first time. */
  readonly last: () => Instant | null;
  readonly declare: DeclareActivity;
  /** Called with everything that counted. */
  readonly onSeen: Listen;
  /** Begins anew: another session, or the same one extended. */
  readonly reset: () => void;
}

/** What activity needs to know and to do. */
export interface ActivityPorts {
  readonly clock: { readonly now: () => Instant };
  readonly timer: Timer;
  /** Whether what happens counts now: not under a warning, not once the deadline has passed, not while in doubt. */
  readonly counts: () => boolean;
  /** How often activity is recorded at most; `null` when there is no session. */
  readonly resolution: () => Duration | null;
  /** `POST /api/auth/activity`. @returns whether it has arrived. */
  readonly send: (age: Duration) => Promise<boolean>;
  /** Tells it by another route, which a blocker does not know. @returns whether it has arrived. */
  readonly sendOtherwise: () => Promise<boolean>;
  /** How often that is done at most; `null` when there is no session. */
  readonly otherwiseEvery: () => Duration | null;
}

/** A hand that moves makes hundreds of events a second, in ms. */
const moment = 250;
/** So many failures in a row, and it is told otherwise. */
const failuresBefore = 2;

const ageOf = (now: Instant, then: Instant): Duration => Math.max(0, Math.round(now - then));

/** Keeps one timestamp; tells the server at most once per resolution, unless a request has told it already. */
export function createActivity(ports: ActivityPorts): Activity {
  const { clock, timer, counts, resolution, send } = ports;
  const listeners = new Set<() => void>();
  let failures = 0;
  let otherwiseAt: Instant = -Infinity;
  let last: Instant | null = null;
  let declared: Instant = -Infinity;
  let sentAt: Instant = -Infinity;
  let cancel: (() => void) | null = null;

  const isNews = (): boolean => last !== null && last > declared;
  const arrivedAt = (instant: Instant, now: Instant) => {
    declared = Math.max(declared, instant);
    sentAt = Math.max(sentAt, now);
  };

  async function toldOtherwise(): Promise<boolean> {
    const every = ports.otherwiseEvery();
    const now = clock.now();
    if (failures < failuresBefore || every === null || now < otherwiseAt + every || !counts()) return false;
    otherwiseAt = now;
    return ports.sendOtherwise();
  }

  async function report(): Promise<void> {
    cancel = null;
    if (last === null || !isNews() || !counts()) return;
    const reported = last;
    sentAt = clock.now();
    const isTold = await send(ageOf(sentAt, reported));
    failures = isTold ? 0 : failures + 1;
    if (isTold || (await toldOtherwise())) arrivedAt(reported, sentAt);
    if (isNews()) schedule();
  }

  function schedule(): void {
    const every = resolution();
    if (every === null || cancel !== null) return;
    const after = Math.max(0, sentAt + every - clock.now());
    cancel = timer(() => void report(), Math.min(after, every));
  }

  return {
    note() {
      if (!counts()) return;
      last = clock.now();
      for (const listener of listeners) listener();
      if (cancel === null) schedule();
    },
    isRecent: () => last !== null && Math.abs(clock.now() - last) < moment,
    last: () => last,
    declare(asked) {
      const now = clock.now();
      const nothing = { header: 'background', arrived: () => {} };
      if (asked === 'background') return nothing;
      if (asked === 'user') return { header: 'user', arrived: () => arrivedAt(now, now) };
      const reported = last;
      if (reported === null || !isNews()) return nothing;
      return { header: `user;age=${ageOf(now, reported)}`, arrived: () => arrivedAt(reported, now) };
    },
    onSeen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    reset() {
      cancel?.();
      cancel = null;
      last = null;
      declared = -Infinity;
      sentAt = -Infinity;
      failures = 0;
    },
  };
}
