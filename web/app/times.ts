import type { Instant } from '../../machines/index.ts';

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const dated = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

const short = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** An instant as date and time, to the minute. */
export const dateToMinute = (at: Instant): string => short.format(at);

/** An instant as a time of day with seconds, without the date. */
export const timeOf = (at: Instant): string => clock.format(at);

/** An instant as date and time, with seconds. */
export const dateOf = (at: Instant): string => dated.format(at);
