import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../server/sqlite/connection.ts';
import { sqliteEventLog } from '../../../server/sqlite/eventLog.ts';
import { sizeOf } from '../../../server/sqlite/logMove.ts';
import { fullLog, whatMainFileSays } from '../../../server/sqlite/mainFile.ts';
import { StoreUnavailable } from '../../../server/store/unavailable.ts';
import { begun } from '../../../server/contract/history.ts';
import { folder } from '../../support/server/folder.ts';
import { kill, linesOf, start } from '../../support/server/processes/run.ts';

const megabyte = 1024 * 1024;

/** A file with a table for letters of a quarter of a megabyte. */
function letters() {
  const path = join(folder(), 'curfew.db');
  const database = openDatabase(path);
  database.prepare('create table letters (body text)').run();
  const write = database.prepare('insert into letters values (?)');
  const log = () => sizeOf(`${path}-wal`) ?? 0;
  return { path, database, log, write: () => write.run('x'.repeat(megabyte / 4)) };
}

/** Writes as another process does; beside one that writes without a pause it may have to try again. */
function writeAsCommand(path: string): void {
  const command = openDatabase(path);
  const write = command.prepare('insert into letters values (?)');
  for (let isWritten = false; !isWritten;)
    try {
      isWritten = write.run('of a command') === 1;
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
    }
  command.close();
}

describe('the write-ahead log', () => {
  it('is moved into the file beside the transactions and stays short, and who reads meanwhile sees that all is whole', async () => {
    const { path, database, log, write } = letters();
    const other = new DatabaseSync(path, { readOnly: true });
    const read = other.prepare('select is_whole from main_file');
    const said = new Set<unknown>();
    let longest = 0;
    for (let count = 0; count < 200; count++) {
      write();
      longest = Math.max(longest, log());
      said.add(read.get()?.['is_whole']);
      await nextTurn();
    }
    other.close();
    expect(longest).toBeLessThan(fullLog / 2 + megabyte);
    expect([...said]).toEqual([1]);
    expect(sizeOf(path)).toBeGreaterThan(10 * megabyte);
    // While a thread moves the log, the file is in the middle of it, and says nothing that can be read.
    while (whatMainFileSays(path) === null) await nextTurn();
    expect(whatMainFileSays(path)).toBe('not whole');
    database.close();
    expect(whatMainFileSays(path)).toBe('whole');
    expect(sizeOf(`${path}-wal`)).toBeNull();
  });

  it('Promise 8: loses nothing by kill -9 while it is moved, nor by a command that writes meanwhile', async () => {
    const path = join(folder(), 'curfew.db');
    let expected = 0;
    for (const last of [80, 130, 200]) {
      const child = start('letters', [path]);
      for await (const line of linesOf(child)) {
        if (Number(line) === 70) {
          writeAsCommand(path);
          expected += 1;
        }
        if (Number(line) === last) await kill(child);
        if (Number(line) <= last) expected += 1;
      }
      const database = openDatabase(path);
      const { n } = database.prepare('select count(*) as n from letters').get() ?? {};
      expect(n).toBeGreaterThanOrEqual(expected);
      expected = Number(n);
      expect(database.prepare('pragma integrity_check').get()).toEqual({ integrity_check: 'ok' });
      database.close();
    }
  });

  it('ASVS 16.5.2 is bounded also while somebody reads for long: then nothing more is written, and all goes on afterwards', async () => {
    const { path, database, log, write } = letters();
    const sessions = sqliteEventLog(database);
    await sessions.append([begun('before')]);
    const reader = new DatabaseSync(path, { readOnly: true });
    reader.exec('begin');
    reader.prepare('select count(*) from sessions').get();
    let written = 0;
    const fill = () => {
      for (; written < 1000; written++) write();
    };
    expect(fill).toThrow(StoreUnavailable);
    const full = log();
    expect(full).toBeLessThan(128 * megabyte);
    for (let count = 0; count < 50; count++)
      await expect(sessions.append([begun(`during ${count}`)])).rejects.toThrow(
        'is full, for somebody has been reading',
      );
    expect(log()).toBeLessThan(full + megabyte / 4);
    expect(await sessions.load('before')).not.toBeNull();
    reader.close();
    expect(await sessions.append([begun('after')])).toBe('appended');
    expect(log()).toBeLessThan(megabyte);
    expect(database.prepare('select count(*) as n from letters').get()).toEqual({ n: written });
    database.close();
    expect(whatMainFileSays(path)).toBe('whole');
  });
});
