import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { anchorsOf, brokenLinksIn, relativeLinksOf } from '../support/links.ts';

const pages = ['README.md', 'SECURITY.md', 'CHANGELOG.md', 'machines/README.md', ...globSync('docs/**/*.md')];

describe('the links of the documents', () => {
  it.each(pages)('lead to files and headings that exist: %s', (page) => {
    expect(brokenLinksIn(page)).toEqual([]);
  });

  it('lead to every page of the folder from its index', () => {
    const linked = relativeLinksOf(readFileSync('docs/README.md', 'utf8')).map((link) => `docs/${link.split('#')[0]}`);
    for (const page of pages.filter((each) => each.startsWith('docs/') && each !== 'docs/README.md'))
      expect(linked).toContain(page);
  });
});

describe('what looks for broken links', () => {
  const wrong = (page: string) => brokenLinksIn('docs/README.md', page);

  it('finds a file that is not there, and one outside the repository', () => {
    expect(wrong('[a](nothing.md) ![b](../web/nothing.png) [c](../../package.json)')).toHaveLength(3);
  });

  it('finds a heading that is not there, here and on another page', () => {
    expect(wrong('# One\n[a](#two) [b](#one) [c](../README.md#nothing-of-this-name)')).toEqual([
      'docs/README.md: #two leads to no heading of docs/README.md',
      'docs/README.md: ../README.md#nothing-of-this-name leads to no heading of README.md',
    ]);
  });

  it('leaves alone other sites and what stands in code', () => {
    expect(relativeLinksOf('[a](https://example.org) `[b](c)`\n```\n[d](e)\n```\n[f](g)')).toEqual(['g']);
  });

  it('names headings as GitHub does', () => {
    const page = '# What is “it”, really?\n## `a` & b\n```\n# no heading\n```\n## Twice\n## Twice\n';
    expect([...anchorsOf(page)]).toEqual(['what-is-it-really', 'a--b', 'twice', 'twice-1']);
  });
});
