import type { Instant } from '../../machines/index.ts';

type Style = 'minute' | 'second' | 'dateToMinute' | 'date' | 'day';

const styles: Readonly<Record<Style, Intl.DateTimeFormatOptions>> = {
  minute: { timeStyle: 'short' },
  second: { timeStyle: 'medium' },
  dateToMinute: { dateStyle: 'medium', timeStyle: 'short' },
  date: { dateStyle: 'medium', timeStyle: 'medium' },
  day: { dateStyle: 'full' },
};

const isTag = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i;

/** The language, as it is spoken where the user is, if they said so: as the library's own parts say times. */
const spokenAs = (language: string): readonly string[] => [
  ...navigator.languages.filter((each) => isTag.test(each) && each.split('-')[0] === language),
  language,
];

const made = new Map<string, Intl.DateTimeFormat>();

/** As everywhere on the page: in its language, as that is spoken where the user is. */
function format(style: Style, at: Instant, language: string): string {
  const key = `${style} ${language}`;
  const found = made.get(key) ?? new Intl.DateTimeFormat([...spokenAs(language)], styles[style]);
  made.set(key, found);
  return found.format(at);
}

/** An instant as date and time, to the minute. */
export const dateToMinute = (at: Instant, language = 'en'): string => format('dateToMinute', at, language);

/** An instant as a time of day, to the minute. */
export const timeToMinute = (at: Instant): string => format('minute', at, 'en');

/** The day of an instant, with its name. */
export const dayOf = (at: Instant): string => format('day', at, 'en');

/** An instant as a time of day with seconds, without the date. */
export const timeOf = (at: Instant): string => format('second', at, 'en');

/** An instant as date and time, with seconds. */
export const dateOf = (at: Instant): string => format('date', at, 'en');
