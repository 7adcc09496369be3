import type { Instant } from '../../machines/index.ts';
import { isLanguage } from './language.ts';

const timeOfDay = { timeStyle: 'short' } as const;
const dayAndTime = { weekday: 'long', hour: 'numeric', minute: '2-digit' } as const;

/** The language, as it is spoken where the user is, if they said so. */
const spokenAs = (language: string): readonly string[] => [
  ...navigator.languages.filter((each) => isLanguage(each) && each.split('-')[0] === language.split('-')[0]),
  language,
];

/** A moment as people call it; with its day where it is not near. */
export const momentInWords = (at: Instant, now: Instant, language: string): string =>
  new Intl.DateTimeFormat([...spokenAs(language)], Math.abs(at - now) < 12 * 3_600_000 ? timeOfDay : dayAndTime).format(
    at,
  );
