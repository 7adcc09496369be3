import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sqlite } from '../../../server/sqlite/index.ts';
import { chain } from '../../../server/store/chain.ts';
import type { Change, EventLog } from '../../../server/store/eventLog.ts';
import { begun, decided, extended } from '../../../server/contract/history.ts';
import { fillWithEntries } from './fill.ts';
import { inTurns, type Lane } from './lanes.ts';
import { recorded, transactionsIn } from './recorded.ts';

/** How many appends a second there were, of the product and of the database alone. */
export interface Appends {
  readonly oneByOne: number;
  readonly together: number;
  readonly rawOneByOne: number;
  readonly rawInGroups: number;
}

/** How many are appended at once, and how many statements there are in a transaction. */
export const group = 100;

/** How many entries there are in the log before. */
export const entriesBefore = 100_000;

/** A next entry for as many sessions; the hash is made when it is appended. */
export function prepared(count: number, at: number) {
  const beginnings = Array.from({ length: count }, (_, index) => begun(`append-${index}`, `user-${index}`, at));
  const nexts = beginnings.map(({ id, state, entries }) =>
    decided({ id, state, hash: entries.at(-1)?.hash ?? '' }, [extended(at + 1000)]),
  );
  return { beginnings, nexts };
}

/** The change with its hashes made anew. */
export const hashed = (change: Change): Change => ({ ...change, entries: chain('', change.entries, Date.now()) });

/** What the product does: one append after another, or a hundred at once. */
export const productLanes = (log: EventLog, nexts: readonly Change[]): { oneByOne: Lane; together: Lane } => ({
  async oneByOne(from, to) {
    for (const next of nexts.slice(from, to)) await log.append([hashed(next)]);
  },
  async together(from, to) {
    for (let at = from; at < to; at += group)
      await Promise.all(nexts.slice(at, Math.min(to, at + group)).map((next) => log.append([hashed(next)])));
  },
});

/** The same statements with the same values, and the same JSON and hashes, with nothing around them. */
function rawLane(
  file: string,
  transactions: ReturnType<typeof transactionsIn>,
  nexts: readonly Change[],
  size: number,
): { run: Lane; close: () => void } {
  const database = new DatabaseSync(file);
  database.exec('pragma journal_mode = wal; pragma synchronous = full');
  const sqls = new Set(transactions.flat().map(({ sql }) => sql));
  const statements = new Map([...sqls].map((sql) => [sql, database.prepare(sql)]));
  const [begin, commit] = [database.prepare('begin immediate'), database.prepare('commit')];
  const run: Lane = (from, to) => {
    for (let at = from; at < to; at += size) {
      begin.run();
      for (let index = at; index < Math.min(to, at + size); index += 1) {
        const next = nexts[index];
        if (next) JSON.stringify([hashed(next).entries, next.state.context]);
        for (const { sql, values } of transactions[index] ?? [])
          if (/^\s*select\b/i.test(sql)) statements.get(sql)?.get(...values);
          else statements.get(sql)?.run(...values);
      }
      commit.run();
    }
  };
  return { run, close: () => database.close() };
}

const clock = () => Date.now();

/** Measures appends to sessions that are there, in a log of 100,000 entries, durable one by one. */
export async function measureAppends(folder: string, count: number): Promise<Appends> {
  const file = (name: string) => join(folder, `appends-${name}.db`);
  const { beginnings, nexts } = prepared(count, Date.now());
  const filled = await sqlite(file('filled')).open({ clock });
  await fillWithEntries(filled.log, 0, entriesBefore, Date.now());
  for (let at = 0; at < count; at += group) await filled.log.append(beginnings.slice(at, at + group));
  await filled.close();
  for (const name of ['one', 'together', 'noted', 'raw', 'groups']) copyFileSync(file('filled'), file(name));

  const runs = await recorded(async () => {
    const { log } = await sqlite(file('noted')).open({ clock });
    return async () => void (await productLanes(log, nexts).oneByOne(0, count));
  });
  const transactions = transactionsIn(runs);
  const [one, many] = [await sqlite(file('one')).open({ clock }), await sqlite(file('together')).open({ clock })];
  const [raw, groups] = [
    rawLane(file('raw'), transactions, nexts, 1),
    rawLane(file('groups'), transactions, nexts, group),
  ];
  const rates = await inTurns(
    {
      oneByOne: productLanes(one.log, nexts).oneByOne,
      rawOneByOne: raw.run,
      together: productLanes(many.log, nexts).together,
      rawInGroups: groups.run,
    },
    count,
  );
  for (const each of [one, many, raw, groups]) await each.close();
  return rates;
}
