import { readFileSync, writeFileSync } from 'node:fs';
import { referenceOf } from '../reference.ts';
import { limitsOf } from './limits.ts';
import { conformanceOf, summaryOf } from './pages.ts';
import { allTitles, type Title } from './titles.ts';

/** The pages of the repository that are made from the tests' titles, the presets and the docstrings, by their path. */
export function written(titles: readonly Title[]): ReadonlyMap<string, string> {
  const read = (name: string) => readFileSync(`docs/${name}.md`, 'utf8');
  return new Map([
    ['docs/conformance.md', conformanceOf(read('conformance'), titles)],
    ['docs/proof.md', summaryOf(read('proof'), titles)],
    ['docs/policy.md', limitsOf(read('policy'))],
    ['docs/reference.md', referenceOf(read('reference'))],
  ]);
}

if (process.argv[1]?.endsWith('conformance/write.ts')) {
  for (const [path, text] of written(allTitles())) {
    writeFileSync(path, text);
    console.log(path);
  }
}
