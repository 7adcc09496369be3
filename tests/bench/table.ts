import { tableOf } from '../support/section.ts';
import { median, shown, withSpread } from './figures.ts';
import { ratioOf, type Cell, type Sample } from './measure.ts';
import type { Peer } from './peer.ts';

/** All that was measured of one thing. */
export interface Measured {
  readonly peer: Peer;
  readonly cell: Cell;
  readonly samples: readonly Sample[];
}

const head = [
  'session',
  'carrier',
  'request',
  'ratio, 1 credential',
  'ratio, many',
  'CPU, µs',
  'p50, ms',
  'p99, ms',
  'writes',
  'RSS, MB',
  'idle limit',
  'absolute limit',
  'ends at once',
];

const middle = (samples: readonly Sample[], of: (sample: Sample) => number): number => median(samples.map(of));

/** What stands in one row: the same request, by one credential and by many. */
export const rowKeyOf = ({ peer, cell: { carrier, scene } }: Pick<Measured, 'peer' | 'cell'>): string =>
  [peer.name, carrier, scene.method, scene.answer].join(' ');

function writesOf(samples: readonly Sample[]): string {
  const known = samples.map(({ writes }) => writes).filter((writes) => writes !== null);
  return known.length === 0 ? '–' : median(known).toFixed(median(known) < 10 ? 1 : 0);
}

function rowOf(same: readonly Measured[]): readonly string[] {
  const [first] = same;
  if (first === undefined) return [];
  const { peer, cell } = first;
  const one = same.filter(({ cell: { credentials } }) => credentials === 1).flatMap(({ samples }) => samples);
  const many = same.filter(({ cell: { credentials } }) => credentials > 1).flatMap(({ samples }) => samples);
  const shownOnes = many.length > 0 ? many : one;
  return [
    peer.title,
    cell.carrier,
    `${cell.scene.method} ${cell.scene.answer}`,
    withSpread(one.map(ratioOf)),
    withSpread(many.map(ratioOf)),
    middle(shownOnes, ({ cpu }) => cpu).toFixed(0),
    shown(middle(shownOnes, ({ p50 }) => p50)),
    shown(middle(shownOnes, ({ p99 }) => p99)),
    writesOf(shownOnes),
    (middle(shownOnes, ({ rss }) => rss) / 1e6).toFixed(0),
    peer.limits.idle,
    peer.limits.absolute,
    peer.limits.revocable,
  ];
}

/** What bare Hono took itself: once against once more. */
function bareRow(all: readonly Measured[]): readonly string[] {
  const samples = all
    .filter(({ cell: { scene } }) => scene.method === 'GET' && scene.answer === 'json')
    .flatMap(({ samples: each }) => each);
  const cpu = median(samples.flatMap(({ bare }) => bare));
  const ratio = withSpread(samples.map(({ bare: [before, after] }) => before / after));
  return ['bare Hono, before / after', 'both', 'GET json', '', ratio, cpu.toFixed(0), '', '', '', '', '', '', ''];
}

/** The one table: a row for each kind of request of each session. */
export function ratiosTable(all: readonly Measured[]): string {
  const rows = Object.values(Object.groupBy(all, rowKeyOf)).map((same = []) => rowOf(same));
  return tableOf(head, [bareRow(all), ...rows]);
}
