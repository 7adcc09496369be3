import type { ReactNode } from 'react';
import { announcementAt, announcementInWords } from './words.ts';

/** What is to be said, and when. */
export interface SpokenProps {
  /** Whole seconds to the end; `null` while no warning is shown. */
  readonly remaining: number | null;
  /** Whole seconds to the end when the warning was opened: nothing before that is said again. */
  readonly opening: number;
  /** Said once, on opening. Empty where what opens says it by itself. */
  readonly first?: string;
}

/**
 * What is spoken of a warning, apart from what is seen: on opening and then on schedule, never each second. The nodes
 * are there before their text. Inside an open dialog they have to be inside it, for the rest of the page is inert.
 *
 * @see WCAG 2.2 SC 4.1.3
 */
export function Spoken({ remaining, opening, first = '' }: SpokenProps): ReactNode {
  const due = remaining === null ? null : announcementAt(remaining);
  const isLater = due !== null && due.at < opening;
  const polite = remaining === null ? '' : first;
  return (
    <>
      <p role="status" className="curfew-spoken">
        {isLater && due.politeness === 'polite' ? announcementInWords(due) : isLater ? '' : polite}
      </p>
      <p aria-live="assertive" className="curfew-spoken">
        {isLater && due.politeness === 'assertive' ? announcementInWords(due) : ''}
      </p>
    </>
  );
}
