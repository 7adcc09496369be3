import { describe, expect, it } from 'vitest';
import { withRow } from '../support/section.ts';

const page = [
  'before',
  '| engine | Node | Bun  |',
  '| ------ | ---- | ---- |',
  '| speed  | 1.00 | 2.45 |',
  'after',
].join('\n');

describe('a row of a table that is made', () => {
  it('gets other figures, in columns as wide as before', () => {
    expect(withRow(page, 'speed', ['0.9', '2.51'])).toBe(page.replace('| 1.00 | 2.45 |', '| 0.9  | 2.51 |'));
  });

  it.each([
    ['is not there', page, 'speeds', ['1', '2']],
    ['is there twice', `${page}\n| speed  | 1 | 2 |`, 'speed', ['1', '2']],
    ['has another number of columns', page, 'speed', ['1']],
  ])('is named where it %s', (_what, text, name, figures) => {
    expect(() => withRow(text, name, figures)).toThrow(`one row “${name}”`);
  });
});
