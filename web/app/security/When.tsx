import type { ReactNode } from 'react';
import type { Instant } from '../../../machines/index.ts';
import { dateToMinute } from '../times.ts';

interface WhenProps {
  readonly at: Instant;
  /** Default English. */
  readonly language?: string;
}

/** An instant for people, and for programs that read the page. */
export const When = ({ at, language }: WhenProps): ReactNode => (
  <time dateTime={new Date(at).toISOString()}>{dateToMinute(at, language)}</time>
);
