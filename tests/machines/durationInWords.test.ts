import { describe, expect, it } from 'vitest';
import { days, durationInWords, hours, minutes, seconds, timeAgoInWords } from '../../machines/index.ts';

describe('a length of time in words', () => {
  it.each([
    [0, '0 seconds'],
    [seconds(1), '1 second'],
    [seconds(59), '59 seconds'],
    [minutes(1), '1 minute'],
    [seconds(100), '1 minute, 40 seconds'],
    [minutes(2), '2 minutes'],
    [seconds(299), '4 minutes'],
    [minutes(30), '30 minutes'],
    [minutes(90), '1 hour, 30 minutes'],
    [hours(12), '12 hours'],
    [days(1), '24 hours'],
    [days(2), '2 days'],
    [days(14), '14 days'],
    [-5, '0 seconds'],
  ])('of %i ms is “%s”, and never promises more than there is', (duration, words) => {
    expect(durationInWords(duration)).toBe(words);
  });

  it.each([
    [seconds(59), '59 seconds ago'],
    [minutes(1), '1 minute ago'],
    [minutes(119), '1 hour ago'],
    [days(2), '2 days ago'],
    [0, '0 seconds ago'],
  ])('of %i ms has passed as “%s”', (duration, words) => {
    expect(timeAgoInWords(duration, 'en')).toBe(words);
  });

  it('WCAG 3.1.2 is in the language that is asked for', () => {
    expect(durationInWords(minutes(90), 'de')).toBe('1 Stunde, 30 Minuten');
    expect(timeAgoInWords(minutes(2), 'de')).toBe('vor 2 Minuten');
    // Said by a formatter that knows durations, and not only lists.
    expect(durationInWords(minutes(90), 'fi')).toBe('1 tunti ja 30 minuuttia');
  });

  it('is the same where there is no formatter of durations', () => {
    const { DurationFormat } = Intl as unknown as { DurationFormat: unknown };
    const lengths = [0, seconds(1), seconds(100), minutes(90), hours(12), days(14)];
    const say = () => lengths.flatMap((length) => [durationInWords(length), durationInWords(length, 'de')]);
    const said = say();
    Reflect.deleteProperty(Intl, 'DurationFormat');
    try {
      expect(say()).toEqual(said);
    } finally {
      Object.defineProperty(Intl, 'DurationFormat', { value: DurationFormat, configurable: true, writable: true });
    }
  });
});
