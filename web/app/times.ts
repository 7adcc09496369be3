import type { Instant } from '../../machines/index.ts';

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const dated = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

const short = (language: string) => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
const shorts: Readonly<Record<string, Intl.DateTimeFormat>> = { en: short('en-GB'), de: short('de') };

/** An instant as date and time, to the minute. */
export const dateToMinute = (at: Instant, language = 'en'): string => (shorts[language] ?? short(language)).format(at);

/** An instant as a time of day with seconds, without the date. */
export const timeOf = (at: Instant): string => clock.format(at);

/** An instant as date and time, with seconds. */
export const dateOf = (at: Instant): string => dated.format(at);
