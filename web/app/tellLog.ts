import { createContext } from 'react';
import type { Entry, SessionState } from '../../machines/index.ts';

/** Shows a stored log to the XState inspector, as if it happened now. */
export type Told = (log: readonly { readonly entry: Entry; readonly state: SessionState }[]) => void;

/** `null` while no XState inspector is attached. */
export const TellLog = createContext<Told | null>(null);
