import { families, type Clause, type Family } from './clauses.ts';

/** The clauses that a title names, and what looks like a clause but is none of the list. */
export interface Named {
  readonly clauses: readonly Clause[];
  readonly unknown: readonly string[];
}

/** The clause that a text goes on with; `RFC 8725 3.1 3.11` names two sections of one RFC. */
function nextOf(family: Family, text: string, last: string | undefined): { id: string; length: number } | undefined {
  const within = last?.includes(' ') === true ? `${last.split(' ')[0]} ` : '';
  return family.clauses
    .flatMap(([id]) => [
      { id, length: id.length, written: id },
      ...(within !== '' && id.startsWith(within)
        ? [{ id, length: id.length - within.length, written: id.slice(within.length) }]
        : []),
    ])
    .filter(({ written, length }) => text.startsWith(` ${written}`) && /^(?![\w-]|\.\d)/.test(text.slice(length + 1)))
    .toSorted((a, b) => b.length - a.length)[0];
}

/** What follows the name of a standard, up to the first words that are no clause of it. */
function readFamily(family: Family, rest: string): { ids: readonly string[]; left: string } {
  const ids: string[] = [];
  let left = rest;
  for (let found = nextOf(family, left, undefined); found; found = nextOf(family, left, found.id)) {
    ids.push(found.id);
    left = left.slice(found.length + 1);
  }
  return { ids, left };
}

const looksLikeClause = /^[ ,–-]*§?\d+\.\d/;

/** Reads a title such as `ASVS 3.5.1 3.5.3 changes nothing`: the name of a standard, then clauses of it. */
export function namedIn(title: string): Named {
  const clauses: Clause[] = [];
  const unknown: string[] = [];
  for (const family of families) {
    for (const { index } of title.matchAll(new RegExp(`\\b${family.mark}\\b`, 'g'))) {
      const text = title.slice(index);
      const { ids, left } = readFamily(family, text.startsWith(family.name) ? text.slice(family.name.length) : '');
      clauses.push(...ids.map((id) => ({ family, id })));
      if (ids.length === 0 || looksLikeClause.test(left)) unknown.push(text);
    }
  }
  return { clauses, unknown };
}
