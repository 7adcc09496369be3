import { readFileSync, writeFileSync } from 'node:fs';
import { limitsOf } from './limits.ts';
import { conformanceOf, summaryOf } from './pages.ts';
import { allTitles, type Title } from './titles.ts';

/** The pages of the repository that are made from the tests' titles and the presets, by their path. */
export function written(titles: readonly Title[]): ReadonlyMap<string, string> {
  return new Map([
    ['CONFORMANCE.md', conformanceOf(readFileSync('CONFORMANCE.md', 'utf8'), titles)],
    ['README.md', limitsOf(summaryOf(readFileSync('README.md', 'utf8'), titles))],
  ]);
}

if (process.argv[1]?.endsWith('conformance/write.ts')) {
  for (const [path, text] of written(allTitles())) {
    writeFileSync(path, text);
    console.log(path);
  }
}
