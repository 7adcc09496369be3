import type { Instant } from '../../machines/index.ts';

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const dated = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

const short = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** An instant as a day and a time, to the minute: nobody plans by the second. */
export const minuteOf = (at: Instant): string => short.format(at);

/** An instant as a time of day, where the day is known from its neighbours. */
export const timeOf = (at: Instant): string => clock.format(at);

/** An instant as a day and a time. */
export const dateOf = (at: Instant): string => dated.format(at);
