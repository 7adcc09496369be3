import { describe, expect, test } from 'vitest';
import { seconds } from '../../../machines/index.ts';
import { openPostgres, type PostgresDatabase, type Query } from '../../../server/postgres/connection.ts';
import { defaultSettings } from '../../../server/app/store/appStore.ts';
import { postgresAppStore } from '../../../server/app/store/postgres.ts';
import { clockTrouble } from '../../../server/postgres/clock.ts';
import { postgresDraftStore } from '../../../server/postgres/drafts.ts';
import { migrations } from '../../../server/postgres/schema.ts';
import { postgresUsers } from '../../../server/postgres/users.ts';
import { StoreUnavailable, UnusableDatabase } from '../../../server/store/unavailable.ts';
import {
  administer,
  cut,
  emptyDatabase,
  freshDatabase,
  freshPostgres,
  isolations,
  opened,
} from '../../support/postgres/fresh.ts';

/** Why a database cannot be used. */
async function refusal(address: string): Promise<string> {
  try {
    await (await openPostgres(address)).close();
    return 'opened';
  } catch (error) {
    return error instanceof UnusableDatabase ? error.message : `a bug: ${String(error)}`;
  }
}

const shown = (address: string) => address.replace(/:[^:@]*@/, '@');

describe('opening', () => {
  test('several nodes may start on an empty database at once; each finds the present schema, made once', async () => {
    const address = await emptyDatabase();
    const databases = await Promise.all(Array.from({ length: 6 }, () => opened(address)));
    for (const { query } of databases) expect((await query('select 1 from sessions')).rows).toEqual([]);
    expect(await administer('select version from curfew_schema', address)).toEqual([{ version: migrations.length }]);
  });

  test('a database that a newer version has written is refused in one line and left as it is', async () => {
    const address = await emptyDatabase();
    await (await openPostgres(address)).close();
    await administer('update curfew_schema set version = 99', address);
    expect(await refusal(address)).toBe(
      `the database ${shown(address)} was written by a newer version (schema 99, this version knows ${migrations.length}); nothing was changed`,
    );
    expect(await administer('select version from curfew_schema', address)).toEqual([{ version: 99 }]);
  });

  test("another application's tables are refused in one line and left as they are; a schema of one's own is beside them", async () => {
    const address = await emptyDatabase();
    await administer('create table users (name text); create schema ours', address);
    expect(await refusal(address)).toContain('holds tables of another application (users); nothing was changed');
    expect(await administer("select to_regclass('curfew_schema') as made", address)).toEqual([{ made: null }]);

    const ours = await opened(`${address}?options=-csearch_path%3Dours`);
    expect((await ours.query('select id from users')).rows).toEqual([]);
  });

  test('a database that acknowledges what is not on a disk is refused', async () => {
    const address = await emptyDatabase();
    await administer(`alter database ${new URL(address).pathname.slice(1)} set synchronous_commit = off`, address);
    expect(await refusal(address)).toContain('synchronous_commit must not be off');
  });

  test('one that is not there, or does not let us in, is refused in one line without its password', async () => {
    const address = new URL(await freshDatabase());
    const elsewhere = { port: '1', pathname: 'nowhere', password: 'not-the-one' };
    for (const [part, value] of Object.entries(elsewhere)) {
      const wrong = Object.assign(new URL(address), { [part]: value });
      const line = await refusal(wrong.href);
      expect(line).toMatch(/^the database postgres:\/\/curfew@127\.0\.0\.1:\d+\/\w+ cannot be used: [^\n]+$/);
      expect(line).not.toContain(wrong.password);
    }
  });
});

describe('the clock of a node', () => {
  test('may be near the database’s, and is told how far it is off otherwise', async () => {
    const database = await freshPostgres();
    expect(await clockTrouble(database, () => Date.now())).toBeNull();
    for (const off of [seconds(3), -seconds(3)])
      expect(await clockTrouble(database, () => Date.now() + off)).toMatch(
        /^the clock of this node is [23]\d\d\d ms from the database's; at most 1000 ms are allowed$/,
      );
  });
});

describe('a statement', () => {
  test('keeps every string of JavaScript that can be written down, U+0000 included', async () => {
    const { query } = await freshPostgres();
    const texts = ['', '\u0000', 'a\u0000b\u0001c\u0002\u0003', '\u0001\u0002', '\u0001\u0003', '😀 שלום \\ \' "'];
    for (const text of texts) {
      const { rows } = await query('select $1::text as one where $1 = any($2::text[])', [text, [text]]);
      expect(rows[0]?.['one']).toBe(text);
      await query('insert into purged (stream, record) values ($1, $1)', [text]);
      const found = await query('select record from purged where stream = $1', [text]);
      expect(found.rows).toEqual([{ record: text }]);
    }
  });

  test('with a mistake in it is a bug, not a store that is unavailable', async () => {
    const { query } = await freshPostgres();
    await expect(query('selec 1')).rejects.not.toBeInstanceOf(StoreUnavailable);
    await query("insert into purged values ('ada', '{}')");
    await expect(query("insert into purged values ('ada', '{}')")).rejects.toThrow('duplicate key');
  });
});

/** Resolves when so many statements wait for a lock. */
const waitersIn =
  ({ address }: PostgresDatabase) =>
  async (count: number) => {
    const waiting = `select count(*)::integer as n from pg_stat_activity
      where wait_event_type = 'Lock' and datname = current_database()`;
    for (;;) {
      const [row] = await administer(waiting, address);
      if (row?.['n'] === count) return;
    }
  };

