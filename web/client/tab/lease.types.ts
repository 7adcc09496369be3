import type { Duration, SessionView } from '../../../machines/index.ts';
import type { AlarmPorts } from '../device/timer.ts';

/**
 * What became of a lease: the server counts it (`held`), it waits until the user answers the warning (`waiting`) or the
 * server can be reached (`unreachable`), the policy allows none (`refused`), or it has run out or been released (`over`).
 */
export type LeaseStatus = 'asking' | 'held' | 'waiting' | 'unreachable' | 'refused' | 'over';

/** How long a lease may last. */
export interface LeaseOptions {
  /** In ms, counted from the beginning, however long it really takes. Default: the policy's `maxLease`. */
  readonly max?: Duration;
}

/** A declared activity that is not the user's own: a call, an upload, a playback. */
export interface Lease {
  readonly status: () => LeaseStatus;
  readonly subscribe: (listener: () => void) => () => void;
  /** It is done: from now on only the user's own activity counts again. */
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
  readonly delete: (kind: string) => Promise<unknown>;
}

/** The leases of one tab. */
export interface Leases {
  readonly take: TakeLease;
  /** Looks again whether what waits can go on; called whenever the session moved. */
  readonly look: () => void;
  readonly stop: () => void;
}
