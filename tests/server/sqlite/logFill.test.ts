import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { logFillOf } from '../../../server/sqlite/logFill.ts';
import { folder } from '../../support/server/folder.ts';

/** A database whose log is moved only on request, and what SQLite itself says of its log. */
function open() {
  const path = join(folder(), 'lines.db');
  const database = new DatabaseSync(path);
  database.exec('pragma journal_mode = wal; pragma wal_autocheckpoint = 0; create table lines (text text not null)');
  const insert = database.prepare('insert into lines values (?)');
  const write = (kilobytes: number) => insert.run('x'.repeat(kilobytes * 1024));
  const move = (kind: string) => database.prepare(`pragma wal_checkpoint(${kind})`).get();
  const bytes = () => 32 + Number(move('passive')?.['log']) * (24 + 4096);
  return { fill: logFillOf(`${path}-wal`), write, move, bytes, size: () => statSync(`${path}-wal`).size };
}

describe('how far a write-ahead log is filled', () => {
  it('is as far as its file is long until it begins anew, and then less than that', () => {
    const { fill, write, move, bytes, size } = open();
    for (const kilobytes of [1, 40, 400]) {
      write(kilobytes);
      expect(fill.filled()).toBe(size());
      expect(fill.filled()).toBe(bytes());
    }
    const long = size();
    move('restart');
    for (const kilobytes of [1, 40, 100]) {
      write(kilobytes);
      expect(size()).toBe(long);
      expect(fill.filled()).toBeLessThan(long);
      const filled = fill.filled();
      expect([fill.isFilledTo(filled), fill.isFilledTo(filled + 1), fill.isFilledTo(long)]).toEqual([
        true,
        false,
        false,
      ]);
      expect(filled).toBe(bytes());
      move('restart');
    }
    fill.forget();
  });

  it('is nothing where it was made short, and goes on from there', () => {
    const { fill, write, move, bytes, size } = open();
    write(40);
    expect(fill.filled()).toBe(size());
    move('truncate');
    expect([fill.filled(), fill.isFilledTo(32)]).toEqual([0, false]);
    write(1);
    expect(fill.filled()).toBe(bytes());
    fill.forget();
  });
});
