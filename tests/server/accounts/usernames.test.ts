import { describe, expect, it } from 'vitest';
import { createWorld } from '../../support/server/world.ts';

const register = async (username: string) => {
  const { client } = await createWorld();
  const { status, body } = await client().register(username, 'battery staple');
  return [status, body?.fields?.[0]?.field ?? body?.user?.username];
};

describe('UTS #39 a name that nobody sees, or that looks like another one, is refused', () => {
  it.each([
    ['a zero-width space', '\u200b'],
    ['a zero-width joiner in another name', 'a\u200dda'],
    ['a word joiner', '\u2060'],
    ['a byte order mark', '\ufeff'],
    ['an override of the direction', '\u202eada'],
    ['an isolate of the direction', '\u2066ada\u2069'],
    ['a soft hyphen', 'ad\u00ada'],
    ['a filler of Hangul', '\u3164'],
    ['a filler of Hangul behind another name', 'ada\u3164'],
    ['a half-width filler of Hangul', '\uffa0'],
    ['a choseong filler', '\u115f'],
    ['a combining grapheme joiner', 'a\u034fda'],
    ['a variation selector', 'ada\ufe0f'],
    ['a variation selector of the supplement', 'ada\u{e0100}'],
    ['a tag', 'ada\u{e0061}'],
    ['the empty pattern of Braille', '\u2800'],
    ['a mark that combines with nothing', '\u0301'],
    ['spaces', '   '],
    ['spaces of other widths', '\u3000\u2003\u00a0'],
    ['a line break', 'a\nda'],
    ['half of a pair', 'ada\ud800'],
    ['what is not assigned', 'ada\u0378'],
  ])('%s', async (_, username) => {
    expect(await register(username)).toEqual([422, 'username']);
  });
});

describe('a name in any writing is taken', () => {
  it.each(['ada', 'Ada Lovelace', 'Ådа', 'Ζωή', 'Зоя', '艾达', 'アダ', 'عائشة', 'आदा', '에이다', 'नि', '😀', 'x', '7'])(
    '%s',
    async (username) => {
      expect(await register(username)).toEqual([201, username]);
    },
  );
});
