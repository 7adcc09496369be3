/** The middle of some figures; of an even number the mean of the two in the middle. `NaN` of none. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

/** The figure below which a share of them lies, from 0 to 1: the nearest rank. `NaN` of none. */
export function quantile(figures: Iterable<number>, share: number): number {
  const sorted = Float64Array.from(figures).toSorted();
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** A figure with two digits after the point, or with what it takes to tell a small one from 0. */
export const shown = (figure: number): string =>
  Number.isNaN(figure) ? '–' : figure >= 0.1 || figure === 0 ? figure.toFixed(2) : figure.toFixed(3);

/** The median, and between which figures the middle half of them lies. */
export function withSpread(figures: readonly number[]): string {
  if (figures.length === 0) return '–';
  const [low, high] = [quantile(figures, 0.25), quantile(figures, 0.75)];
  return `${shown(median(figures))} (${shown(low)} to ${shown(high)})`;
}
