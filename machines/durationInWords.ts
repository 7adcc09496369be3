import type { Duration } from './time.ts';

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

type Unit = (typeof units)[number][0];

/** Some whole units in words, by the browser's own formatter of durations or, where it has none, unit by unit. */
function unitsInWords(parts: readonly (readonly [unit: Unit, count: number])[], language: string): string {
  if ('DurationFormat' in Intl) {
    const display = { secondsDisplay: parts.every(([, count]) => count === 0) ? 'always' : 'auto' } as const;
    const duration = Object.fromEntries(parts.map(([unit, count]) => [`${unit}s`, count]));
    return new Intl.DurationFormat(language, { style: 'long', ...display }).format(duration);
  }
  const each = parts.map(([unit, count]) =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count),
  );
  return new Intl.ListFormat(language, { type: 'unit', style: 'short' }).format(each);
}

/**
 * A length of time in words, in its largest unit and, where that matters, the next: "30 minutes", "1 hour, 30 minutes".
 * Up to two minutes every second counts; above, seconds are left out. Rounded down, so that nothing is promised.
 *
 * @param duration in ms
 * @param language BCP 47. Default `en`.
 */
export function durationInWords(duration: Duration, language = 'en'): string {
  const whole = Math.max(0, Math.floor(duration / 1000));
  const rounded = whole < 120 ? whole : whole - (whole % 60);
  // One day is 24 hours: days are counted from two on.
  const first = units.findIndex(([unit, size]) => rounded >= size * (unit === 'day' ? 2 : 1));
  if (first === -1) return unitsInWords([['second', 0]], language);
  const parts: [Unit, number][] = [];
  let rest = rounded;
  for (const [unit, size] of units.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push([unit, count]);
  }
  return unitsInWords(parts, language);
}

/** How long ago, in words, in its largest unit: "2 minutes ago". Below a minute the seconds do not matter. */
export function timeAgoInWords(duration: Duration, language: string): string {
  const [unit, size] = units.find(([, length]) => duration >= length * 1000) ?? units[3];
  return new Intl.RelativeTimeFormat(language).format(-Math.floor(duration / (size * 1000)), unit);
}
