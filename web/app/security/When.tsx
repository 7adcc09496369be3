import type { ReactNode } from 'react';
import type { Instant } from '../../../machines/index.ts';
import { dateToMinute } from '../times.ts';

/** An instant for people, and for programs that read the page. */
export const When = ({ at }: { readonly at: Instant }): ReactNode => (
  <time dateTime={new Date(at).toISOString()}>{dateToMinute(at)}</time>
);
