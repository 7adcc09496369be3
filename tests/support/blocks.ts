import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** A code block of a page, as a file of its own. */
export type Block = { name: string; code: string };

/** The pages whose code is compiled and run. */
export const pages: readonly string[] = ['README.md', ...globSync('docs/*.md').toSorted()];

/** The TypeScript blocks of a page in Markdown, in their order. */
export function blocksOf(page: string, name = 'block'): Block[] {
  return [...page.matchAll(/^```(tsx?)\b[^\n]*\n(.*?)^```/gms)].map(([, language, code], index) => ({
    name: `${name}-${index + 1}.${language}`,
    code: code ?? '',
  }));
}

/** The TypeScript blocks of all pages; each is named for its page. */
export const allBlocks = (): Block[] =>
  pages.flatMap((path) => blocksOf(readFileSync(path, 'utf8'), basename(path, '.md').toLowerCase()));

/** The lines that a page tells people to type into a shell. */
export const shellLinesOf = (page: string): readonly string[] =>
  [...page.matchAll(/^```sh\n(.*?)^```/gms)]
    .flatMap(([, lines = '']) => lines.split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter(Boolean);

/** What the README tells people to copy into a file: the one block that holds `mark`. */
export function readmeBlock(mark: string): string {
  const blocks = [...readFileSync('README.md', 'utf8').matchAll(/^```(?!sh)\w+\n(.*?)^```/gms)];
  const found = blocks.map(([, code = '']) => code).filter((code) => code.includes(mark));
  if (found.length !== 1) throw new Error(`The README has ${found.length} blocks with ${mark}, not one`);
  return found.join('');
}
