import { expect, it } from 'vitest';
import { chartOf } from './chart.ts';

const base = { title: 'Load & append', x: 'entries', y: 'µs' };
const pathsOf = (svg: string) => [...svg.matchAll(/d="M([^"]*L[^"]*)"/g)].map(([, path]) => path);

it('a curve goes from the left to the right, and from nothing to the top', () => {
  const svg = chartOf({
    ...base,
    curves: [
      {
        name: 'load',
        points: [
          [0, 0],
          [10, 5],
          [20, 10],
        ],
      },
    ],
  });
  expect(pathsOf(svg)).toEqual(['70.0 270.0L345.0 155.0L620.0 40.0']);
});

it('where it is asked for, ten times as much is one step to the right', () => {
  const points = [
    [1000, 10],
    [10_000, 10],
    [100_000, 10],
  ] as const;
  const svg = chartOf({ ...base, isLogarithmic: true, curves: [{ name: 'load', points }] });
  expect(pathsOf(svg)).toEqual(['70.0 40.0L345.0 40.0L620.0 40.0']);
});

it('each curve has its name, and the title is text', () => {
  const svg = chartOf({
    ...base,
    curves: [
      {
        name: 'load',
        points: [
          [0, 1],
          [1, 2],
        ],
      },
      {
        name: 'a < b',
        points: [
          [0, 2],
          [1, 4],
        ],
      },
    ],
  });
  expect(svg).toContain('<title>Load &amp; append</title>');
  expect(svg).toContain('>a &lt; b</text>');
  expect(pathsOf(svg)).toHaveLength(2);
});
