import { describe, expect, it } from 'vitest';
import { days, minutes, presets, reasonInWords, seconds } from '../../../machines/index.ts';
import { countInWords, english } from '../../../web/messages/english.ts';
import { german } from '../../../web/app/german.ts';
import { summaryInWords } from '../../../web/messages/summary.ts';
import {
  agoInWords,
  announcementAt,
  announcementInWords,
  announcements,
  listInWords,
  toldAtSignIn,
} from '../../../web/messages/words.ts';

describe('words', () => {
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
});

describe('other words', () => {
  it('WCAG 3.1.2 put lists, times and sentences into their own language', () => {
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
