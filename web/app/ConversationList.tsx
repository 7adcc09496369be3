import type { ReactNode } from 'react';
import type { Trouble } from './api.ts';
import { Failure } from './Failure.tsx';
import type { Loaded } from './loaded.ts';
import { Link, useRouter } from './router.tsx';
import type { Conversation } from './shapes.ts';

interface ConversationListProps {
  readonly conversations: Loaded<{ readonly conversations: readonly Conversation[] }>;
  readonly isStarting: boolean;
  /** Why the last new conversation could not be started. */
  readonly notStarted: Trouble | null;
  readonly onStart: () => void;
}

/** The conversations, last changed first, and the way to start another. */
export function ConversationList(props: ConversationListProps): ReactNode {
  const { conversations, isStarting, notStarted, onStart } = props;
  const { value, trouble, reload } = conversations;
  // One thing to do comes first on a page: elsewhere it is another.
  const { path } = useRouter();
  return (
    <nav className="app-list" aria-label="Conversations">
      <button
        type="button"
        className={path === '/' ? 'curfew-button curfew-button-primary' : 'curfew-button'}
        aria-disabled={isStarting}
        onClick={onStart}
      >
        New conversation
      </button>
      {notStarted && <Failure what="start a conversation" trouble={notStarted} onRetry={onStart} />}
      {trouble && <Failure what="load your conversations" trouble={trouble} onRetry={reload} />}
      {!value && !trouble && <p className="app-quiet app-loading">Loading…</p>}
      {value && value.conversations.length > 0 && (
        <ul>
          {value.conversations.map(({ id, title }) => (
            <li key={id}>
              <Link to={`/conversations/${id}`}>
                <span>{title}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </nav>
  );
}
