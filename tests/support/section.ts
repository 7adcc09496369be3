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

/**
 * A page with other figures in the row of one of its tables that begins with `name`. Columns stay as wide as they are.
 *
 * @throws when the page has no such row, or more than one, or the row has another number of columns.
 */
export function withRow(page: string, name: string, cells: readonly string[]): string {
  const lines = page.split('\n');
  const [row = -1, ...more] = lines.flatMap((line, index) => (line.startsWith(`| ${name} `) ? [index] : []));
  const columns = lines[row]?.split('|').slice(2, -1) ?? [];
  if (more.length > 0 || columns.length !== cells.length)
    throw new Error(`A page has one row “${name}”, of ${cells.length} figures`);
  const filled = columns.map((column, index) => ` ${cells[index]}`.padEnd(column.length));
  return lines.with(row, `${lines[row]?.split('|', 2).join('|')}|${filled.join('|')}|`).join('\n');
}
