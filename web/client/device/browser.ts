import { deviceTimer, type Timer } from './timer.ts';
import type { Pipe } from '../tab/channel.ts';
import { deviceClock, type DeviceClock } from './clock.ts';
import { indexedRecords, type OpenRecords } from '../work/records.ts';
import type { KeyValue } from '../http/tokens.ts';
import { onLeave, onNetwork, onWake, type Listen, type ListenToNetwork } from './lifecycle.ts';

/** What a tab needs of the browser it is in. */
export interface Browser {
  readonly fetch: typeof globalThis.fetch;
  readonly device: DeviceClock;
  readonly timer: Timer;
  readonly local: KeyValue;
  readonly session: KeyValue;
  readonly window: Window | null;
  readonly openRecords: OpenRecords;
  readonly openPipe: () => Pipe;
  /** Browsers have none where the connection is not secure. */
  readonly locks: LockManager | undefined;
  readonly onWake: Listen;
  readonly onLeave: Listen;
  readonly onNetwork: ListenToNetwork;
  readonly isShown: () => boolean;
  readonly newId: () => string;
}

/** The browser this runs in. */
export const thisBrowser = (): Browser => ({
  fetch: (input, init) => fetch(input, init),
  device: deviceClock,
  timer: deviceTimer,
  local: localStorage,
  session: sessionStorage,
  window,
  openRecords: indexedRecords,
  openPipe: () => new BroadcastChannel('curfew'),
  locks: navigator.locks,
  onWake,
  onLeave,
  onNetwork,
  isShown: () => document.visibilityState === 'visible',
  newId: () => crypto.randomUUID(),
});
