import { tableOf } from '../support/section.ts';
import { median, shown } from './figures.ts';
import { ratioOf } from './measure.ts';
import type { Carrier } from './peer.ts';
import type { Measured } from './table.ts';

/** What Curfew is meant to reach: so many times what another one does. */
interface Target {
  readonly what: string;
  readonly of: string;
  readonly least: number;
  /** Beside whom; `null` is bare Hono. */
  readonly beside: string | null;
}

const targets: readonly Target[] = [
  { what: 'a request that changes nothing, to bare Hono', of: 'curfew', least: 0.7, beside: null },
  { what: 'the same, to jose', of: 'curfew', least: 2, beside: 'jose' },
  { what: 'the same, to hono/jwt', of: 'curfew', least: 2.7, beside: 'hono-jwt' },
  { what: 'the same, to better-auth', of: 'curfew', least: 15, beside: 'better-auth' },
  { what: 'a request that is recorded, to bare Hono', of: 'curfew-recorded', least: 0.4, beside: null },
];

/** The ratio of GET with `c.json` by many credentials. */
function ratio(all: readonly Measured[], name: string, carrier: Carrier | null): number {
  const found = all.filter(
    ({ peer, cell }) =>
      peer.name === name &&
      (carrier === null || cell.carrier === carrier) &&
      cell.credentials > 1 &&
      cell.scene.method === 'GET' &&
      cell.scene.answer === 'json',
  );
  return median(found.flatMap(({ samples }) => samples.map(ratioOf)));
}

/** The targets beside what was measured. Nothing depends on them. */
export function targetsTable(all: readonly Measured[]): string {
  const rows = targets.map(({ what, of, least, beside }) => {
    const base = beside === null ? 1 : ratio(all, beside, null);
    const measured = (['cookie', 'bearer'] as const).map((carrier) => shown(ratio(all, of, carrier) / base));
    return [what, `at least ${shown(least)}`, ...measured];
  });
  return tableOf(['many credentials, GET json', 'target', 'cookie', 'bearer'], rows);
}
