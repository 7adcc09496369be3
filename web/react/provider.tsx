import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { createTab } from '../client/tab/tab.ts';
import { ApplicationContext, type ApplicationIdentity } from './ApplicationName.tsx';
import { isLanguage } from '../messages/language.ts';
import { english } from '../messages/english.ts';
import type { TabOptions } from '../client/tab/options.ts';
import type { TabActor } from '../client/tab/run.ts';
import type { Tab } from '../client/tab/tab.types.ts';
import type { Messages } from '../messages/messages.types.ts';

const TabContext = createContext<Tab | null>(null);
const ActorContext = createContext<TabActor | null>(null);
const MessagesContext = createContext<Messages>(english);

/** The tab that everything below it shows: one that is given, or the options of one that is made. */
export interface CurfewProviderProps extends TabOptions {
  /** A tab of `createTab` or, in tests, of `fakeTab`; then none of the options of a tab is given. Default: a new one. */
  readonly tab?: Tab;
  /** What everything below it says. Default: `english`. */
  readonly messages?: Messages;
  /** What the locked screen and the last one call the application, and its mark. Default: what the page says itself. */
  readonly application?: ApplicationIdentity;
  /** Where the hooks and parts can be used. */
  readonly children?: ReactNode;
}

function tabOf(given: Tab | undefined, options: TabOptions): Tab {
  const [name] = Object.keys(options);
  if (given === undefined) return createTab(options);
  if (name !== undefined) throw new TypeError(`give ${name} to createTab, for there is a tab already`);
  return given;
}

function checkLanguage({ language }: Messages): void {
  if (!isLanguage(language))
    throw new TypeError(`messages.language must be a tag such as en-US, and is ${JSON.stringify(language)}`);
}

/**
 * Gives everything below it one tab: its session, its warning, and the work it keeps. What it is given first stays.
 *
 * @throws `TypeError` with one line that names an option that cannot be used
 */
export function CurfewProvider({
  tab: given,
  messages = english,
  application,
  children,
  ...options
}: CurfewProviderProps): ReactNode {
  checkLanguage(messages);
  const [tab] = useState(() => tabOf(given, options));
  const [title] = useState(() => (typeof document === 'object' ? document.title : ''));
  // An actor that was stopped never starts again: each start may make another one, and everything below follows it.
  const actor = useSyncExternalStore(tab.onActor, tab.actor, tab.actor);
  useEffect(() => tab.hold(), [tab]);
  return (
    <TabContext value={tab}>
      <ActorContext value={actor}>
        <MessagesContext value={messages}>
          <ApplicationContext value={{ title, ...application }}>{children}</ApplicationContext>
        </MessagesContext>
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
