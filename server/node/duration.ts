import { days, hours, minutes, seconds, type Duration } from '../../machines/index.ts';

const units = { ms: (n: number) => n, s: seconds, m: minutes, h: hours, d: days };

const isUnit = (text: string | undefined): text is keyof typeof units =>
  text !== undefined && Object.hasOwn(units, text);

/** Reads `30m`, `12h`, `15s`, `500ms`, `14d` or `0`. @returns ms, or `null` for anything else. */
export function parseDuration(text: string): Duration | null {
  if (text === '0') return 0;
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  return isUnit(unit) ? Math.round(units[unit](Number(amount))) : null;
}

/** Writes a duration as it is read, in the largest unit that makes it whole. */
export function formatDuration(duration: Duration): string {
  const unit = Object.entries(units).findLast(([, length]) => duration >= length(1) && duration % length(1) === 0);
  return unit ? `${duration / unit[1](1)}${unit[0]}` : `${duration}ms`;
}
