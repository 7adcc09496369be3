import { useState, type ReactNode } from 'react';
import type { Trouble } from './api.ts';
import { Failure } from './Failure.tsx';
import { Link } from './router.tsx';

interface ConversationHeadingProps {
  readonly title: string;
  readonly onRename: (title: string) => Promise<Trouble | null>;
  readonly onDelete: () => Promise<Trouble | null>;
}

interface Failed {
  readonly what: string;
  readonly trouble: Trouble;
}

/** What a conversation is called, and how to call it something else or to delete it. */
export function ConversationHeading({ title, onRename, onDelete }: ConversationHeadingProps): ReactNode {
  const [mode, setMode] = useState<'shown' | 'renaming' | 'deleting'>('shown');
  const [failed, setFailed] = useState<Failed | null>(null);
  const show = (next: 'shown' | 'renaming' | 'deleting') => {
    setFailed(null);
    setMode(next);
  };
  const rename = async (next: string) => {
    const trouble = await onRename(next);
    if (trouble) setFailed({ what: 'rename it', trouble });
    else show('shown');
  };
  const remove = async () => {
    const trouble = await onDelete();
    if (trouble) setFailed({ what: 'delete it', trouble });
  };
  return (
    <header className="app-heading">
      <Link to="/" className="app-back">
        All conversations
      </Link>
      {mode === 'renaming' ? (
        <>
          <h1 className="curfew-spoken">{title}</h1>
          <Rename title={title} onRename={(next) => void rename(next)} onCancel={() => show('shown')} />
        </>
      ) : (
        <div className="app-heading-row">
          <h1>{title}</h1>
          <button type="button" className="curfew-button curfew-button-quiet" onClick={() => show('renaming')}>
            Rename
          </button>
          <button
            type="button"
            className="curfew-button curfew-button-quiet"
            aria-expanded={mode === 'deleting'}
            onClick={() => show(mode === 'deleting' ? 'shown' : 'deleting')}
          >
            Delete
          </button>
        </div>
      )}
      {mode === 'deleting' && <ConfirmDelete onDelete={() => void remove()} onKeep={() => show('shown')} />}
      {failed && <Failure what={failed.what} trouble={failed.trouble} />}
    </header>
  );
}

interface RenameProps {
  readonly title: string;
  readonly onRename: (title: string) => void;
  readonly onCancel: () => void;
}

function Rename({ title, onRename, onCancel }: RenameProps): ReactNode {
  return (
    <form
      className="app-heading-row"
      onSubmit={(event) => {
        event.preventDefault();
        const next = new FormData(event.currentTarget).get('title');
        if (typeof next === 'string' && next.trim() !== '') onRename(next.trim());
      }}
    >
      <input
        className="app-title"
        name="title"
        aria-label="Title"
        defaultValue={title}
        maxLength={200}
        autoComplete="off"
        required
        autoFocus
        onFocus={(event) => event.target.select()}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onCancel();
        }}
      />
      <button type="submit" className="curfew-button curfew-button-primary">
        Save
      </button>
      <button type="button" className="curfew-button" onClick={onCancel}>
        Cancel
      </button>
    </form>
  );
}

function ConfirmDelete({
  onDelete,
  onKeep,
}: {
  readonly onDelete: () => void;
  readonly onKeep: () => void;
}): ReactNode {
  return (
    <div role="group" aria-label="Delete this conversation?" className="app-confirm">
      <p>Delete this conversation with everything in it? It can’t be brought back.</p>
      <button type="button" className="curfew-button" onClick={onKeep} autoFocus>
        Keep it
      </button>
      <button type="button" className="curfew-button curfew-button-danger" onClick={onDelete}>
        Delete for good
      </button>
    </div>
  );
}
