import { deviceTimer, type Timer } from '../device/timer.ts';
import type { Pipe } from './channel.ts';
import { deviceClock, type DeviceClock } from '../device/clock.ts';
import type { Locks } from '../device/locks.ts';
import { indexedRecords, type OpenRecords } from '../work/records.ts';
import { here } from '../http/authenticatedRequests.ts';
import type { KeyValue } from '../http/tokens.ts';
import { localStore, sessionStore } from '../device/storage.ts';
import { randomId } from '../device/randomId.ts';
import { saveFile } from '../device/saveFile.ts';
import { onLeave, onNetwork, onStored, onWake, type Listen, type ListenToNetwork } from '../device/lifecycle.ts';

/** What a tab needs of the browser it is in. */
export interface Browser {
  /** A tab runs only where there is a page: not on a server, nor in a worker. */
  readonly canRun: boolean;
  /** The page's own address; `undefined` without a page. */
  readonly address: string | undefined;
  readonly fetch: typeof globalThis.fetch;
  readonly device: DeviceClock;
  readonly timer: Timer;
  readonly local: KeyValue;
  readonly session: KeyValue;
  /** Nothing that is stored outlives the page. */
  readonly isStorageDenied: boolean;
  /** Whether the browser keeps cookies of this page. */
  readonly hasCookies: () => boolean;
  readonly window: Window | null;
  readonly openRecords: OpenRecords;
  readonly openPipe: (name: string) => Pipe;
  /** Browsers have none where the connection is not secure. */
  readonly locks: Locks | undefined;
  readonly onWake: Listen;
  readonly onLeave: Listen;
  readonly onStored: Listen;
  readonly onNetwork: ListenToNetwork;
  readonly isShown: () => boolean;
  /** Saves a file where the user keeps what they download. */
  readonly saveFile: (file: File) => void;
  readonly newId: () => string;
}

/** Tries it: where all cookies are blocked, some browsers say that they are on. */
function keepsCookie(): boolean {
  const probe = 'curfew-probe=1';
  try {
    document.cookie = `${probe}; SameSite=Lax`;
    const isKept = document.cookie.includes(probe);
    document.cookie = 'curfew-probe=; Max-Age=0';
    return isKept;
  } catch {
    return false;
  }
}

/** A channel to the other tabs; one that leads nowhere where the browser denies it, with storage. */
export function openPipe(name: string): Pipe {
  try {
    return new BroadcastChannel(name);
  } catch {
    return { postMessage: () => {}, addEventListener: () => {}, close: () => {} };
  }
}

/** Storage that keeps nothing, for a page that is rendered on a server. */
const noStorage = { isMemory: true, getItem: () => null, setItem: () => {}, removeItem: () => {} };

/** The browser this runs in; without a page, where a tab can be rendered but never starts, only what rendering needs. */
export const thisBrowser = (): Browser => {
  const isServer = typeof document === 'undefined';
  const [local, session] = isServer ? [noStorage, noStorage] : [localStore(), sessionStore()];
  return {
    canRun: !isServer,
    address: here(),
    fetch: (input, init) => fetch(input, init),
    device: deviceClock,
    timer: deviceTimer,
    local,
    session,
    isStorageDenied: !isServer && (local.isMemory || session.isMemory),
    hasCookies: () => navigator.cookieEnabled && (!(local.isMemory || session.isMemory) || keepsCookie()),
    window: isServer ? null : window,
    openRecords: indexedRecords,
    openPipe,
    locks: isServer ? undefined : navigator.locks,
    onWake,
    onLeave,
    onStored,
    onNetwork,
    isShown: () => !isServer && document.visibilityState === 'visible',
    saveFile: (file) => saveFile(file, deviceTimer),
    newId: randomId,
  };
};
