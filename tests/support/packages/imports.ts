import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Names of packages: those that are loaded at once, and those that are loaded when a function asks for them. */
export interface Packages {
  readonly atOnce: readonly string[];
  readonly onDemand: readonly string[];
}

const specifiersIn = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, specifier]) => specifier ?? '');
const atOnce = /^(?:import|export)\s(?:[^'"]*\sfrom\s)?['"]([^'"]+)['"];?$/gm;
const imported = /\bimport\(['"]([^'"]+)['"]\)/g;
/** A module that is run as a thread, which is a `.ts` before it is compiled. */
const thread = /\bnew Worker\(new URL\(`([^`$]+)\$/g;
const onDemandIn = (text: string) => [
  ...specifiersIn(text, imported),
  ...specifiersIn(text, thread).map((stem) => `${stem}.js`),
];

const packageOf = (specifier: string) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

/** Follows the imports of a compiled file. @returns what it loads, sorted by name, without what the runtime itself has */
export function packagesOf(entry: string): Packages {
  const files = new Map<string, boolean>();
  const packages = new Map<string, boolean>();

  /** What was met on demand may be met at once, too; not the other way round. */
  function isNews(found: Map<string, boolean>, name: string, isAtOnce: boolean): boolean {
    const known = found.get(name);
    if (known === true || known === isAtOnce) return false;
    found.set(name, isAtOnce);
    return true;
  }

  function visit(path: string, isAtOnce: boolean): void {
    if (!isNews(files, path, isAtOnce)) return;
    const text = readFileSync(path, 'utf8');
    const follow = (specifier: string, isStill: boolean) => {
      if (specifier.startsWith('.')) visit(join(dirname(path), specifier), isStill);
      else if (!/^(node|cloudflare):/.test(specifier)) isNews(packages, packageOf(specifier), isStill);
    };
    for (const specifier of specifiersIn(text, atOnce)) follow(specifier, isAtOnce);
    for (const specifier of onDemandIn(text)) follow(specifier, false);
  }

  visit(entry, true);
  const named = (wanted: boolean) => [...packages].flatMap(([name, is]) => (is === wanted ? [name] : [])).toSorted();
  return { atOnce: named(true), onDemand: named(false) };
}

const stem = (path: string) => path.replace(/(\.d)?\.[jt]sx?$/, '');

/**
 * Follows the imports of a compiled file and of its declarations.
 *
 * @returns the files that it reaches, itself included, without what their names end with: `.js`, `.d.ts`
 */
export function filesOf(entry: string, found: Set<string> = new Set()): ReadonlySet<string> {
  const name = stem(entry);
  if (found.has(name)) return found;
  found.add(name);
  for (const path of [`${name}.js`, `${name}.d.ts`]) {
    const text = readFileSync(path, 'utf8');
    for (const specifier of [...specifiersIn(text, atOnce), ...onDemandIn(text)])
      if (specifier.startsWith('.')) filesOf(join(dirname(path), specifier), found);
  }
  return found;
}
