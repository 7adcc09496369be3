import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sessionId } from '../../server/store/sessionId.ts';
import { begun } from '../../server/contract/history.ts';
import { busy, placeOf } from './machine.ts';

/**
 * What an append costs in several layouts of the log on a SQLite file with `synchronous=FULL`: the same statements,
 * indexes, JSON and hash, and nothing around them. CPU and bytes of the write-ahead log an append say more than the rate
 * beside other load.
 *
 *     node tests/bench/layouts.ts [SESSIONS] [ENTRIES_EACH] [APPENDS]
 */

const [sessions = 10_000, each = 20, appends = 1500] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'curfew-layouts-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

interface Layout {
  readonly ids: 'random' | 'ordered';
  /** By the stream and the version; with an index of the time; or each linked to the one before, in the order of writing. */
  readonly events: 'key' | 'key and time' | 'linked';
  /** Whether the version is read first, and `ended_at` written each time. */
  readonly isAsBefore?: true;
  /** Whether a later deadline leaves the index of deadlines as it is. */
  readonly isLazy?: true;
}

const layouts: Readonly<Record<string, Layout>> = {
  'as before': { ids: 'random', events: 'key and time', isAsBefore: true },
  'version in the update, random ids': { ids: 'random', events: 'key and time' },
  'version in the update (chosen)': { ids: 'ordered', events: 'key and time' },
  'chosen, lazy deadlines': { ids: 'ordered', events: 'key and time', isLazy: true },
  'chosen, no index of the time': { ids: 'ordered', events: 'key' },
  linked: { ids: 'ordered', events: 'linked' },
  'linked, lazy deadlines': { ids: 'ordered', events: 'linked', isLazy: true },
};

const entry = `type text not null, at real not null, recorded_at real not null, from_leaf text, to_leaf text not null,
  data text not null, rules text not null, hash text not null`;
const key = `create table events (stream text, version integer, ${entry}, primary key (stream, version)) strict, without rowid;`;
const tables = {
  key,
  'key and time': `${key} create index events_by_time on events (recorded_at, stream, version);`,
  linked: `create table events (number integer primary key, previous integer, stream text, version integer, ${entry}) strict;`,
};
const common = `
  create table sessions (id text primary key, user text not null, leaf text not null, version integer not null,
    hash text not null, due real, started_at real not null, ended_at real, context text not null,
    epoch integer not null default 0, last integer) strict;
  create index sessions_of_user on sessions (user, ended_at);
  create index sessions_due on sessions (due) where due is not null;
  create index sessions_ended on sessions (ended_at, id) where ended_at is not null;
  create index sessions_by_start on sessions (started_at desc, id);
  create index sessions_of_epoch on sessions (epoch, id) where ended_at is null;`;

const t0 = Date.UTC(2030, 0, 1);
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const context = JSON.stringify(begun('one', 'user 1').state.context);

function measure(name: string, { ids, events, isAsBefore, isLazy }: Layout): string {
  const path = join(folder, `${name}.db`);
  const database = new DatabaseSync(path);
  database.exec('pragma journal_mode = wal; pragma synchronous = off; pragma wal_autocheckpoint = 0');
  database.exec(common + tables[events]);
  const isLinked = events === 'linked';
  const random = (index: number) => hash(String(index)).slice(0, 24);
  const idOf = (index: number) =>
    ids === 'random' ? hash(`id ${index}`).slice(0, 42) : sessionId(`user ${index}`, t0 + index * 1000, random(index));
  const enter = database.prepare(
    `insert into events (stream, version, type, at, recorded_at, from_leaf, to_leaf, data, rules, hash
     ${isLinked ? ', previous' : ''}) values (?, ?, 'activity.seen', ?, ?, 'active.fresh', 'active.fresh', ?, '2', ?
     ${isLinked ? ', ?' : ''})`,
  );
  const begin = database.prepare(`
    insert into sessions (id, user, leaf, version, hash, due, started_at, context, last)
    values (?, ?, 'active.fresh', ?, ?, ?, ?, ?, ?)`);
  const lastOf = new Map<number, number>();
  const write = (index: number, version: number, at: number) => {
    const values = [
      idOf(index),
      version,
      at,
      at,
      JSON.stringify({ seenAt: at, generation: 0 }),
      hash(`${index} ${at}`),
    ];
    const before = lastOf.get(index) ?? null;
    const { lastInsertRowid } = isLinked ? enter.run(...values, before) : enter.run(...values);
    lastOf.set(index, Number(lastInsertRowid));
  };
  database.exec('begin');
  // Two thousand at a time go on together.
  for (let from = 0; from < sessions; from += 2000)
    for (let version = 1; version <= each; version++)
      for (let index = from; index < Math.min(sessions, from + 2000); index++) {
        const at = t0 + from * 1000 + version * 60_000;
        write(index, version, at);
        const last = lastOf.get(index) ?? null;
        if (version === each)
          begin.run(idOf(index), `user ${index}`, version, hash(''), at + 1_500_000, t0 + index, context, last);
      }
  database.exec('commit; pragma wal_checkpoint(truncate); pragma synchronous = full');

  const version = database.prepare('select version from sessions where id = ?');
  const due = isLazy ? 'case when due <= ?4 then due else ?4 end' : '?4';
  const update = database.prepare(`
    update sessions set leaf = 'active.fresh', context = ?1, version = ?2, hash = ?3, due = ${due}, last = ?7
    ${isAsBefore ? ', ended_at = null' : ''} where id = ?5 and version = ?6`);
  const versions = new Map<number, number>();
  let count = 0;
  const append = () => {
    const index = sessions - 1 - ((count * 7919) % Math.min(sessions, 5000));
    const [expected, at] = [versions.get(index) ?? each, t0 + sessions * 1000 + each * 60_000 + count];
    count += 1;
    versions.set(index, expected + 1);
    if (isAsBefore) version.get(idOf(index));
    write(index, expected + 1, at);
    const now = JSON.stringify(JSON.parse(context));
    const { changes } = update.run(
      now,
      expected + 1,
      hash(now),
      at + 1_500_000,
      idOf(index),
      expected,
      lastOf.get(index) ?? null,
    );
    if (changes !== 1) throw new Error(`${name} has not written`);
  };
  const figures = [1, 100].map((group) => {
    database.exec('pragma wal_checkpoint(truncate)');
    const [began, cpu] = [performance.now(), process.cpuUsage()];
    const many = group === 1 ? appends : appends * 5;
    for (let done = 0; done < many; done += group) {
      database.exec('begin immediate');
      for (let one = 0; one < group; one++) append();
      database.exec('commit');
    }
    const { user, system } = process.cpuUsage(cpu);
    const rate = Math.round(many / ((performance.now() - began) / 1000));
    const kilobytes = (statSync(`${path}-wal`).size / many / 1000).toFixed(1);
    return `${group === 1 ? 'one by one' : 'groups of 100'}: ${rate}/s, ${((user + system) / many).toFixed(0)} µs of CPU, ${kilobytes} kB`;
  });
  database.exec('pragma wal_checkpoint(truncate)');
  database.close();
  return `${name.padEnd(36)} ${figures.join(' | ')} | file ${(statSync(path).size / 1e6).toFixed(0)} MB`;
}

console.log(`${placeOf()}\nLoad of the machine (mean of the minute): ${busy()}`);
for (const [name, layout] of Object.entries(layouts)) console.log(measure(name, layout));
console.log(`Load of the machine at the end: ${busy()}`);
