import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { createTab } from '../client/tab/tab.ts';
import { english } from '../messages/english.ts';
import type { TabActor } from '../client/tab/run.ts';
import type { Tab } from '../client/tab/tab.types.ts';
import type { Messages } from '../messages/messages.types.ts';

const TabContext = createContext<Tab | null>(null);
const ActorContext = createContext<TabActor | null>(null);
const MessagesContext = createContext<Messages>(english);

/** Where the server is, and how this browser presents its credential. */
export interface CurfewProviderProps {
  /** The server's origin. Default: the page's own. */
  readonly baseUrl?: string;
  /** `cookie`: script never sees the token. `bearer`: the token is in this browser's storage. Default `cookie`. */
  readonly transport?: 'cookie' | 'bearer';
  /** What everything below it says. Default: `english`. */
  readonly messages?: Messages;
  readonly children?: ReactNode;
}

/** Gives everything below it one tab: its session, its warning, and the work it keeps. */
export function CurfewProvider({ baseUrl, transport, messages = english, children }: CurfewProviderProps): ReactNode {
  const [tab] = useState(() => createTab({ ...(baseUrl && { baseUrl }), ...(transport && { transport }) }));
  // An actor that was stopped never starts again: each start may make another one, and everything below follows it.
  const actor = useSyncExternalStore(tab.onActor, tab.actor, tab.actor);
  useEffect(() => tab.hold(), [tab]);
  return (
    <TabContext value={tab}>
      <ActorContext value={actor}>
        <MessagesContext value={messages}>{children}</MessagesContext>
      </ActorContext>
    </TabContext>
  );
}

const noProvider = 'there is no <CurfewProvider> above this component';

/** The tab itself, for parts that need more than the hooks say. */
export function useTab(): Tab {
  const tab = use(TabContext);
  if (tab === null) throw new Error(noProvider);
  return tab;
}

/** The tab's running machine; another one after the tab was stopped and started again. */
export function useActor(): TabActor {
  const actor = use(ActorContext);
  if (actor === null) throw new Error(noProvider);
  return actor;
}

/** @returns the messages of the nearest provider. */
export const useMessages = (): Messages => use(MessagesContext);
