import type { ReactNode } from 'react';
import { useCurfew } from './hooks.ts';
import type { TabActions, TabState } from '../client/tab/tab.types.ts';

/** A screen of one's own: elements, or what makes them from what the tab shows and what the user can do. */
export type OwnScreen = ReactNode | ((session: TabState & TabActions) => ReactNode);

/** Shows a screen of one's own; what makes it is called only while it is shown. */
export function Own({ screen }: { readonly screen: OwnScreen }): ReactNode {
  const session = useCurfew();
  return typeof screen === 'function' ? screen(session) : screen;
}
