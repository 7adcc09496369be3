import { fromCallback } from 'xstate';
import {
  isLiveView,
  minutes,
  seconds,
  type Duration,
  type Instant,
  type Policy,
  type SessionView,
  type ViewTold,
} from '../../../machines/index.ts';
import { createAlarm, type Alarm, type AlarmPorts } from '../device/timer.ts';
import { Refused } from '../http/problem.ts';

/**
 * What became of a lease: the server counts it (`held`), it waits until somebody answers the warning (`waiting`) or the
 * server can be reached (`unreachable`), the policy allows none (`refused`), or it has run out or been released (`over`).
 */
export type LeaseStatus = 'asking' | 'held' | 'waiting' | 'unreachable' | 'refused' | 'over';

/** How long a lease may last. */
export interface LeaseOptions {
  /** In ms, counted from the beginning, however long it really takes. Default: the policy's `maxLease`. */
  readonly max?: Duration;
}

/** A declared activity that is no person's hand: a call, an upload, a playback. */
export interface Lease {
  readonly status: () => LeaseStatus;
  readonly subscribe: (listener: () => void) => () => void;
  /** It is done: from now on only a person counts again. */
  readonly release: () => void;
}

/** Takes a lease of a kind: a name of small letters, digits and hyphens, which stands in the log. */
export type TakeLease = (kind: string, options?: LeaseOptions) => Lease;

/** What leases need. */
export interface LeasePorts extends AlarmPorts {
  /** The live session of this tab, `null` when there is none. */
  readonly view: () => SessionView | null;
  /** `PUT /api/auth/leases/:kind`. @throws `Refused` */
  readonly put: (kind: string, ms: Duration) => Promise<unknown>;
  /** `DELETE /api/auth/leases/:kind`; what does not arrive runs out by itself. */
  readonly remove: (kind: string) => Promise<unknown>;
}

/** The leases of one tab. */
export interface Leases {
  readonly take: TakeLease;
  /** Looks again whether what waits can go on; called whenever the session moved. */
  readonly look: () => void;
  readonly stop: () => void;
}

interface Holder {
  readonly end: Instant;
  status: LeaseStatus;
  readonly listeners: Set<() => void>;
}

interface Holding {
  readonly holders: Set<Holder>;
  readonly alarm: Alarm;
  isAsking: boolean;
}

const tryAgainAfter = seconds(10);

/** How often a lease is renewed: often enough that no warning comes in between. */
const renewEvery = ({ warnBefore, idleTimeout }: Policy): Duration =>
  Math.max(seconds(1), Math.min(minutes(5), warnBefore, (idleTimeout - warnBefore) / 2));

/** How long one renewal reaches: over the next two and the warning, so that a tab that crashes holds nothing for long. */
const reach = (policy: Policy): Duration => policy.warnBefore + 3 * renewEvery(policy);

/**
 * Declares to the server what goes on without a hand, in short stretches for as long as it lasts, and never past its own
 * limit or the policy's. Several of one kind are one to the server.
 */
export function createLeases({ view, put, remove, ...ports }: LeasePorts): Leases {
  const { clock } = ports;
  const holdings = new Map<string, Holding>();

  function tell(holding: Holding, status: LeaseStatus): void {
    for (const holder of holding.holders) {
      if (holder.status === status) continue;
      holder.status = status;
      for (const listener of holder.listeners) listener();
    }
  }
  function end(kind: string, holding: Holding, status: LeaseStatus): void {
    holding.alarm.stop();
    holdings.delete(kind);
    tell(holding, status);
  }

  async function renew(kind: string, holding: Holding): Promise<void> {
    const here = view();
    const now = clock.now();
    const last = Math.max(...[...holding.holders].map((holder) => holder.end));
    if (now >= last || here === null) {
      end(kind, holding, 'over');
      if (here !== null) void remove(kind).catch(() => {});
      return;
    }
    if (holding.isAsking) return;
    holding.isAsking = true;
    const { policy } = here;
    // A policy without leases is asked all the same: what is refused is the server's to say.
    const ms = Math.max(1, Math.floor(Math.min(last - now, reach(policy), policy.maxLease || Infinity)));
    const outcome = await put(kind, ms).then(
      () => 'held' as const,
      (error: unknown) => statusAfter(error),
    );
    holding.isAsking = false;
    if (holdings.get(kind) !== holding) {
      // It was released while this was on its way.
      if (outcome === 'held' && !holdings.has(kind)) void remove(kind).catch(() => {});
      return;
    }
    if (outcome === 'refused') return end(kind, holding, outcome);
    tell(holding, outcome);
    const after = outcome === 'held' ? renewEvery(policy) : tryAgainAfter;
    holding.alarm.set(Math.min(last, clock.now() + after));
  }

  function holdingOf(kind: string): Holding {
    const there = holdings.get(kind);
    if (there) return there;
    const made: Holding = {
      holders: new Set(),
      alarm: createAlarm(ports, () => void renew(kind, made)),
      isAsking: false,
    };
    holdings.set(kind, made);
    return made;
  }

  return {
    take(kind, { max } = {}) {
      const longest = view()?.policy.maxLease || minutes(1);
      const holding = holdingOf(kind);
      const holder: Holder = {
        end: clock.now() + Math.min(max ?? longest, longest),
        status: 'asking',
        listeners: new Set(),
      };
      holding.holders.add(holder);
      void renew(kind, holding);
      return {
        status: () => holder.status,
        subscribe(listener) {
          holder.listeners.add(listener);
          return () => void holder.listeners.delete(listener);
        },
        release() {
          if (!holding.holders.delete(holder)) return;
          holder.status = 'over';
          if (holding.holders.size > 0 || holdings.get(kind) !== holding) return;
          const wasHeld = !holding.isAsking;
          end(kind, holding, 'over');
          if (wasHeld && view() !== null) void remove(kind).catch(() => {});
        },
      };
    },
    look() {
      for (const [kind, holding] of holdings) {
        if (view() === null) end(kind, holding, 'over');
        else if (view()?.state === 'active' && [...holding.holders].some(({ status }) => status === 'waiting'))
          void renew(kind, holding);
      }
    },
    stop() {
      for (const [kind, holding] of holdings) end(kind, holding, 'over');
    },
  };
}

/** What a refusal means for a lease; only what the server forbids is for good. */
function statusAfter(error: unknown): LeaseStatus {
  if (!(error instanceof Refused)) return 'unreachable';
  if (error.code === 'answer_first') return 'waiting';
  return ['network', 'unavailable', 'token_expired'].includes(error.code) || error.code.startsWith('http_5')
    ? 'unreachable'
    : 'refused';
}

/** The leases of one tab, and the actor by which its machine tells them how the session is. */
export function leasesWithActor(ports: Omit<LeasePorts, 'view'>) {
  let live: SessionView | null = null;
  const leases = createLeases({ ...ports, view: () => live });
  const actor = fromCallback<ViewTold>(({ receive }) => {
    receive(({ view }) => {
      live = isLiveView(view) ? view : null;
      leases.look();
    });
    return () => {
      live = null;
      leases.stop();
    };
  });
  return { take: leases.take, actor };
}
