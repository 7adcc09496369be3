import { useEffect, type ReactNode } from 'react';
import { TimeLeft, useCurfew, useKept } from '../index.ts';
import { isConversations, isSettings, useApi, useLoaded, isConversation } from './api.ts';
import { ConversationPage } from './ConversationPage.tsx';
import { Failure } from './Failure.tsx';
import { Link, useRouter } from './router.tsx';
import { SettingsPage } from './SettingsPage.tsx';

const idIn = (path: string): string | null => /^\/conversations\/([\w-]+)$/.exec(path)?.[1] ?? null;

/** Everything behind the sign-in: conversations beside the one that is open, and the settings. */
export function Workspace(): ReactNode {
  const { user, signOut } = useCurfew();
  const { path, go } = useRouter();
  const api = useApi();
  const conversations = useLoaded('/api/conversations', isConversations);
  const settings = useLoaded('/api/settings', isSettings);
  const list = conversations.value?.conversations ?? [];
  const id = idIn(path);
  useKept('conversation', 'conversation', list.length);
  useKept('settings', 'settings', settings.value ? 1 : 0);
  useEffect(() => {
    const { theme, density } = settings.value?.settings ?? { theme: 'system', density: 'comfortable' };
    const { dataset } = document.documentElement;
    dataset['density'] = density;
    if (theme === 'system') delete dataset['theme'];
    else dataset['theme'] = theme;
  }, [settings.value]);

  const start = async () => {
    const title = `Conversation ${list.length + 1}`;
    const { conversation } = await api('/api/conversations', isConversation, 'POST', { title });
    conversations.reload();
    go(`/conversations/${conversation.id}`);
  };
  const page =
    path === '/settings' ? (
      <SettingsPage settings={settings} />
    ) : id === null ? (
      <Welcome hasAny={list.length > 0} onStart={start} />
    ) : (
      <ConversationPage
        key={id}
        id={id}
        onChanged={conversations.reload}
        onDeleted={() => {
          conversations.reload();
          go('/');
        }}
      />
    );
  return (
    <div className="app-workspace" data-open={id !== null || path === '/settings' || undefined}>
      <header className="app-bar">
        <Link to="/" className="app-brand">
          <img src={new URL('./icon.svg', import.meta.url).href} alt="" width="28" height="28" />
          <span>Curfew</span>
        </Link>
        <div className="app-bar-end">
          <TimeLeft />
          <span className="app-user">{user?.username}</span>
          <Link to="/settings" className="curfew-button curfew-button-quiet">
            Settings
          </Link>
          <button type="button" className="curfew-button" onClick={() => signOut()}>
            Sign out
          </button>
        </div>
      </header>
      <nav className="app-list" aria-label="Conversations">
        <button type="button" className="curfew-button curfew-button-primary" onClick={() => void start()}>
          New conversation
        </button>
        {conversations.isFailed && <Failure what="your conversations" onRetry={conversations.reload} />}
        <ul>
          {list.map((each) => (
            <li key={each.id}>
              <Link to={`/conversations/${each.id}`}>{each.title}</Link>
            </li>
          ))}
        </ul>
      </nav>
      <main className="app-main">{page}</main>
    </div>
  );
}

function Welcome({ hasAny, onStart }: { hasAny: boolean; onStart: () => Promise<void> }): ReactNode {
  useEffect(() => {
    document.title = 'Conversations – Curfew';
  }, []);
  return (
    <div className="app-empty">
      <h1>{hasAny ? 'Pick up where you left off' : 'Nothing here yet'}</h1>
      <p>
        {hasAny
          ? 'Choose a conversation, or start another one.'
          : 'Start a conversation and write something. Then walk away: it will be here when you come back.'}
      </p>
      {!hasAny && (
        <button type="button" className="curfew-button" onClick={() => void onStart()}>
          Start the first one
        </button>
      )}
    </div>
  );
}
