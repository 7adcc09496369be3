import { describe, expect, it } from 'vitest';
import { minutes, nearestDeadline, seconds } from '../../../machines/index.ts';
import { german } from '../../../web/app/german.ts';
import * as client from '../../../web/client/index.ts';
import * as react from '../../../web/react/index.ts';
import { fakeTab } from '../../../web/testing/index.ts';

const doors = { client: { ...client }, react: { ...react } };

const shared = [
  'agoInWords',
  'announcementAt',
  'announcementInWords',
  'announcements',
  'countInWords',
  'durationInWords',
  'english',
  'listInWords',
  'problemInWords',
  'reasonInWords',
  'toldAtSignIn',
] as const;

describe('the words of a page without React', () => {
  it.each(shared)('%s is the one that the parts of React use', (name) => {
    expect(doors.client[name]).toBe(doors.react[name]);
  });

  it('say a warning as the parts of React do: how long, why, on a clock, and aloud', () => {
    const { view } = fakeTab({ phase: 'warning', remaining: minutes(4) + seconds(30) }).state();
    if (!view) throw new Error('there is no session');
    const at = (left: number) => {
      const remaining = client.leftAt(view, nearestDeadline(view) - seconds(left));
      const words = client.timeLeftInWords(remaining, client.openingOf(view, 'toast', 270), client.english);
      const said = client.announcementAt(remaining);
      return [
        client.clockText(remaining),
        client.firstInWords(view, words, client.english),
        said && client.announcementInWords(said),
      ];
    };
    expect(at(270)).toEqual([
      '4:30',
      "You'll be signed out in 5 minutes because you haven't been active.",
      'You will be signed out in 5 minutes.',
    ]);
    expect(at(59)).toEqual([
      '0:59',
      "You'll be signed out in less than a minute because you haven't been active.",
      'You will be signed out in 1 minute.',
    ]);
    expect(client.leftAt(view, nearestDeadline(view) + 1)).toBe(0);
    expect(client.lastInWords(view, client.timeLeftInWords(20, 120, german), german)).toContain(
      'in weniger als einer Minute ab',
    );
  });

  it('say why something did not work', () => {
    expect(client.problemInWords({ code: 'network', at: 0 })).toBe(
      "We couldn't reach the server. Nothing is lost. Please try again.",
    );
    expect(client.problemInWords({ code: 'invalid_credentials', at: 0 }, { wrong: 'Wrong.' })).toBe('Wrong.');
  });
});
