import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Instant } from '../../machines/index.ts';
import type { LogLine } from '../session/logLine.ts';
import type { Overview } from '../store/overview.ts';
import type { StoreMeasures } from './watchStore.ts';

/** How many due sessions are looked for at most: the counts have to be quick to read. */
const mostDue = 1_000;

/** Counts what becomes of sessions, by the lines of the server's log. */
export function sessionMetrics(registers: Registry[]): { readonly line: (line: LogLine) => void } {
  const labelNames = ['reason'] as const;
  const ends = new Counter({
    name: 'curfew_session_ends_total',
    help: 'Sessions that ended, by why.',
    labelNames,
    registers,
  });
  const lapses = new Counter({
    name: 'curfew_session_lapses_total',
    help: 'Sessions that lapsed, by which limit.',
    labelNames,
    registers,
  });
  return {
    line({ msg, from, to }) {
      if (msg !== 'session' || typeof to !== 'string' || from === to) return;
      const [phase, reason = ''] = to.split('.');
      if (phase === 'ended') ends.inc({ reason });
      if (phase === 'lapsed') lapses.inc({ reason });
    },
  };
}

/** Measures the store. */
export function storeMetrics(registers: Registry[], clock: () => Instant): StoreMeasures {
  let overview: Pick<Overview, 'due'> | null = null;
  const appends = new Histogram({
    name: 'curfew_append_duration_seconds',
    help: 'Time until an append was on the disk, or refused.',
    labelNames: ['outcome'] as const,
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
    registers,
  });
  const commits = new Histogram({
    name: 'curfew_commit_appends',
    help: 'How many appends shared a commit, where the store groups them.',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200],
    registers,
  });
  const listeners = new Gauge({
    name: 'curfew_session_listeners',
    help: 'Event streams, and requests that asked for a signal, that listen for changes on this node.',
    registers,
  });
  const due = new Gauge({
    name: 'curfew_sessions_due',
    help: `Sessions whose deadline has come and is not written yet, at most ${mostDue}; NaN while the store does not answer.`,
    registers,
    async collect() {
      // A store that does not answer must not take the other counts with it.
      const found = await overview?.due(clock(), mostDue).catch(() => null);
      due.set(found?.length ?? Number.NaN);
    },
  });
  return {
    opened: (opened) => void (overview = opened),
    appended: (outcome, took) => appends.observe({ outcome }, took / 1000),
    committed: (size) => commits.observe(size),
    listening: (change) => listeners.inc(change),
  };
}
