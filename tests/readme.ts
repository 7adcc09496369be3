import { readFileSync } from 'node:fs';

/** A code block of a page, as a file of its own. */
export type Block = { name: string; code: string };

/** The TypeScript blocks of a page in Markdown, in their order. */
export function blocksOf(page: string): Block[] {
  return [...page.matchAll(/^```(tsx?)\b[^\n]*\n(.*?)^```/gms)].map(([, language, code], index) => ({
    name: `block-${index + 1}.${language}`,
    code: code ?? '',
  }));
}

/** What the README tells people to copy: the one block that holds `mark`. */
export function readmeBlock(mark: string): string {
  const found = blocksOf(readFileSync('README.md', 'utf8')).filter(({ code }) => code.includes(mark));
  if (found.length !== 1) throw new Error(`The README has ${found.length} blocks with ${mark}, not one`);
  return found.map(({ code }) => code).join('');
}
