import { useEffect, useState, type ReactNode } from 'react';
import { useMessages } from './provider.tsx';
import { announcementAt, announcementInWords } from '../messages/words.ts';

/** What is to be said, and when. */
export interface SpokenProps {
  /** Whole seconds to the end; `null` while there is nothing to say. */
  readonly remaining: number | null;
  /** Whole seconds to the end when the warning was opened: nothing that was due before is said. */
  readonly opening: number;
  /** Said once, on opening. Empty where what opens says it by itself. */
  readonly first?: string;
}

/**
 * What is spoken of a warning, apart from what is seen: on opening and then on schedule, never each second. Both nodes
 * are there before their text, or it would not be spoken. Inside an open dialog they have to be inside it, for the rest
 * of the page is inert.
 *
 * @see WCAG 2.2 SC 4.1.3
 */
export function Spoken({ remaining, opening, first = '' }: SpokenProps): ReactNode {
  const messages = useMessages();
  const [isThere, setThere] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setThere(true));
    return () => clearTimeout(timer);
  }, []);
  const left = isThere ? remaining : null;
  const announcement = left === null ? null : announcementAt(left);
  const due = announcement && announcement.at < opening ? announcement : null;
  const said = due ? announcementInWords(due, messages) : left === null ? '' : first;
  const isUrgent = due?.politeness === 'assertive';
  return (
    <>
      <p role="status" className="curfew-spoken">
        {isUrgent ? '' : said}
      </p>
      <p aria-live="assertive" className="curfew-spoken">
        {isUrgent ? said : ''}
      </p>
    </>
  );
}
