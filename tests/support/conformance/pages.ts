import { posix } from 'node:path';
import { tableOf, withSection } from '../section.ts';
import { families, type Family } from './clauses.ts';
import { namedIn } from './named.ts';
import type { Title } from './titles.ts';

/** The files with a test that names a clause, by clause. */
type Proofs = ReadonlyMap<Family, ReadonlyMap<string, ReadonlySet<string>>>;

function proofsIn(titles: readonly Title[]): Proofs {
  const proofs = new Map(families.map((family) => [family, new Map<string, Set<string>>()]));
  for (const { path, title } of titles) {
    for (const { family, id } of namedIn(title).clauses) {
      const paths = proofs.get(family)?.get(id) ?? new Set();
      proofs.get(family)?.set(id, paths.add(path));
    }
  }
  return proofs;
}

const linkOf = (path: string) => `[${posix.relative('tests', path).replace(/\.test\.tsx?$/, '')}](../${path})`;

function clauseTable(family: Family, proofs: Proofs): string {
  const rows = family.clauses.map(([id, asked]) => {
    const paths = [...(proofs.get(family)?.get(id) ?? [])].toSorted();
    return [id, asked, paths.map(linkOf).join(', ') || '–'];
  });
  return `## ${family.standard}\n\n${tableOf(['clause', 'what is asked', 'tests'], rows)}`;
}

function summaryTable(proofs: Proofs): string {
  const rows = families.map((family) => {
    const proved = proofs.get(family)?.size ?? 0;
    return [family.standard, `${proved} of ${family.clauses.length}`];
  });
  return tableOf(['standard', 'clauses with a test'], rows);
}

/** Every clause with the files of the tests that name it, put into `docs/conformance.md`. */
export function conformanceOf(page: string, titles: readonly Title[]): string {
  const proofs = proofsIn(titles);
  return withSection(page, 'clauses', families.map((family) => clauseTable(family, proofs)).join('\n\n'));
}

/** How many clauses of each standard have a test, put into `docs/proof.md`. */
export const summaryOf = (page: string, titles: readonly Title[]): string =>
  withSection(page, 'conformance', summaryTable(proofsIn(titles)));
