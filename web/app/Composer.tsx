import { useState, type ReactNode } from 'react';
import { useDraft, type DraftStatus } from '../index.ts';

const statuses: Record<DraftStatus, string> = {
  saved: 'Saved',
  saving: 'Saving…',
  unsaved: 'Saving…',
  'not-on-this-device': 'Not saved on this device, but on the server',
  failed: 'Not saved',
};

/** Where a message is written. What is typed is kept, encrypted, until it is sent. */
export function Composer({
  id,
  title,
  onSend,
}: {
  id: string;
  title: string;
  onSend: (body: string) => Promise<void>;
}): ReactNode {
  const draft = useDraft(`conversation:${id}`, { label: title });
  const [isFailed, setFailed] = useState(false);
  const [isSending, setSending] = useState(false);
  const send = async () => {
    const body = draft.value.trim();
    if (body === '' || isSending) return;
    setSending(true);
    try {
      await onSend(body);
      draft.clear();
      setFailed(false);
    } catch {
      setFailed(true);
    } finally {
      setSending(false);
    }
  };
  const isEmpty = draft.value.trim() === '';
  return (
    <form
      className="app-composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {draft.conflict && (
        <div className="app-conflict" role="status">
          <p>This draft was changed somewhere else, too.</p>
          <button type="button" className="curfew-button" onClick={draft.takeConflict}>
            Show the other one
          </button>
          <button type="button" className="curfew-button" onClick={draft.keepMine}>
            Keep this one
          </button>
        </div>
      )}
      <textarea
        aria-label="Message"
        data-curfew-keep="composer"
        placeholder="Write a message…"
        rows={4}
        value={draft.value}
        onChange={(event) => draft.setValue(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) void send();
        }}
      />
      {isFailed && (
        <p className="curfew-alert" role="alert">
          That did not go out. Your text is still here; try again.
        </p>
      )}
      <div className="app-composer-end">
        <span className="app-quiet">{draft.value === '' ? '' : statuses[draft.status]}</span>
        <button type="submit" className="curfew-button curfew-button-primary" aria-disabled={isEmpty || isSending}>
          {isSending ? 'Sending…' : 'Send'}
        </button>
      </div>
    </form>
  );
}
