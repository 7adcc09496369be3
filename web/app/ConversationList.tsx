import type { ReactNode } from 'react';
import type { Trouble } from './api.ts';
import { Failure } from './Failure.tsx';
import type { Loaded } from './loaded.ts';
import { Link } from './router.tsx';
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
  return (
    <nav className="app-list" aria-label="Conversations">
      <button
        type="button"
        className="curfew-button curfew-button-primary"
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
