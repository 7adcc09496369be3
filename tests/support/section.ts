const marks = (name: string) => [`<!-- ${name} -->`, `<!-- /${name} -->`] as const;

/**
 * A page with `text` as its section `name`: what stands between `<!-- name -->` and `<!-- /name -->`. It is left as it
 * is written, for its lines are nobody's to format.
 *
 * @throws when the page has no such place, or more than one.
 */
export function withSection(page: string, name: string, text: string): string {
  const [from, to] = marks(name);
  const [before, inside, ...more] = page.split(from);
  const [old, after, ...evenMore] = inside?.split(to) ?? [];
  if (before === undefined || old === undefined || after === undefined || more.length + evenMore.length > 0)
    throw new Error(`A page has one place ${from} … ${to} for what is made`);
  return `${before}${from}\n<!-- prettier-ignore-start -->\n\n${text}\n\n<!-- prettier-ignore-end -->\n${to}${after}`;
}

/** A table in Markdown, of cells that hold no bar. */
export const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
