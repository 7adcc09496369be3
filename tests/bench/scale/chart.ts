/** One curve. */
export interface Curve {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** A drawing of curves. */
export interface Chart {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  /** Whether each step to the right is ten times as much. Default each is as much as the one before. */
  readonly isLogarithmic?: boolean;
  readonly curves: readonly Curve[];
}

const [width, height] = [640, 320];
const edge = { left: 70, right: 20, top: 40, bottom: 50 };
const colours = ['#0b6bcb', '#b35900', '#1a7f37', '#8250df'];

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const label = (value: number) => value.toLocaleString('en', { maximumSignificantDigits: 3 });

/** Draws curves from 0 upwards, as an SVG that reads on a light page and on a dark one. */
export function chartOf({ title, x, y, isLogarithmic = false, curves }: Chart): string {
  const all = curves.flatMap(({ points }) => points);
  const across = (value: number) => (isLogarithmic ? Math.log10(value) : value);
  const xs = all.map(([at]) => across(at));
  const [least, most] = [Math.min(...xs), Math.max(...xs)];
  const top = Math.max(...all.map(([, value]) => value)) || 1;
  const toX = (value: number) =>
    edge.left + ((across(value) - least) / (most - least || 1)) * (width - edge.left - edge.right);
  const toY = (value: number) => height - edge.bottom - (value / top) * (height - edge.top - edge.bottom);
  const text = (at: readonly [number, number], what: string, more = '') =>
    `<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" ${more}>${escaped(what)}</text>`;
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const level = toY(top * share);
    return `<path d="M${edge.left} ${level.toFixed(1)}H${width - edge.right}" stroke="#8c959f" stroke-opacity=".4"/>${text([edge.left - 6, level + 4], label(top * share), 'text-anchor="end"')}`;
  });
  const places = [...new Set(all.map(([at]) => at))];
  const few = places.length > 7 ? places.filter((_, index) => index % Math.ceil(places.length / 6) === 0) : places;
  const below = few.map((at) => text([toX(at), height - edge.bottom + 18], label(at), 'text-anchor="middle"'));
  const drawn = curves.map(({ name, points }, index) => {
    const colour = colours[index % colours.length] ?? '#000';
    const path = points.map(([at, value]) => `${toX(at).toFixed(1)} ${toY(value).toFixed(1)}`).join('L');
    const key = [edge.left + 10 + index * 140, edge.top - 8] as const;
    return `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="2"/>${text(key, name, `style="fill:${colour}"`)}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    '<style>text{fill:#57606a}@media(prefers-color-scheme:dark){text{fill:#9198a1}}</style>',
    text([edge.left, 16], title, 'font-weight="bold"'),
    ...grid,
    ...below,
    ...drawn,
    text([(width + edge.left) / 2, height - 12], x, 'text-anchor="middle"'),
    text([14, height / 2], y, `text-anchor="middle" transform="rotate(-90 14 ${height / 2})"`),
    '</svg>',
    '',
  ].join('\n');
}
