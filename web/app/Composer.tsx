import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import type { Draft } from '../react/index.ts';
import type { Trouble } from './api.ts';
import { DraftConflict } from './DraftConflict.tsx';
import { DraftStatusLine } from './DraftStatusLine.tsx';
import { Failure } from './Failure.tsx';
import { leaveFree } from './leaveFree.ts';

interface ComposerProps {
  readonly draft: Draft;
  /** The user has just started the conversation, and wants to write. */
  readonly isFresh: boolean;
  /** @returns why it was not sent; `null` when it was. */
  readonly onSend: (body: string) => Promise<Trouble | null>;
}

/** Where a message is written. What is typed is kept, encrypted, until it is sent. */
export function Composer({ draft, isFresh, onSend }: ComposerProps): ReactNode {
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isSending, setSending] = useState(false);
  const written = useRef(draft.value);
  useEffect(() => {
    written.current = draft.value;
  });
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => leaveFree(form.current), []);
  const isEmpty = draft.value.trim() === '';

  const send = async () => {
    const sent = draft.value;
    if (isEmpty || isSending) return;
    setSending(true);
    const failure = await onSend(sent.trim());
    setSending(false);
    setTrouble(failure);
    if (failure !== null) return;
    // Who goes on writing while a message is on its way keeps what came after it.
    if (written.current === sent) draft.clear();
    else if (written.current.startsWith(sent)) draft.setValue(written.current.slice(sent.length).trimStart());
  };
  return (
    <form
      ref={form}
      className="app-composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {draft.conflict && (
        <DraftConflict conflict={draft.conflict} onTake={draft.takeConflict} onKeep={draft.keepMine} />
      )}
      <textarea
        aria-label="Message"
        aria-describedby="composer-hint"
        data-curfew-keep="composer"
        placeholder="Write a message…"
        rows={3}
        value={draft.value}
        autoFocus={isFresh}
        onChange={(event) => draft.setValue(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) void send();
        }}
      />
      {trouble && <Failure what="send it" trouble={trouble} />}
      <div className="app-composer-end">
        <DraftStatusLine value={draft.value} status={draft.status} />
        <span id="composer-hint" className="app-quiet app-keys">
          Ctrl + Enter sends
        </span>
        <button type="submit" className="curfew-button curfew-button-primary" aria-disabled={isEmpty || isSending}>
          {isSending ? 'Sending…' : 'Send'}
        </button>
      </div>
    </form>
  );
}
