import { appendFileSync } from 'node:fs';

/** Figures of one long run, as they stand in the table: what was counted, and how often. */
export type Figures = Readonly<Record<string, number | string>>;

/** One line of the file that the figures of all runs go to. */
export interface Counted {
  readonly run: string;
  readonly figures: Figures;
}

/** Prints what a run has counted, and hands it on to the table that `npm run test:soak` ends with. */
export function counted(run: string, figures: Figures): void {
  console.info(
    `${run}: ${Object.entries(figures)
      .map(([name, figure]) => `${name} ${figure}`)
      .join(', ')}`,
  );
  const path = process.env['CURFEW_COUNTERS'];
  const line: Counted = { run, figures };
  if (path !== undefined) appendFileSync(path, `${JSON.stringify(line)}\n`);
}

/** Whether the long runs are asked for, and not the part of them that is in `npm test` and `npm run test:deep`. */
export const isSoak = process.env['CURFEW_SOAK'] === 'all';
