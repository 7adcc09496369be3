import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { sqliteEventLog } from '../../../server/sqlite/eventLog.ts';
import { migrations } from '../../../server/sqlite/schema.ts';
import { openDatabase } from '../../../server/sqlite/connection.ts';
import { UnusableDatabase } from '../../../server/store/unavailable.ts';
import { begun } from '../../../server/contract/history.ts';
import { has } from '../../support/needs.ts';
import { folder } from '../../support/server/folder.ts';
import { linesOf, said, start } from '../../support/server/processes/run.ts';

const damaged = 'is not a SQLite database or is damaged; nothing was changed';

/** A database with sessions in it, closed. */
async function filled(path: string): Promise<Buffer> {
  const database = openDatabase(path);
  const log = sqliteEventLog(database);
  for (let n = 0; n < 50; n++) await log.append([begun(`s${n}`)]);
  database.close();
  return readFileSync(path);
}

/** Why a file cannot be used. */
function refusal(path: string): string {
  try {
    openDatabase(path).close();
    return 'opened';
  } catch (error) {
    return error instanceof UnusableDatabase ? error.message : `a bug: ${String(error)}`;
  }
}

describe('opening', () => {
  test('a database that is not there is made with its folder, for its owner only', () => {
    const path = join(folder(), 'data', 'deep', 'curfew.db');
    openDatabase(path).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
  });

  test('what was kept is there the next time, and every commit reaches the disk', async () => {
    const path = join(folder(), 'curfew.db');
    await filled(path);
    const database = openDatabase(path);
    expect(await sqliteEventLog(database).sessionsOf('ada')).toHaveLength(50);
    expect(database.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(database.prepare('pragma synchronous').get()).toEqual({ synchronous: 2 });
  });

  test('several processes may open a new database at once', async () => {
    const path = join(folder(), 'data', 'curfew.db');
    const all = await Promise.all(Array.from({ length: 4 }, () => said(start('opener', [path]))));
    expect(all).toEqual(Array.from({ length: 4 }, () => ['opened']));
  });

  test('a new one that another process is still making is waited for', async () => {
    const path = join(folder(), 'curfew.db');
    const holder = start('holder', [path]);
    expect((await linesOf(holder)[Symbol.asyncIterator]().next()).value).toBe('held');
    // It takes until after the first try to be gone.
    holder.kill('SIGKILL');
    expect(await sqliteEventLog(openDatabase(path)).sessionsOf('ada')).toEqual([]);
  });
});

describe('a damaged file is refused in one line and left as it is', () => {
  const damage: [string, (good: Buffer) => Buffer][] = [
    ['a text', () => Buffer.from('This is not a database, but somebody put it here.\n'.repeat(100))],
    ['a few bytes', () => Buffer.from('SQL')],
    ['nothing but the first bytes', (good) => good.subarray(0, 40)],
    ['a damaged header', (good) => Buffer.concat([good.subarray(0, 18), Buffer.alloc(82, 0xff), good.subarray(100)])],
    ['a damaged schema', (good) => Buffer.concat([good.subarray(0, 100), Buffer.alloc(200, 0xff), good.subarray(300)])],
    ['a file that was cut off', (good) => good.subarray(0, 4096 * 5)],
    [
      'one bad page',
      (good) => Buffer.concat([good.subarray(0, 4096 * 7), Buffer.alloc(4096, 0x5a), good.subarray(4096 * 8)]),
    ],
  ];

  test.each(damage)('%s', async (_name, spoil) => {
    const path = join(folder(), 'curfew.db');
    const bad = spoil(await filled(path));
    writeFileSync(path, bad);
    expect(refusal(path)).toBe(`the database ${path} ${damaged}`);
    expect(readFileSync(path).equals(bad)).toBe(true);
  });

  test('a damaged file with writes that were not merged yet keeps those, too', async () => {
    const path = join(folder(), 'curfew.db');
    await filled(path);
    const open = openDatabase(path);
    await sqliteEventLog(open).append([begun('not merged yet')]);
    const [bad, wal] = [readFileSync(path).fill(0x5a, 100), readFileSync(`${path}-wal`)];
    open.close();
    writeFileSync(path, bad);
    writeFileSync(`${path}-wal`, wal);
    expect(refusal(path)).toBe(`the database ${path} ${damaged}`);
    expect(readFileSync(path).equals(bad)).toBe(true);
    expect(readFileSync(`${path}-wal`).equals(wal)).toBe(true);
  });
});

describe('a file that is not for us is refused and left as it is', () => {
  test("another application's database", () => {
    const path = join(folder(), 'other.db');
    const other = new DatabaseSync(path);
    other.exec('create table users (name text)');
    other.close();
    const before = readFileSync(path);
    expect(refusal(path)).toBe(`the database ${path} belongs to another application; nothing was changed`);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('a database that a newer version has written', () => {
    const path = join(folder(), 'curfew.db');
    openDatabase(path).close();
    const newer = new DatabaseSync(path);
    newer.exec('pragma user_version = 99');
    newer.close();
    const before = readFileSync(path);
    expect(refusal(path)).toContain(
      `was written by a newer version (schema 99, this version knows ${migrations.length}); nothing was`,
    );
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('a folder, and a path through a file', () => {
    const place = folder();
    mkdirSync(join(place, 'curfew.db'));
    expect(refusal(join(place, 'curfew.db'))).toContain('is a folder, not a file');
    writeFileSync(join(place, 'file'), 'x');
    expect(refusal(join(place, 'file', 'curfew.db'))).toContain('part of its path is a file, not a folder');
    expect(readdirSync(place)).toEqual(['curfew.db', 'file']);
  });

  if (has('root, to be another user for a test', process.getuid?.() === 0))
    test('a file that belongs to somebody else', async () => {
      const path = join(folder(), 'curfew.db');
      openDatabase(path).close();
      const nobody = '65534';
      expect(await said(start('opener', [path, nobody]))).toEqual([
        `UnusableDatabase: the database ${path} cannot be opened: no permission to read and write it, or its folder`,
      ]);
    });

  test('a database that another process has locked, until it lets go', async () => {
    const path = join(folder(), 'curfew.db');
    await filled(path);
    const holder = start('holder', [path, 'exclusive']);
    const lines = linesOf(holder)[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('held');
    expect(refusal(path)).toBe(`the database ${path} is locked by another process; nothing was changed`);

    holder.stdin?.end();
    await lines.next();
    expect(await sqliteEventLog(openDatabase(path)).sessionsOf('ada')).toHaveLength(50);
  });
});

describe('a transaction', () => {
  test('that throws writes nothing, rethrows, and leaves no transaction open', () => {
    const database = openDatabase(':memory:');
    const insert = database.prepare('insert into purged (stream, record) values (?, ?)');
    const fail = () =>
      database.transaction(() => {
        insert.run('ada', '{}');
        throw new TypeError('a bug');
      });
    expect(fail).toThrow(new TypeError('a bug'));
    expect(database.prepare('select count(*) as n from purged').get()).toEqual({ n: 0 });
    database.transaction(() => insert.run('ada', '{}'));
    expect(database.prepare('select count(*) as n from purged').get()).toEqual({ n: 1 });
  });

  test('a mistake in a statement is a bug, not a store that is unavailable', () => {
    const database = openDatabase(':memory:');
    const insert = database.prepare('insert into purged (stream, record) values (?, ?)');
    insert.run('ada', '{}');
    expect(() => insert.run('ada', '{}')).toThrow('UNIQUE constraint failed');
  });
});
