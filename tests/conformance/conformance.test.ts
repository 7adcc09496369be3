import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withSection } from '../support/section.ts';
import { families } from '../support/conformance/clauses.ts';
import { namedIn } from '../support/conformance/named.ts';
import { allTitles, titlesOf } from '../support/conformance/titles.ts';
import { conformanceOf, summaryOf } from '../support/conformance/pages.ts';
import { written } from '../support/conformance/write.ts';

const all = allTitles();
const idsIn = (title: string) => namedIn(title).clauses.map(({ family, id }) => `${family.name} ${id}`);

describe('the titles of a file', () => {
  const of = (source: string) => titlesOf('a.test.ts', source).map(({ title }) => title);

  it('are those of its tests, each after the groups it is in', () => {
    expect(
      of(`describe('a', () => { it('b', f); describe('c', () => { test('d', f); }); it('e', f); }); it('f', f);`),
    ).toEqual(['a b', 'a c d', 'a e', 'f']);
  });

  it.each([
    `it.each(rows)('a %s', f)`,
    `it.concurrent.each(rows)('a %s', { timeout: 1 }, f)`,
    `describe.each(rows)('a', () => it('%s', f))`,
    `test.runIf(process.getuid?.() === 0)('a %s', f)`,
  ])('are found however a test is called: %s', (source) => {
    expect(of(source)).toEqual(['a %s']);
  });

  it('keep the places of what is put in', () => {
    expect(of('it(`a ${b} c`, f)')).toEqual(['a ${…} c']);
  });

  it('are of tests alone, and not of what is merely called like one', () => {
    expect(of(`it.wrong('a', f); it.each(['b', 'c']); /a/.test('d', f); suite('e', f); const it2 = 'it f';`)).toEqual(
      [],
    );
  });

  it('leave out what is named elsewhere', () => {
    expect(of(`const house = (name) => describe(name, () => it('holds', f))`)).toEqual(['holds']);
  });

  it('are those that the runner has, too: this one is among them', () => {
    const title = 'the titles of a file are those that the runner has, too: this one is among them';
    expect(expect.getState().currentTestName?.replaceAll(' > ', ' ')).toBe(title);
    expect(all).toContainEqual({ path: 'tests/conformance/conformance.test.ts', title });
  });
});

describe('the clauses of a title', () => {
  it.each([
    ['ASVS 7.4.1 is over', ['ASVS 7.4.1']],
    ['ASVS 3.5.1 3.5.3 changes nothing', ['ASVS 3.5.1', 'ASVS 3.5.3']],
    ['a cookie ASVS 3.3.1 has its prefix, RFC 6265bis', ['ASVS 3.3.1', 'RFC 6265bis']],
    ['Promise 1, ASVS 7.4.1 PCI DSS 8.2.8 %s', ['ASVS 7.4.1', 'PCI DSS 8.2.8']],
    ['NIST SP 800-63B-4 §5.1.2 AAL2 lasts', ['NIST SP 800-63B-4 §5.1.2', 'NIST SP 800-63B-4 AAL2']],
    ['RFC 8725 3.11 of 3 tokens', ['RFC 8725 3.11']],
    ['RFC 9457: a problem', ['RFC 9457']],
    ['RFC 8725 3.8 3.11 a token, RFC 9457', ['RFC 8725 3.8', 'RFC 8725 3.11', 'RFC 9457']],
    ['OWASP Session Management ids', ['OWASP Session Management']],
    ['a person is asked', []],
  ])('are found: %s', (title, ids) => {
    expect(idsIn(title).toSorted()).toEqual(ids.toSorted());
    expect(namedIn(title).unknown).toEqual([]);
  });

  // In pieces, so that the rows are not read as titles of tests by those who look for clauses in the text.
  it.each([
    ['ASVS', '7.4.11'],
    ['ASVS', 'v7.4.1'],
    ['ASVS', '7.4.1–7.4.3'],
    ['ASVS', '7.4.1, 7.9.9'],
    ['ASVS', '7.4.1 7.9.9'],
    ['ASVS', 'is proved'],
    ['NIST', '800-63B §5.2'],
    ['PCI', '8.2.8'],
    ['RFC', '8725'],
    ['RFC', '8725 3.111'],
    ['RFC', '8725 3.1 3.99'],
    ['RFC', '6749'],
    ['OWASP', 'asks'],
  ])('that the list does not have are told: %s %s', (name, rest) => {
    expect(namedIn(`a session ${name} ${rest}`).unknown).toEqual([`${name} ${rest}`]);
  });
});

describe('what is made of the titles', () => {
  const titles = [{ path: 'tests/server/a.test.ts', title: 'a session ASVS 7.4.1 ends' }];

  it('links every clause to the files that name it, and shows which have none', () => {
    const page = conformanceOf('# A\n<!-- clauses -->\n<!-- /clauses -->\n', titles);
    expect(page).toMatch(/^\| 7\.4\.1 \| [^|]+ \| \[server\/a\]\(\.\.\/tests\/server\/a\.test\.ts\) \|$/m);
    expect(page).toMatch(/^\| 7\.4\.2 \| [^|]+ \| – \|$/m);
  });

  it('counts them', () => {
    const asvs = families.find(({ name }) => name === 'ASVS');
    const page = summaryOf('<!-- conformance -->\nold\n<!-- /conformance -->', [...titles, ...titles]);
    expect(page).toContain(`| OWASP ASVS 5.0 | 1 of ${asvs?.clauses.length} |`);
    expect(page).not.toContain('old');
  });

  it('goes to one place of a page, and to none that is not there', () => {
    const place = '<!-- a -->\n<!-- /a -->\n';
    expect(withSection(`b\n${place}c`, 'a', '$&')).toMatch(/^b\n[^]+\n\$&\n[^]+<!-- \/a -->\nc$/);
    expect(() => withSection('b', 'a', '')).toThrow('one place');
    expect(() => withSection(place + place, 'a', '')).toThrow('one place');
    expect(() => withSection('<!-- /a -->\n<!-- a -->', 'a', '')).toThrow('one place');
  });
});

describe('the tests of this repository', () => {
  it('name clauses of the list only: mend the title, or add the clause to tests/support/conformance/clauses.ts', () => {
    const unknown = all.flatMap(({ path, title }) => namedIn(title).unknown.map((text) => `${path}: ${text}`));
    expect(unknown).toEqual([]);
  });

  it('are in docs/conformance.md and docs/proof.md as they are now, and the limits in docs/policy.md: run `npm run conformance`', () => {
    for (const [path, text] of written(all)) expect(readFileSync(path, 'utf8'), path).toBe(text);
  });

  it('prove clauses that are listed once', () => {
    for (const { standard, clauses } of families)
      expect(new Set(clauses.map(([id]) => id)).size, standard).toBe(clauses.length);
  });
});
