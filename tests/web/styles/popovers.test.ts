import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const web = join(import.meta.dirname, '..', '..', '..', 'web');

describe('the style sheets', () => {
  it('position nothing with fallbacks: WebKit hangs for good once an ancestor of such a popover is not displayed', () => {
    const sheets = globSync('**/*.css', { cwd: web });
    expect(sheets).toContain(join('styles', 'time.css'));
    const withFallbacks = sheets.filter((name) => /position-try/.test(readFileSync(join(web, name), 'utf8')));
    expect(withFallbacks).toEqual([]);
  });
});
