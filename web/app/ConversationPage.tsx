import type { ReactNode } from 'react';
import { useDraft } from '../react/index.ts';
import { useApi, type Trouble } from './api.ts';
import { Composer } from './Composer.tsx';
import { ConversationHeading } from './ConversationHeading.tsx';
import { Failure } from './Failure.tsx';
import { NotFound } from './Home.tsx';
import { useLoaded } from './loaded.ts';
import { MessageList } from './MessageList.tsx';
import { hasConversation, hasMessage, isNothing, isThread } from './shapes.ts';
import { useTitle } from './title.ts';

interface ConversationPageProps {
  readonly id: string;
  /** It was started just now: its user wants to write. */
  readonly isFresh: boolean;
  readonly onChanged: () => void;
  readonly onDeleted: () => void;
}

/** One conversation: what was said, and the composer. */
export function ConversationPage({ id, isFresh, onChanged, onDeleted }: ConversationPageProps): ReactNode {
  const api = useApi();
  const path = `/api/conversations/${id}`;
  const thread = useLoaded(path, isThread);
  const title = thread.value?.conversation.title ?? 'Conversation';
  const draft = useDraft(`conversation:${id}`, { label: title });
  useTitle(title);

  const send = async (body: string): Promise<Trouble | null> => {
    const outcome = await api(`${path}/messages`, hasMessage, 'POST', { body });
    if (!outcome.ok) return outcome.trouble;
    if (thread.value) thread.set({ ...thread.value, messages: [...thread.value.messages, outcome.value.message] });
    else thread.reload();
    onChanged();
    return null;
  };
  const rename = async (next: string): Promise<Trouble | null> => {
    const outcome = await api(path, hasConversation, 'PATCH', { title: next });
    if (!outcome.ok) return outcome.trouble;
    if (thread.value) thread.set({ ...thread.value, conversation: outcome.value.conversation });
    else thread.reload();
    onChanged();
    return null;
  };
  const remove = async (): Promise<Trouble | null> => {
    const outcome = await api(path, isNothing, 'DELETE');
    // What is gone already is deleted, too.
    if (!outcome.ok && outcome.trouble !== 'gone') return outcome.trouble;
    draft.clear();
    onDeleted();
    return null;
  };

  if (thread.trouble === 'gone') return <NotFound what="This conversation isn’t here" />;
  return (
    <article className="app-conversation">
      <ConversationHeading title={title} onRename={rename} onDelete={remove} />
      {thread.trouble && <Failure what="load this conversation" trouble={thread.trouble} onRetry={thread.reload} />}
      <MessageList id={id} messages={thread.value?.messages} />
      <Composer draft={draft} isFresh={isFresh} onSend={send} />
    </article>
  );
}
