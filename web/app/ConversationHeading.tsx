import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Trouble } from './api.ts';
import { Failure } from './Failure.tsx';
import { usePanel, type Panel } from './panels.tsx';
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
  const renaming = usePanel('rename');
  const deleting = usePanel('delete');
  const [failed, setFailed] = useState<Failed | null>(null);
  const show = (panel: Panel | null, typed?: string) => {
    setFailed(null);
    for (const each of [renaming, deleting]) if (each !== panel) each.shut();
    panel?.open(typed);
  };
  const rename = async (next: string) => {
    const trouble = await onRename(next);
    if (trouble) setFailed({ what: 'rename it', trouble });
    else show(null);
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
      {renaming.typed !== null ? (
        <>
          <h1 className="curfew-spoken">{title}</h1>
          <Rename
            typed={renaming.typed}
            isBroughtBack={renaming.isBroughtBack}
            onType={renaming.open}
            onRename={(next) => void rename(next)}
            onCancel={() => show(null)}
          />
        </>
      ) : (
        <div className="app-heading-row">
          <h1>{title}</h1>
          <button type="button" className="curfew-button curfew-button-quiet" onClick={() => show(renaming, title)}>
            Rename
          </button>
          <button
            type="button"
            className="curfew-button curfew-button-quiet"
            aria-expanded={deleting.isOpen}
            onClick={() => show(deleting.isOpen ? null : deleting)}
          >
            Delete
          </button>
        </div>
      )}
      {deleting.isOpen && (
        <ConfirmDelete
          isBroughtBack={deleting.isBroughtBack}
          onDelete={() => void remove()}
          onKeep={() => show(null)}
        />
      )}
      {failed && <Failure what={failed.what} trouble={failed.trouble} />}
    </header>
  );
}

interface RenameProps {
  readonly typed: string;
  readonly isBroughtBack: boolean;
  readonly onType: (typed: string) => void;
  readonly onRename: (title: string) => void;
  readonly onCancel: () => void;
}

function Rename({ typed, isBroughtBack, onType, onRename, onCancel }: RenameProps): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  const isNew = useRef(!isBroughtBack);
  useEffect(() => {
    if (!isNew.current) return;
    field.current?.focus();
    field.current?.select();
  }, []);
  return (
    <form
      className="app-heading-row"
      // The panel keeps what is typed, and whether it is open.
      data-curfew-skip=""
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() !== '') onRename(typed.trim());
      }}
    >
      <input
        className="app-title"
        name="title"
        aria-label="Title"
        data-curfew-keep="title"
        value={typed}
        maxLength={200}
        autoComplete="off"
        required
        ref={field}
        onChange={(event) => onType(event.target.value)}
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

interface ConfirmDeleteProps {
  readonly isBroughtBack: boolean;
  readonly onDelete: () => void;
  readonly onKeep: () => void;
}

function ConfirmDelete({ isBroughtBack, onDelete, onKeep }: ConfirmDeleteProps): ReactNode {
  return (
    <div role="group" aria-label="Delete this conversation?" className="app-confirm">
      <p>Delete this conversation with everything in it? It can’t be brought back.</p>
      <button
        type="button"
        className="curfew-button"
        data-curfew-keep="keep"
        onClick={onKeep}
        autoFocus={!isBroughtBack}
      >
        Keep it
      </button>
      <button type="button" className="curfew-button curfew-button-danger" onClick={onDelete}>
        Delete for good
      </button>
    </div>
  );
}
