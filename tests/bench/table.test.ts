import { describe, expect, it } from 'vitest';
import type { Sample } from './measure.ts';
import type { Peer } from './peer.ts';
import { peers } from './peers.ts';
import { ratiosTable, type Measured } from './table.ts';
import { targetsTable } from './targets.ts';

const sample = (cpu: number, more: Partial<Sample> = {}): Sample => ({
  cpu,
  bare: [18, 22],
  p50: 0.5,
  p99: 2,
  writes: 3,
  rss: 90e6,
  ...more,
});

function measured(
  name: string,
  credentials: number,
  samples: readonly Sample[],
  carrier: 'cookie' | 'bearer' = 'cookie',
): Measured {
  const peer: Peer = peers.find((each) => each.name === name)!;
  return { peer, cell: { carrier, credentials, scene: { method: 'GET', answer: 'json' } }, samples };
}

describe('the table of ratios', () => {
  it('has one row for one credential and for many, with the median and the spread', () => {
    const all = [
      measured('curfew', 1, [sample(40), sample(25), sample(50), sample(40)]),
      measured('curfew', 1000, [sample(80), sample(100, { writes: 5 }), sample(100), sample(80)]),
    ];
    const row = ratiosTable(all)
      .split('\n')
      .find((line) => line.startsWith('| Curfew'));
    expect(row).toBe(
      '| Curfew | cookie | GET json | 0.50 (0.40 to 0.50) | 0.23 (0.20 to 0.25) | 90 | 0.50 | 2.00 | 3.0 | 90 | yes | yes | yes |',
    );
  });

  it('shows what bare Hono took, against itself', () => {
    const [, , bare] = ratiosTable([measured('jose', 1000, [sample(40, { bare: [20, 20] })])]).split('\n');
    expect(bare).toContain('| 1.00 (1.00 to 1.00) | 20 |');
  });

  it('shows no figure where nothing is known', () => {
    const row = ratiosTable([measured('jose', 1, [sample(40, { writes: null })])])
      .split('\n')
      .at(-1);
    expect(row).toContain('| 0.50 (0.50 to 0.50) | – | 40 | 0.50 | 2.00 | – |');
  });
});

it('the targets stand beside what was measured, and beside nothing where it was not', () => {
  const all = [
    measured('curfew', 1000, [sample(40)]),
    measured('curfew', 1000, [sample(80)], 'bearer'),
    measured('jose', 1000, [sample(60)]),
  ];
  const lines = targetsTable(all).split('\n');
  expect(lines[2]).toBe('| a request that changes nothing, to bare Hono | at least 0.70 | 0.50 | 0.25 |');
  expect(lines[3]).toBe('| the same, to jose | at least 2.00 | 1.50 | 0.75 |');
  expect(lines[4]).toBe('| the same, to hono/jwt | at least 2.70 | – | – |');
});
