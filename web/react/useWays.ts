import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useCurfew } from './hooks.ts';
import { useTab } from './provider.tsx';
import type { ProveElsewhere } from '../client/tab/proof.types.ts';
import type { Way, Ways } from '../client/tab/ways.types.ts';

/** The ways in which the user can sign in again, and how one is gone. */
export interface WaysAsked extends Ways {
  /** Asks the server again. */
  readonly ask: () => void;
  /** @returns the proof by which a way is gone, for `reauthenticate`; `null` for a password, which is typed first */
  readonly proofFor: (way: Way) => ProveElsewhere | null;
}

/** Asks the server in which ways the user can sign in again; once more when the tab is locked, where it could not. */
export function useWays(): WaysAsked {
  const { ways } = useTab();
  const { phase } = useCurfew();
  const state = useSyncExternalStore(ways.subscribe, ways.read, ways.read);
  const isAgain = state.isUnknown && phase === 'locked';
  useEffect(() => void ways.ask(), [ways]);
  useEffect(() => {
    if (isAgain) void ways.ask();
  }, [ways, isAgain]);
  return useMemo(() => ({ ...state, ask: () => void ways.ask(), proofFor: ways.proofFor }), [ways, state]);
}