describe.each(isolations)('where a transaction is %s unless it says otherwise', (isolation) => {
  const fresh = () => freshPostgres(isolation);

  describe('a transaction', () => {
    test('that throws writes nothing, rethrows, and leaves its connection fit for the next', async () => {
      const database = await fresh();
      const insert = "insert into purged values ('ada', '{}')";
      const failing = database.transaction(async (query) => {
        await query(insert);
        throw new TypeError('a bug');
      });
      await expect(failing).rejects.toEqual(new TypeError('a bug'));
      expect((await database.query('select 1 from purged')).rows).toEqual([]);
      await database.transaction((query) => query(insert));
      expect((await database.query('select 1 from purged')).count).toBe(1);
    });

    test('whose connection is cut in the middle is no half one, and the next goes through', async () => {
      const database = await fresh();
      const insert = (query: Query, user: string) => query("insert into purged values ($1, '{}')", [user]);
      const torn = database.transaction(async (query) => {
        await insert(query, 'ada');
        await cut(database.address);
        await insert(query, 'bob');
      });
      await expect(torn).rejects.toBeInstanceOf(StoreUnavailable);
      expect((await database.query('select 1 from purged')).count).toBe(0);
      await database.transaction((query) => insert(query, 'ada'));
      expect((await database.query('select 1 from purged')).count).toBe(1);
    });

    test('that finds a row locked for too long gives up, with nothing written', async () => {
      const { query, transaction } = await fresh();
      await query("insert into purged values ('ada', '0')");
      const write = (within: Query, text: string) =>
        within("update purged set record = $1 where stream = 'ada'", [text]);
      await transaction(async (within) => {
        await write(within, '1');
        await expect(transaction((other) => write(other, '2'))).rejects.toBeInstanceOf(StoreUnavailable);
      });
      expect((await query('select record from purged')).rows).toEqual([{ record: '1' }]);
    });

    test('of two that wait for each other in a circle both are done in the end', async () => {
      const { query, transaction } = await fresh();
      await query("insert into purged values ('a', '0'), ('b', '0')");
      let arrived = 0;
      let go = () => {};
      const both = new Promise<void>((resolve) => (go = resolve));
      const add = (first: string, second: string) =>
        transaction(async (within) => {
          const sql = 'update purged set record = (record::integer + 1)::text where stream = $1';
          await within(sql, [first]);
          arrived += 1;
          if (arrived === 2) go();
          await both;
          await within(sql, [second]);
        });
      await Promise.all([add('a', 'b'), add('b', 'a')]);
      expect(arrived).toBeGreaterThan(2);
      const { rows } = await query('select record from purged');
      expect(rows).toEqual([{ record: '2' }, { record: '2' }]);
    });

    test('of fifty that change one row at once each is done, whatever the database isolates by default', async () => {
      const { query, transaction } = await fresh();
      await query("insert into purged values ('ada', '0')");
      const add = () =>
        transaction(async (within) => {
          await within("select record from purged where stream = 'bob'");
          await within("update purged set record = (record::integer + 1)::text where stream = 'ada'");
        });
      await Promise.all(Array.from({ length: 50 }, add));
      expect((await query('select record from purged')).rows).toEqual([{ record: '50' }]);
    });
  });

  test('of fifty statements that change one row at once each is done', async () => {
    const { query } = await fresh();
    await query("insert into purged values ('ada', '0')");
    const add = () => query("update purged set record = (record::integer + 1)::text where stream = 'ada'");
    await Promise.all(Array.from({ length: 50 }, add));
    expect((await query('select record from purged')).rows).toEqual([{ record: '50' }]);
  });

  describe('a user who is just being deleted', () => {
    test('leaves nothing that is written meanwhile', async () => {
      const database = await fresh();
      const [store, users] = [await postgresAppStore(database), postgresUsers(database)];
      const ada = {
        id: 'ada',
        username: 'ada',
        passwordHash: '',
        createdAt: 0,
        role: 'user',
        disabledAt: null,
      } as const;
      await users.register(ada);
      let made: Promise<unknown[]> = Promise.resolve([]);
      await database.transaction(async (within) => {
        await database.within(within, async () => users.eraseWrite('ada')());
        await database.within(within, async () => store.deleteUserData('ada'));
        made = Promise.all([
          store.create('ada', { id: 'c1', title: 'x' }, 1),
          store.saveSettings('ada', { ...defaultSettings, theme: 'dark' }),
        ]);
        await Promise.race([made, waitersIn(database)(2)]);
      });
      expect(await made).toEqual([null, false]);
      expect(await store.conversations('ada')).toEqual([]);
    });
  });

  describe('preserved work', () => {
    test('that is being written while all of it is erased goes, too', async () => {
      const database = await fresh();
      const drafts = postgresDraftStore(database);
      const draft = { ciphertext: 'aaaa', savedAt: 1 };
      const areWaiting = waitersIn(database);
      let put: Promise<unknown> = Promise.resolve();
      let erased: Promise<unknown> = Promise.resolve();
      const nothing = database.transaction(async (within) => {
        // As long as nobody knows whether there is a row, whoever writes to its place waits with a transaction that has begun.
        await within("insert into drafts values ('ada', 'letter', 'bbbb', 1, null, 'another')");
        put = drafts.put('ada', 'letter', draft, 1);
        await areWaiting(1);
        erased = database.transaction((query) => database.within(query, async () => drafts.eraseWrite('ada')()));
        await Promise.race([erased, areWaiting(2)]);
        throw new TypeError('it is not written after all');
      });
      await expect(nothing).rejects.toBeInstanceOf(TypeError);
      expect(await put).toMatchObject({ outcome: 'created' });
      await erased;
      expect(await drafts.list('ada', 1)).toEqual([]);
    });
  });
});
