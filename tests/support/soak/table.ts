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
