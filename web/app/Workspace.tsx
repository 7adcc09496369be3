import { Suspense, useEffect, useRef, useState, type ReactNode } from 'react';
import { useCurfew, usePreserved, useWarningAlert } from '../react/index.ts';
import { useApi, type Trouble } from './api.ts';
import { ConversationList } from './ConversationList.tsx';
import { ConversationPage } from './ConversationPage.tsx';
import { Header } from './Header.tsx';
import { Home, NotFound } from './Home.tsx';
import { useLoaded } from './loaded.ts';
import { takeOn } from './look.ts';
import { AdminPage, Inspector, SecurityPage } from './onDemand.tsx';
import { administeredIn, conversationIn, inspectedIn, isAdministrator } from './pages.ts';
import { useRouter } from './router.tsx';
import { SettingsPage } from './SettingsPage.tsx';
import { hasConversation, hasConversations, hasSettings, type Conversation } from './shapes.ts';

/** The first number that no conversation is called by yet. */
function nextTitle(conversations: readonly Conversation[]): string {
  const taken = new Set(conversations.map(({ title }) => title));
  let number = conversations.length + 1;
  while (taken.has(`Conversation ${number}`)) number += 1;
  return `Conversation ${number}`;
}

/** A user who has moved starts reading at the content, from its beginning; focus that is inside already stays. */
function useArrival() {
  const { moves } = useRouter();
  const content = useRef<HTMLElement>(null);
  useEffect(() => {
    if (moves === 0 || content.current?.contains(document.activeElement)) return;
    content.current?.focus({ preventScroll: true });
    content.current?.scrollTo(0, 0);
    window.scrollTo(0, 0);
  }, [moves]);
  return content;
}

/** Everything behind the sign-in: conversations beside the one that is open, and the settings. */
export function Workspace(): ReactNode {
  const { path, moves, go } = useRouter();
  const api = useApi();
  const { user } = useCurfew();
  const conversations = useLoaded('/api/conversations', hasConversations);
  const settings = useLoaded('/api/settings', hasSettings);
  const [started, setStarted] = useState<string | null>(null);
  const [isStarting, setStarting] = useState(false);
  const [notStarted, setNotStarted] = useState<{ readonly trouble: Trouble; readonly at: number } | null>(null);
  const content = useArrival();
  const list = conversations.value?.conversations ?? [];
  const look = settings.value?.settings;
  const id = conversationIn(path);
  const inspected = inspectedIn(path);
  const administered = isAdministrator(user) ? administeredIn(path) : null;
  usePreserved('conversation', 'conversation', list.length);
  usePreserved('settings', 'settings', 1);
  useWarningAlert({ notification: look?.notification === true, sound: look?.sound === true });
  useEffect(() => {
    if (look) takeOn(look);
  }, [look]);

  const start = async () => {
    if (isStarting) return;
    setStarting(true);
    const outcome = await api('/api/conversations', hasConversation, 'POST', { title: nextTitle(list) });
    setStarting(false);
    setNotStarted(outcome.ok ? null : { trouble: outcome.trouble, at: moves });
    if (!outcome.ok) return;
    const { conversation } = outcome.value;
    conversations.set({ conversations: [conversation, ...list] });
    setStarted(conversation.id);
    go(`/conversations/${conversation.id}`);
  };
  const leave = () => {
    conversations.set({ conversations: list.filter((each) => each.id !== id) });
    go('/');
  };
  const page = () => {
    if (id !== null)
      return (
        <ConversationPage
          key={id}
          id={id}
          isFresh={id === started}
          onChanged={conversations.reload}
          onDeleted={leave}
        />
      );
    if (inspected !== null) return <Inspector asked={inspected} />;
    if (administered !== null) return <AdminPage asked={administered} />;
    if (path === '/security') return <SecurityPage />;
    if (path === '/settings') return <SettingsPage settings={settings} />;
    if (path !== '/') return <NotFound />;
    return <Home isEmpty={conversations.value !== undefined && list.length === 0} onStart={() => void start()} />;
  };
  return (
    <div className="app-workspace" data-page={path === '/' ? 'home' : 'other'}>
      <Header />
      <ConversationList
        conversations={conversations}
        isStarting={isStarting}
        notStarted={notStarted?.at === moves ? notStarted.trouble : null}
        onStart={() => void start()}
      />
      <main ref={content} id="content" className="app-main" tabIndex={-1}>
        <Suspense fallback={<p className="app-loading app-quiet">Loading…</p>}>{page()}</Suspense>
      </main>
    </div>
  );
}
