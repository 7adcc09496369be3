import { z } from 'zod';
import type { Counted } from './counters.ts';

const line = z.object({ run: z.string(), figures: z.record(z.string(), z.union([z.number(), z.string()])) });

/** The figures in a file of JSON lines. */
export const countedIn = (text: string): readonly Counted[] =>
  text
    .split('\n')
    .filter((each) => each !== '')
    .map((each) => line.parse(JSON.parse(each)));

const shown = (figure: number | string): string =>
  typeof figure === 'number' ? figure.toLocaleString('en', { maximumFractionDigits: 1 }) : figure;

/** One table of all figures, in Markdown: a row for each thing that was counted. */
export function tableOf(all: readonly Counted[]): string {
  const rows = all.flatMap(({ run, figures }) =>
    Object.entries(figures).map(([name, figure], index) => [index === 0 ? run : '', name, shown(figure)]),
  );
  const head = ['run', 'counted', 'figure'];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  const lineOf = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 2 ? cell.padStart(widths[2] ?? 0) : cell.padEnd(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column === 2 ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`;
  return [lineOf(head), rule, ...rows.map(lineOf)].join('\n');
}

const [begin, end] = ['<!-- soak: npm run test:soak -- write -->', '<!-- soak: end -->'];

/** A page with the table in its place. @throws when the page has no place for it. */
export function withTable(page: string, table: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`the page has no ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${table}\n\n${page.slice(to)}`;
}
