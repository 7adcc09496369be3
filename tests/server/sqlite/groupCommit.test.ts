import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../server/sqlite/connection.ts';
import { sqliteEventLog } from '../../../server/sqlite/eventLog.ts';
import { groupCommit } from '../../../server/sqlite/groupCommit.ts';
import { begun, decided, extended, later, storedAs } from '../../../server/contract/history.ts';
import { folder } from '../../support/server/folder.ts';

/** A table of lines in a file, and the group that writes them; another connection reads what is on the disk. */
function open(mostPages?: number) {
  const path = join(folder(), 'lines.db');
  const database = new DatabaseSync(path);
  database.exec('pragma journal_mode = wal; create table lines (text text not null unique)');
  if (mostPages !== undefined) database.exec(`pragma max_page_count = ${mostPages}`);
  const statement = database.prepare('insert into lines values (?)');
  const insert = (text: string) => statement.run(text).changes;
  const other = new DatabaseSync(path, { readOnly: true });
  let [commits, savepoints] = [0, 0];
  const group = groupCommit({
    transaction(work) {
      database.exec('begin immediate');
      try {
        const result = work();
        database.exec('commit');
        commits++;
        return result;
      } catch (error) {
        if (database.isTransaction) database.exec('rollback');
        throw error;
      }
    },
    isOpen: () => database.isTransaction,
    savepoint() {
      savepoints++;
      database.exec('savepoint one');
    },
    release: () => database.exec('release one'),
    rollBackToSavepoint: () => database.exec('rollback to one'),
  });
  return {
    ...group,
    insert,
    add: (text: string) => group.enqueue(() => insert(text)),
    commits: () => commits,
    savepoints: () => savepoints,
    onDisk: () =>
      other
        .prepare('select text from lines order by rowid')
        .all()
        .map(({ text }) => text),
  };
}

const outcomes = async (all: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(all)).map((each) => (each.status === 'fulfilled' ? each.value : String(each.reason)));

describe('what is written in one turn of the event loop', () => {
  it('shares one commit, and is on the disk when each is told', async () => {
    const { add, commits, savepoints, onDisk } = open();
    const all = ['a', 'b', 'c'].map(async (text) => {
      await add(text);
      return onDisk();
    });
    expect(onDisk()).toEqual([]);
    expect(await Promise.all(all)).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ]);
    expect(commits()).toBe(1);
    // Each would have SQLite keep a copy of the pages.
    expect(savepoints()).toBe(0);
  });

  it('is undone alone where it fails in the middle; the others stay, in their order', async () => {
    const { add, enqueue, insert, commits, onDisk } = open();
    const half = enqueue(() => {
      insert('half of it');
      throw new Error('an expectation that does not hold');
    });
    const told = await outcomes([add('a'), half, add('a'), add('b')]);
    expect(told).toEqual([1, 'Error: an expectation that does not hold', expect.stringContaining('UNIQUE'), 1]);
    expect(commits()).toBe(1);
    expect(onDisk()).toEqual(['a', 'b']);
  });

  it('fails as a whole where the file takes no more, and nobody is told otherwise', async () => {
    const { add, onDisk } = open(4);
    const told = await outcomes(['a', 'b', 'c'].map((text) => add(text.repeat(6_000))));
    expect(told).toEqual(Array.from({ length: 3 }, () => expect.stringContaining('full')));
    expect(onDisk()).toEqual([]);
    expect(await outcomes([add('short')])).toEqual([1]);
  });

  it('is written in several where there is much of it', async () => {
    const { add, commits, onDisk } = open();
    const texts = Array.from({ length: 450 }, (_, index) => `line ${index}`);
    await Promise.all(texts.map(add));
    expect(commits()).toBe(3);
    expect(onDisk()).toEqual(texts);
  });

  it('is written at once on request', async () => {
    const { add, flush, onDisk } = open();
    const written = add('a');
    flush();
    expect(onDisk()).toEqual(['a']);
    expect(await written).toBe(1);
  });
});

describe('appends of one turn', () => {
  it('to one session at one version: the first is appended, and no other', async () => {
    const database = openDatabase(join(folder(), 'curfew.db'));
    const log = sqliteEventLog(database);
    const first = begun('s1');
    expect(await log.append([first])).toBe('appended');
    const next = decided(storedAs(first), [extended(later(1))]);
    expect(await Promise.all([1, 2, 3].map(() => log.append([next])))).toEqual([
      'appended',
      'wrong_expected_version',
      'wrong_expected_version',
    ]);
    expect(await log.read('s1', 0, 10)).toHaveLength(2);
    database.close();
  });

  it('are on the disk when the file is closed in the same turn', async () => {
    const path = join(folder(), 'curfew.db');
    const database = openDatabase(path);
    const appended = sqliteEventLog(database).append([begun('s1')]);
    database.close();
    expect(await appended).toBe('appended');
    const again = openDatabase(path);
    expect(await sqliteEventLog(again).load('s1')).toMatchObject({ id: 's1' });
    again.close();
  });
});
