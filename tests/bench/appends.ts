import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { presets, start, step, type SessionState } from '../../machines/index.ts';
import { chain } from '../../server/store/chain.ts';
import type { Change } from '../../server/store/eventLog.ts';
import { openDatabase } from '../../server/sqlite/connection.ts';
import { sqliteEventLog } from '../../server/sqlite/eventLog.ts';

/**
 * Appends a second on a SQLite file with `synchronous=FULL`, one by one and in groups: by the store, and by the same
 * statements with nothing around them. In turns in one process; prints the median of the rounds.
 *
 *     node tests/bench/appends.ts [SESSIONS] [ROUNDS]
 */

const [sessions = '2000', rounds = '5'] = process.argv.slice(2);
const at = Date.UTC(2026, 10, 24, 9);

interface Kept {
  readonly id: string;
  readonly state: SessionState;
  readonly hash: string;
}

function began(index: number): Change {
  const { state, entries } = start({
    type: 'session.started',
    at,
    user: `user ${index}`,
    policy: presets.standard,
    remembered: false,
    method: ['pwd'],
    device: '',
  });
  return { id: String(index).padStart(36, '0'), expected: 0, state, entries: chain('', entries, at) };
}

function extended({ id, state, hash }: Kept, round: number): Change {
  const now = at + round * 60_000;
  const { generation } = state.context.generations.at(-1) ?? { generation: 0 };
  const { state: next, entries } = step(state, { type: 'session.extended', at: now, generation });
  return { id, expected: state.context.version, state: next, entries: chain(hash, entries, now) };
}

const keptAs = ({ id, state, entries }: Change): Kept => ({ id, state, hash: entries.at(-1)?.hash ?? '' });

/** The statements of the store, on a file of their own. */
function raw(path: string) {
  const database = new DatabaseSync(path);
  database.exec('pragma synchronous = full');
  const version = database.prepare('select version from sessions where id = ?');
  const update = database.prepare(
    'update sessions set leaf = ?, context = ?, version = ?, hash = ?, due = ?, ended_at = ? where id = ?',
  );
  const enter = database.prepare('insert into events values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  return (changes: readonly Change[]) => {
    database.exec('begin immediate');
    for (const { id, state, entries } of changes) {
      version.get(id);
      for (const { version: next, type, at: when, recordedAt, from, to, data, rules, hash } of entries) {
        update.run(state.leaf, JSON.stringify(state.context), next, hash, when, null, id);
        enter.run(id, next, type, when, recordedAt, from, to, JSON.stringify(data), rules, hash);
      }
    }
    database.exec('commit');
  };
}

const folder = mkdtempSync(join(tmpdir(), 'curfew-appends-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const results = new Map<string, number[]>();
async function time(name: string, work: () => Promise<void> | void): Promise<void> {
  const before = performance.now();
  await work();
  const persecond = Number(sessions) / ((performance.now() - before) / 1000);
  results.set(name, [...(results.get(name) ?? []), persecond]);
}

async function lane(name: string) {
  const path = join(folder, `${name}.db`);
  const database = openDatabase(path);
  const log = sqliteEventLog(database);
  const changes = Array.from({ length: Number(sessions) }, (_, index) => began(index));
  await Promise.all(changes.map((change) => log.append([change])));
  return { log, path, kept: changes.map(keptAs) };
}

const [alone, together, statements, grouped] = await Promise.all(['a', 'b', 'c', 'd'].map(lane));
if (!alone || !together || !statements || !grouped) throw new Error('no files');
const bare = raw(statements.path);
const bareGroups = raw(grouped.path);
let round = 0;
const next = (of: { kept: Kept[] }): readonly Change[] => {
  const changes = of.kept.map((each) => extended(each, round));
  of.kept = changes.map(keptAs);
  return changes;
};
for (round = 1; round <= Number(rounds); round++) {
  const one = next(alone);
  await time('the store, one by one', async () => {
    for (const change of one) await alone.log.append([change]);
  });
  const many = next(together);
  await time('the store, 100 at once', async () => {
    for (let from = 0; from < many.length; from += 100)
      await Promise.all(many.slice(from, from + 100).map((change) => together.log.append([change])));
  });
  const plain = next(statements);
  await time('its statements, one by one', () => {
    for (const change of plain) bare([change]);
  });
  const plenty = next(grouped);
  await time('its statements, groups of 100', () => {
    for (let from = 0; from < plenty.length; from += 100) bareGroups(plenty.slice(from, from + 100));
  });
}

for (const [name, rates] of results) {
  const sorted = rates.toSorted((a, b) => a - b);
  const spread = `${Math.round(sorted[0] ?? 0)} to ${Math.round(sorted.at(-1) ?? 0)}`;
  const median = Math.round(sorted[Math.floor(sorted.length / 2)] ?? Number.NaN);
  console.log(`${name.padEnd(30)} ${String(median).padStart(7)} appends/s (${spread})`);
}
