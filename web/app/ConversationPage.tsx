import { useEffect, useState, type ReactNode } from 'react';
import { isConversation, isMessage, isNothing, isThread, useApi, useLoaded } from './api.ts';
import { Composer } from './Composer.tsx';
import { Failure } from './Failure.tsx';

const time = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

interface ConversationPageProps {
  readonly id: string;
  readonly onChanged: () => void;
  readonly onDeleted: () => void;
}

/** One conversation: what was said, and the composer. */
export function ConversationPage({ id, onChanged, onDeleted }: ConversationPageProps): ReactNode {
  const api = useApi();
  const path = `/api/conversations/${id}`;
  const thread = useLoaded(path, isThread);
  const title = thread.value?.conversation.title ?? 'Conversation';
  useEffect(() => {
    document.title = `${title} – Curfew`;
  }, [title]);
  const send = async (body: string) => {
    await api(`${path}/messages`, isMessage, 'POST', { body });
    thread.reload();
    onChanged();
  };
  const rename = async (next: string) => {
    await api(path, isConversation, 'PATCH', { title: next });
    thread.reload();
    onChanged();
  };
  const remove = async () => {
    await api(path, isNothing, 'DELETE');
    onDeleted();
  };
  return (
    <article className="app-conversation">
      <Heading title={title} onRename={rename} onDelete={remove} />
      {thread.isFailed && <Failure what="this conversation" onRetry={thread.reload} />}
      <ol className="app-messages" data-curfew-keep="messages" tabIndex={0} aria-label="Messages">
        {thread.value?.messages.length === 0 && <li className="app-quiet">No messages yet.</li>}
        {thread.value?.messages.map((message) => (
          <li key={message.id} className="app-message">
            <p dir="auto">{message.body}</p>
            <time dateTime={String(message.createdAt)}>{time.format(message.createdAt)}</time>
          </li>
        ))}
      </ol>
      <Composer id={id} title={title} onSend={send} />
    </article>
  );
}

interface HeadingProps {
  readonly title: string;
  readonly onRename: (title: string) => Promise<void>;
  readonly onDelete: () => Promise<void>;
}

function Heading({ title, onRename, onDelete }: HeadingProps): ReactNode {
  const [mode, setMode] = useState<'shown' | 'renaming' | 'deleting'>('shown');
  const done = () => setMode('shown');
  if (mode === 'renaming') {
    return (
      <form
        className="app-heading"
        onSubmit={(event) => {
          event.preventDefault();
          const next = new FormData(event.currentTarget).get('title');
          if (typeof next === 'string' && next.trim() !== '') onRename(next).then(done, done);
        }}
      >
        <input className="app-title" name="title" aria-label="Title" defaultValue={title} maxLength={200} autoFocus />
        <button type="submit" className="curfew-button curfew-button-primary">
          Save
        </button>
        <button type="button" className="curfew-button" onClick={done}>
          Cancel
        </button>
      </form>
    );
  }
  return (
    <header className="app-heading">
      <h1>{title}</h1>
      {mode === 'deleting' ? (
        <span role="group" aria-label="Delete this conversation?" className="app-confirm">
          <button
            type="button"
            className="curfew-button curfew-button-danger"
            onClick={() => void onDelete().catch(done)}
            autoFocus
          >
            Delete for good
          </button>
          <button type="button" className="curfew-button" onClick={done}>
            Keep
          </button>
        </span>
      ) : (
        <>
          <button type="button" className="curfew-button curfew-button-quiet" onClick={() => setMode('renaming')}>
            Rename
          </button>
          <button type="button" className="curfew-button curfew-button-quiet" onClick={() => setMode('deleting')}>
            Delete
          </button>
        </>
      )}
    </header>
  );
}
