import { z } from 'zod';
import { isLeaf, phaseOf, type Instant, type SessionPhase } from '../../machines/index.ts';
import type { Database } from '../sqlite/database.ts';
import { overviewShards, type CurfewEnv } from './env.ts';
import { reach } from './reach.ts';

/** What is counted in one object of the directory. */
export interface SessionCounts {
  /** Sessions by their state, as they were told. */
  readonly sessions: Readonly<Record<SessionPhase, number>>;
  /** Sessions whose deadline has come, and whose objects have not told of it yet. */
  readonly due: number;
  /** The objects of users. */
  readonly objects: number;
}

const phases = ['active', 'expiring', 'lapsed', 'ended'] as const satisfies readonly SessionPhase[];

const leafRow = z.object({ leaf: z.string(), n: z.number() });

/** Counts the rows of one object of the directory. */
export function countSessions(database: Database, now: Instant): Omit<SessionCounts, 'objects'> {
  const sessions = { active: 0, expiring: 0, lapsed: 0, ended: 0 };
  for (const row of database.prepare('select leaf, count(*) as n from sessions group by leaf').all()) {
    const { leaf, n } = leafRow.parse(row);
    if (isLeaf(leaf)) sessions[phaseOf(leaf)] += n;
  }
  const due = database.prepare('select count(*) as n from sessions where due <= ?').get(now);
  return { sessions, due: Number(due?.['n']) };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0);

/**
 * Counts what the overview knows, as text for Prometheus: a moment late.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export async function metricsOf(env: CurfewEnv): Promise<string> {
  const counts = await Promise.all(overviewShards(env).map((shard) => reach(() => shard.countSessions())));
  const gauge = (name: string, help: string, values: readonly string[]) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    ...values.map((value) => `${name}${value}`),
  ];
  return [
    ...gauge(
      'curfew_sessions',
      'Sessions that are kept, by state.',
      phases.map((phase) => `{state="${phase}"} ${sum(counts.map(({ sessions }) => sessions[phase]))}`),
    ),
    ...gauge('curfew_sessions_due', 'Sessions whose deadline has come and is not written yet.', [
      ` ${sum(counts.map(({ due }) => due))}`,
    ]),
    ...gauge('curfew_user_objects', 'Objects of users that have ever had a session.', [
      ` ${sum(counts.map(({ objects }) => objects))}`,
    ]),
    '',
  ].join('\n');
}
