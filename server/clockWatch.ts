import { days, hours, minutes, seconds, type Duration, type Instant } from '../machines/index.ts';
import type { LogLine } from './session/logLine.ts';
import type { AuditReader } from './store/auditReader.ts';

/** How far a clock may go back: several processes and corrections by the network move it a little. */
const tolerance: Duration = seconds(1);

/** A machine that slept over night is no error; a year is. */
const longestSleep: Duration = days(1);

/** A server that was off for longer than this purges nothing at first: its clock may be far ahead. */
const longestSilence: Duration = days(30);
const firstPause: Duration = hours(24);

/** How often trouble is told again, in ms. */
const tellEvery: Duration = minutes(1);

/** Whether the clock can be believed. */
export interface ClockWatch {
  /** Looks at the clock. @returns one line that says what is wrong with it, `null` when nothing is */
  readonly trouble: () => string | null;
  /** Whether what is old may be deleted for good: not while the clock is wrong, nor soon after a long silence. */
  readonly mayPurge: () => boolean;
}

/** What a watch needs. */
export interface WatchOptions {
  readonly clock: () => Instant;
  /** Time that nobody can set, in ms since some moment. */
  readonly elapsed: () => Duration;
  readonly auditReader: Pick<AuditReader, 'written'>;
  readonly write: (line: LogLine) => void;
}

const timeOf = (at: Instant): string => new Date(at).toISOString();

const inWords = (duration: Duration): string =>
  duration >= days(2)
    ? `${Math.round(duration / days(1))} days`
    : duration >= minutes(2)
      ? `${Math.round(duration / minutes(1))} minutes`
      : `${Math.round(duration / seconds(1))} s`;

/**
 * Watches the clock: one that was put back lets sessions live longer than they may, and one that is far ahead would end
 * and delete everything. It is compared with itself, with time that nobody can set, and at the start with the newest
 * entry of the log.
 *
 * @returns rejects when the log cannot be read
 */
export async function watchClock({ clock, elapsed, auditReader, write }: WatchOptions): Promise<ClockWatch> {
  const isThereAfter = async (at: Instant) =>
    (await auditReader.written({ recordedAt: at, stream: '', version: 0 }, 1)).length > 0;
  const start = clock();
  const startElapsed = elapsed();
  const [future] = await auditReader.written({ recordedAt: start + tolerance, stream: '', version: 0 }, 1);
  const newest = Number(future?.row['recorded_at'] ?? start);
  const wasSilent = !(await isThereAfter(start - longestSilence)) && (await isThereAfter(0));
  let highest = Math.max(start, Number.isFinite(newest) ? newest : start);
  let anchor = { at: start, elapsed: startElapsed };
  let told: Duration = -Infinity;

  function find(): string | null {
    const now = clock();
    const expected = anchor.at + (elapsed() - anchor.elapsed);
    if (now < highest - tolerance)
      return `the clock was put back: it is ${timeOf(now)}, ${inWords(highest - now)} before a time that has been; sessions live longer than they may until it is right`;
    if (now > expected + longestSleep)
      return `the clock leapt ${inWords(now - expected)} ahead to ${timeOf(now)}; nothing is settled or purged until it is right, or the server is started again`;
    highest = Math.max(highest, now);
    anchor = { at: now, elapsed: elapsed() };
    return null;
  }

  function trouble(): string | null {
    const found = find();
    if (found === null) {
      told = -Infinity;
      return null;
    }
    if (elapsed() - told >= tellEvery) {
      told = elapsed();
      write({ msg: 'warning', level: 'error', warning: found });
    }
    return found;
  }

  return { trouble, mayPurge: () => trouble() === null && (!wasSilent || elapsed() - startElapsed >= firstPause) };
}
