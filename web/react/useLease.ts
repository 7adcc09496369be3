import { useCallback, useRef, useSyncExternalStore } from 'react';
import type { Lease, LeaseOptions, LeaseStatus } from '../client/tab/lease.types.ts';
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
  // It is held for as long as a component here listens to it.
  const hold = useCallback(
    (listener: () => void) => {
      const mine = lease(kind, max === undefined ? {} : { max });
      taken.current = mine;
      const stop = mine.subscribe(listener);
      return () => {
        stop();
        mine.release();
        taken.current = null;
      };
    },
    [lease, kind, max],
  );
  const read = useCallback((): LeaseStatus => taken.current?.status() ?? 'over', []);
  return useSyncExternalStore(isOn ? hold : none, read, read);
}
