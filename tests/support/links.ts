import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

/** The heading as GitHub names it in an address: small letters, hyphens for spaces, no punctuation. */
const anchorOf = (heading: string) =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');

const withoutBlocks = (page: string) => page.replaceAll(/^```.*?^```/gms, '').replaceAll(/`[^`\n]*`/g, 'code');

/** What a page can be linked to, within. Of headings that are the same, the second is `heading-1`. */
export function anchorsOf(page: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of page.replaceAll(/^```.*?^```/gms, '').matchAll(/^#{1,6} (.*)$/gm)) {
    const anchor = anchorOf(heading);
    const numbered = [...anchors].filter((each) => each === anchor || /^(.*)-\d+$/.exec(each)?.[1] === anchor);
    anchors.add(numbered.length === 0 ? anchor : `${anchor}-${numbered.length}`);
  }
  return anchors;
}

/** The links and pictures of a page that lead to a place in the repository. */
export const relativeLinksOf = (page: string): readonly string[] =>
  [...withoutBlocks(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));

/**
 * What is wrong with the links of a page.
 *
 * @param path of the page, from the root of the repository
 * @returns one line for each link that leads to no file, or to no heading of a page
 */
export function brokenLinksIn(path: string, page = readFileSync(path, 'utf8')): readonly string[] {
  return relativeLinksOf(page).flatMap((link) => {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : posix.join(posix.dirname(path), file);
    if (target.startsWith('..') || !existsSync(target)) return [`${path}: ${link} leads to no file`];
    if (anchor === undefined) return [];
    const there = target === path ? page : readFileSync(target, 'utf8');
    return anchorsOf(there).has(anchor) ? [] : [`${path}: ${link} leads to no heading of ${target}`];
  });
}
