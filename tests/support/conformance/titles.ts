import { globSync, readFileSync } from 'node:fs';
import { parseSync, Visitor } from 'vite';

type Node = { type: string; [key: string]: unknown };

/** A test as its file names it: the names of its groups and its own, `%s` and `${…}` as they are written. */
export interface Title {
  readonly path: string;
  readonly title: string;
}

const named = new Set(['describe', 'it', 'test']);
const ways = new Set(['concurrent', 'each', 'for', 'runIf', 'sequential', 'skipIf']);

/** `describe`, `it` or `test`, in whatever way it is called: `it.concurrent.each(rows)` is `it`. */
function kindOf(callee: Node): string | null {
  if (callee.type === 'Identifier') return named.has(String(callee['name'])) ? String(callee['name']) : null;
  if (callee.type === 'CallExpression') return kindOf(callee['callee'] as Node);
  if (callee.type !== 'MemberExpression') return null;
  const { name } = callee['property'] as { name?: string };
  return name !== undefined && ways.has(name) ? kindOf(callee['object'] as Node) : null;
}

function textOf(node: Node | undefined): string | null {
  if (node?.type === 'Literal') return typeof node['value'] === 'string' ? node['value'] : null;
  if (node?.type !== 'TemplateLiteral') return null;
  return (node['quasis'] as { value: { cooked: string } }[]).map(({ value }) => value.cooked).join('${…}');
}

/** The tests of one source. A name that is no text in the source itself, such as an argument, is left out. */
export function titlesOf(path: string, source: string): readonly Title[] {
  const { program, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`);
  const found: Title[] = [];
  const groups: { call: unknown; name: string }[] = [];
  new Visitor({
    CallExpression(call) {
      const kind = kindOf(call.callee as unknown as Node);
      // `it.each(rows)` by itself has no test yet.
      if (kind === null || call.arguments.length < 2) return;
      const name = textOf(call.arguments[0] as unknown as Node);
      if (kind === 'describe') groups.push({ call, name: name ?? '' });
      else if (name !== null)
        found.push({ path, title: [...groups.map((group) => group.name), name].join(' ').trim() });
    },
    'CallExpression:exit'(call) {
      if (groups.at(-1)?.call === call) groups.pop();
    },
  }).visit(program);
  return found;
}

/** The tests of the repository, by their files' names, with those of the suite that every store has to pass. */
export const allTitles = (): readonly Title[] =>
  globSync(['tests/**/*.test.{ts,tsx}', 'server/contract/*.ts'])
    .toSorted()
    .flatMap((path) => titlesOf(path, readFileSync(path, 'utf8')));
