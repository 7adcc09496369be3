import { useState, type ReactNode } from 'react';
import { agoInWords, useCurfew, type DraftCopy } from '../react/index.ts';

interface DraftConflictProps {
  readonly conflict: DraftCopy;
  readonly onTake: () => void;
  readonly onKeep: () => void;
}

/** Another copy of this draft differs: shows it, and lets the person choose. Neither is dropped before that. */
export function DraftConflict({ conflict, onTake, onKeep }: DraftConflictProps): ReactNode {
  const { now } = useCurfew();
  const [shownAt] = useState(now);
  return (
    <section className="app-conflict" aria-label="Another copy of this draft">
      <p role="status">There is another copy of this draft, saved {agoInWords(shownAt - conflict.savedAt)}:</p>
      <blockquote dir="auto" tabIndex={0}>
        {conflict.value === '' ? 'There it is empty.' : conflict.value}
      </blockquote>
      <div className="curfew-actions">
        <button type="button" className="curfew-button" onClick={onKeep}>
          Keep what is here
        </button>
        <button type="button" className="curfew-button" onClick={onTake}>
          Use the other copy
        </button>
      </div>
    </section>
  );
}
