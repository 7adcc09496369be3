import { describe, expect, it } from 'vitest';
import { optionsIn } from './options.ts';

const known = ['curfew', 'jose'];

describe('what a run is asked for', () => {
  it('is everything, where nothing is said', () => {
    expect(optionsIn([], known)).toEqual({
      names: [],
      rounds: 5,
      seconds: 1,
      connections: 32,
      credentials: 1000,
      isWriting: false,
    });
  });

  it('is what was named, for as long as was said', () => {
    expect(optionsIn(['jose', '--rounds', '2', '--seconds', '0.5', 'curfew'], known)).toMatchObject({
      names: ['jose', 'curfew'],
      rounds: 2,
      seconds: 0.5,
      isWriting: false,
    });
  });

  it.each([
    [['lucia'], 'There is no lucia; there are: curfew, jose'],
    [['--write', 'jose'], '--write takes no names: a page has the figures of all'],
    [['--rounds', 'two'], '--rounds must be a number above 0, and is two'],
    [['--seconds', '0'], '--seconds must be a number above 0, and is 0'],
  ])('is refused in one line: %j', (given, line) => {
    expect(() => optionsIn(given, known)).toThrow(line);
  });
});
