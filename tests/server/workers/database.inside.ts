// Runs inside of workerd, with the suites of the stores.
import { describe, expect, test } from 'vitest';
import { sqliteStores } from '../../../server/sqlite/stores.ts';
import { migrations } from '../../../server/sqlite/schema.ts';
import { databaseOf, type ObjectStorage } from '../../../server/workers/database.ts';
import { migrate, schemaOf } from '../../../server/workers/migrate.ts';
import { begun } from '../../../server/contract/history.ts';
import { presentStorage } from '../../support/workers/inside/storage.ts';

/** Every table of the storage, without those of the platform. */
const tables = ({ sql }: ObjectStorage) =>
  sql
    .exec(`select name from sqlite_master where type = 'table' and name not glob '_cf_*' order by name`)
    .toArray()
    .map(({ name }) => name);

describe('the schema of an object', () => {
  test('is that of nothing, with nothing written, until it is migrated', () => {
    const storage = presentStorage();
    expect(schemaOf(storage)).toBe(0);
    expect(tables(storage)).toEqual([]);
    migrate(storage);
    expect(schemaOf(storage)).toBe(migrations.length);
    expect(tables(storage)).toContain('sessions');
  });

  test.each(migrations.map((_, version) => version).slice(1))(
    'number %i is brought to the present one, with all that is in it',
    (version) => {
      const storage = presentStorage();
      for (const migration of migrations.slice(0, version)) storage.sql.exec(migration);
      storage.sql.exec('create table curfew_schema (version integer not null) strict');
      storage.sql.exec('insert into curfew_schema (version) values (?)', version);
      storage.sql.exec(`insert into accounts (user, auth_epoch, admissions) values ('ada', 3, 7)`);
      migrate(storage);
      migrate(storage);
      expect(schemaOf(storage)).toBe(migrations.length);
      expect(storage.sql.exec('select user, auth_epoch, revoked_at from accounts').toArray()).toEqual([
        { user: 'ada', auth_epoch: 3, revoked_at: null },
      ]);
    },
  );

  test('that a newer version has written is refused with one line, and nothing is changed', () => {
    const storage = presentStorage();
    migrate(storage);
    storage.sql.exec('update curfew_schema set version = 99');
    expect(() => migrate(storage)).toThrow(
      `the storage of an object was written by a newer version (schema 99, this version knows ${migrations.length}); nothing was changed`,
    );
    expect(schemaOf(storage)).toBe(99);
  });

  test('is as it was when a migration fails half-way', () => {
    const storage = presentStorage();
    storage.sql.exec('create table tombstones (mine text)');
    expect(() => migrate(storage)).toThrow('tombstones');
    expect(tables(storage)).toEqual(['tombstones']);
    expect(schemaOf(storage)).toBe(0);
  });
});

describe('the database of an object', () => {
  const opened = () => {
    const storage = presentStorage();
    migrate(storage);
    return databaseOf(storage);
  };

  test('counts the rows that a statement has changed, and no indexes', () => {
    const database = opened();
    const insert = database.prepare(
      'insert into single_use (key, value, expires_at) values (?, ?, ?) on conflict do nothing',
    );
    expect([insert.run('a', '1', 1), insert.run('b', '2', 2), insert.run('a', '3', 3)]).toEqual([1, 1, 0]);
    expect(database.prepare('update single_use set value = ?').run('x')).toBe(2);
    expect(database.prepare('delete from single_use').run()).toBe(2);
    expect(database.prepare('delete from single_use').run()).toBe(0);
  });

  test('gives every value back as it took it', () => {
    const database = opened();
    const bytes = Buffer.from('-bytes-').subarray(1, 6);
    const [at, negative] = [8.64e15 - 0.5, -Infinity];
    database
      .prepare('insert into vault_keys (user, number, id, wrapped) values (?, ?, ?, ?)')
      .run('a\u0000b', 1, '🙂', bytes);
    expect(database.prepare('select * from vault_keys').get()).toEqual({
      user: 'a\u0000b',
      number: 1,
      id: '🙂',
      wrapped: new Uint8Array(bytes),
    });
    expect(database.prepare('select ?1 as at, ?2 as negative, ?3 as none').get(at, negative, null)).toEqual({
      at,
      negative,
      none: null,
    });
    expect(database.prepare('select 1 where false').get()).toBeUndefined();
  });

  test('undoes all of a transaction that throws, one in a group, too', async () => {
    const database = opened();
    const insert = database.prepare('insert into tombstones (user, at) values (?, ?)');
    const failing = () => {
      insert.run('ada', 1);
      throw new Error('no');
    };
    expect(() => database.transaction(failing)).toThrow('no');
    const others = [database.transactionInGroup(() => insert.run('bob', 1)), database.transactionInGroup(failing)];
    expect((await Promise.allSettled(others)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(database.prepare('select user from tombstones').all()).toEqual([{ user: 'bob' }]);
  });

  test('tells of what it has written, and of nothing that was undone', async () => {
    const { log } = sqliteStores(opened());
    const heard: string[] = [];
    const stop = log.subscribe((id) => heard.push(id));
    await log.append([begun('s1')]);
    await expect(
      log.append([begun('s2')], undefined, [
        () => {
          throw new Error('no');
        },
      ]),
    ).rejects.toThrow('no');
    stop();
    await log.append([begun('s3')]);
    expect(heard).toEqual(['s1']);
  });
});
