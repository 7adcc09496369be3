import type { ReactNode } from 'react';
import { useRemaining } from './hooks.ts';
import { announcementAt, announcementInWords } from './words.ts';

/**
 * Says the time left aloud: once on opening, then at 5, 2 and 1 min, 30 and 20 s politely, and at 10 s assertively. Both
 * nodes are there before their text, and the text changes only when it must.
 *
 * @see WCAG 4.1.3
 */
export function Spoken(): ReactNode {
  const left = useRemaining();
  const announcement = left === null ? null : announcementAt(left);
  const text = announcement ? announcementInWords(announcement) : '';
  const isUrgent = announcement?.politeness === 'assertive';
  return (
    <>
      <p className="curfew-spoken" role="status">
        {isUrgent ? '' : text}
      </p>
      <p className="curfew-spoken" role="alert">
        {isUrgent ? text : ''}
      </p>
    </>
  );
}
