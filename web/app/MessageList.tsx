import { Fragment, useLayoutEffect, useRef, type ReactNode } from 'react';
import { useViewState } from '../react/index.ts';
import type { Message } from './shapes.ts';
import { dayOf, timeToMinute } from './times.ts';

interface MessageListProps {
  readonly id: string;
  /** Oldest first; `undefined` until they are there. */
  readonly messages: readonly Message[] | undefined;
}

/** Shows the newest message, unless the person is brought back to where they were reading. */
function useNewestInView(id: string, messages: readonly Message[] | undefined) {
  const list = useRef<HTMLOListElement>(null);
  const isBroughtBack = useRef(false);
  const count = messages?.length;
  useViewState('messages', id, (kept) => {
    isBroughtBack.current = kept === id;
  });
  useLayoutEffect(() => {
    if (count === undefined) return;
    if (isBroughtBack.current) isBroughtBack.current = false;
    else list.current?.scrollTo(0, list.current.scrollHeight);
  }, [count]);
  return list;
}

/** What was said, day by day. */
export function MessageList({ id, messages }: MessageListProps): ReactNode {
  const list = useNewestInView(id, messages);
  return (
    <ol ref={list} className="app-messages" data-curfew-keep="messages" tabIndex={0} aria-label="Messages">
      {!messages && <li className="app-quiet app-loading">Loading…</li>}
      {messages?.length === 0 && (
        <li className="app-quiet">No messages yet. What you write below is kept as you type.</li>
      )}
      {messages?.map((message, index) => {
        const before = messages[index - 1];
        const isNewDay = !before || dayOf(before.createdAt) !== dayOf(message.createdAt);
        return (
          <Fragment key={message.id}>
            {isNewDay && <li className="app-day">{dayOf(message.createdAt)}</li>}
            <li className="app-message">
              <p dir="auto">{message.body}</p>
              <time dateTime={new Date(message.createdAt).toISOString()}>{timeToMinute(message.createdAt)}</time>
            </li>
          </Fragment>
        );
      })}
    </ol>
  );
}
