import { describe, expect, it } from 'vitest';
import { days, hours, minutes, presets, seconds } from '../../../machines/index.ts';
import { durationInWords } from '../../../web/messages/duration.ts';
import { countInWords, english } from '../../../web/messages/english.ts';
import { german } from '../../../web/app/german.ts';
import { summaryInWords } from '../../../web/messages/summary.ts';
import {
  agoInWords,
  announcementAt,
  announcementInWords,
  announcements,
  listInWords,
  reasonInWords,
  toldAtSignIn,
} from '../../../web/messages/words.ts';

describe('words', () => {
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
  ])('say %i ms as “%s”, and never promise more than there is', (duration, words) => {
    expect(durationInWords(duration)).toBe(words);
  });

  it.each([
    [0, 'just now'],
    [seconds(59), 'just now'],
    [minutes(1), '1 minute ago'],
    [minutes(119), '1 hour ago'],
    [days(2), '2 days ago'],
  ])('say that %i ms have passed as “%s”', (duration, words) => {
    expect(agoInWords(duration)).toBe(words);
  });

  it('count in the singular and the plural, and join what is kept', () => {
    expect(listInWords([countInWords(3, 'conversation'), countInWords(1, 'draft'), 'settings'])).toBe(
      '3 conversations, 1 draft, and settings',
    );
  });

  it('WCAG 2.2.6 tell at sign-in how long inactivity may last, and how long work is kept', () => {
    expect(toldAtSignIn(presets.standard)).toContain('after 30 minutes without activity');
    expect(toldAtSignIn(presets.standard)).toContain('kept on this device for 24 hours');
  });

  it('say why, without the words session, timed out, modal and sorry', () => {
    const reasons = ['idle', 'absolute', 'signed_out', 'revoked', 'displaced', 'compromised', 'expired', null] as const;
    const sentences = reasons.flatMap((reason) => [reasonInWords(reason), reasonInWords(reason, presets.standard)]);
    expect(new Set(sentences).size).toBeGreaterThanOrEqual(reasons.length);
    for (const sentence of sentences) expect(sentence).not.toMatch(/session|timed out|modal|sorry/i);
    expect(reasonInWords('idle', presets.standard)).toContain('30 minutes');
  });
});

describe('other words', () => {
  it('WCAG 3.1.2 put durations, lists, times and sentences into their own language', () => {
    expect(durationInWords(minutes(90), 'de')).toBe('1 Stunde, 30 Minuten');
    expect(agoInWords(minutes(2), german)).toBe('vor 2 Minuten');
    expect(agoInWords(0, german)).toBe('gerade eben');
    expect(reasonInWords('idle', presets.standard, german)).toContain('30 Minuten');
    const kept = [
      { kind: 'draft', label: 'draft', count: 2, savedAt: 0 },
      { kind: 'conversation', label: 'conversation', count: 1 },
      { kind: 'settings', label: 'settings', count: 1 },
    ];
    expect(summaryInWords(kept, minutes(3), german)).toBe(
      'Auf diesem Gerät gespeichert: 1 Unterhaltung, 2 Entwürfe (vor 3 Minuten) und Einstellungen.',
    );
    expect(summaryInWords(kept, minutes(3), english)).toBe(
      'Saved on this device: 1 conversation, 2 drafts (3 minutes ago), and settings.',
    );
  });

  it('say the same durations in a browser that has no formatter for them', () => {
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

describe('the spoken warning', () => {
  it('WCAG 4.1.3 changes at 5, 2 and 1 minutes, 30, 20 and 10 seconds, and at no other second', () => {
    const changes: number[] = [];
    let before = announcementAt(301);
    expect(before).toBeNull();
    for (let left = 300; left >= 1; left--) {
      const now = announcementAt(left);
      if (now !== before) changes.push(left);
      before = now;
    }
    expect(changes).toEqual([300, 120, 60, 30, 20, 10]);
    expect(announcementAt(0)).toBeNull();
  });

  it('is polite until the last ten seconds', () => {
    expect(announcements.filter(({ politeness }) => politeness === 'assertive')).toEqual([
      { at: 10, politeness: 'assertive' },
    ]);
  });

  it('says only the latest when a tab looks late', () => {
    const announcement = announcementAt(45);
    expect(announcement?.at).toBe(60);
    expect(announcement && announcementInWords(announcement)).toContain('1 minute');
  });
});
