import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { Lease, LeaseOptions, LeaseStatus } from './lease.ts';
import { useTab } from './provider.tsx';

const none = () => () => {};

/**
 * Holds a lease for as long as something goes on without a hand: a call, an upload, a playback.
 *
 * @param isOn whether it goes on
 * @returns what became of it; `over` while nothing goes on.
 */
export function useLease(kind: string, isOn: boolean, { max }: LeaseOptions = {}): LeaseStatus {
  const { lease } = useTab();
  const taken = useRef<Lease | null>(null);
  const [changed] = useState(() => new Set<() => void>());
  useEffect(() => {
    if (!isOn) return undefined;
    const mine = lease(kind, max === undefined ? {} : { max });
    taken.current = mine;
    const tell = () => changed.forEach((listener) => listener());
    const stop = mine.subscribe(tell);
    tell();
    return () => {
      stop();
      mine.release();
      taken.current = null;
      tell();
    };
  }, [lease, kind, isOn, max, changed]);
  const subscribe = useCallback(
    (listener: () => void) => {
      changed.add(listener);
      return () => void changed.delete(listener);
    },
    [changed],
  );
  const read = useCallback((): LeaseStatus => taken.current?.status() ?? 'over', []);
  return useSyncExternalStore(isOn ? subscribe : none, read, read);
}
