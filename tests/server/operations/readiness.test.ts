import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { seconds } from '../../../machines/index.ts';
import { partsOn } from '../../support/server/parts.ts';
import { openDatabase, sqlite } from '../../../server/sqlite/index.ts';
import { postgres } from '../../../server/postgres/index.ts';
import type { Dependencies } from '../../../server/routes/dependencies.ts';
import { readiness } from '../../../server/operations/readiness.ts';
import { StoreUnavailable } from '../../../server/store/unavailable.ts';
import { policyWith } from '../../support/machines.ts';
import { administer, cut, emptyDatabase, opened } from '../../support/postgres/fresh.ts';
import { folder } from '../../support/server/folder.ts';
import { createWorld } from '../../support/server/world.ts';

const options = (clock: () => number) => ({
  policy: policyWith({}),
  secret: 'a secret of at least thirty-two bytes',
  clock,
  write: () => {},
});

/** A question whose verdict is never an old one. */
function always(parts: Dependencies): () => Promise<string | null> {
  let now = 0;
  return readiness({ ...parts, clock: () => (now += seconds(2)) });
}

describe('a node on a SQLite file', () => {
  async function onFile() {
    const path = join(folder(), 'curfew.db');
    const database = openDatabase(path);
    // The first transaction has the file say that it needs its write-ahead log from now on.
    database.transaction(() => {});
    return {
      path,
      database,
      ask: always(
        await partsOn(
          sqlite(database),
          options(() => 0),
        ),
      ),
    };
  }

  test('is ready, and has changed nothing by finding out', async () => {
    const { path, database, ask } = await onFile();
    const dump = () => {
      const other = new DatabaseSync(path, { readOnly: true });
      const tables = other.prepare("select name from sqlite_schema where type = 'table'").all();
      const rows = tables.map(({ name }) => other.prepare(`select * from "${String(name)}"`).all());
      const marks = ['application_id', 'user_version', 'schema_version', 'page_count'].map((name) =>
        other.prepare(`pragma ${name}`).get(),
      );
      other.close();
      return [rows, marks, database.prepare('select total_changes() as n').get()];
    };
    const before = dump();
    expect([await ask(), await ask()]).toEqual([null, null]);
    expect(dump()).toEqual(before);
  });

  test('ASVS 16.5.2 is not while its file is gone, or locked by another process, and is again after that', async () => {
    const { path, ask } = await onFile();
    renameSync(path, `${path}.away`);
    await expect(ask()).rejects.toBeInstanceOf(StoreUnavailable);
    renameSync(`${path}.away`, path);
    expect(await ask()).toBeNull();

    const other = new DatabaseSync(path);
    other.exec('begin immediate');
    await expect(ask()).rejects.toBeInstanceOf(StoreUnavailable);
    other.exec('rollback');
    expect(await ask()).toBeNull();
    other.close();
  });
});

test('ASVS 16.5.2 a node on PostgreSQL is not ready while the database is read-only, and is again after that', async () => {
  const address = await emptyDatabase();
  const database = await opened(address);
  const ask = always(
    await partsOn(
      postgres(database),
      options(() => Date.now()),
    ),
  );
  /** What is told once every connection that was cut has been found out. */
  async function told(): Promise<string | null> {
    for (;;) {
      const reason = await ask().catch((error: Error) => `${error.name}: ${error.message}`);
      if (!/reached|shutting down/.test(reason ?? '')) return reason;
    }
  }
  expect(await told()).toBeNull();
  const readOnly = async (state: 'on' | 'off') => {
    await administer(
      `alter database ${new URL(address).pathname.slice(1)} set default_transaction_read_only = ${state}`,
    );
    await cut(address);
  };
  await readOnly('on');
  expect(await told()).toBe('StoreUnavailable: the database is unavailable: it is read-only');
  await readOnly('off');
  expect(await told()).toBeNull();
});

describe('whoever asks at /readyz, and however often,', () => {
  /** A server that counts how often it finds out, and can be told to take long, or to fail. */
  async function counting() {
    const world = await createWorld();
    const seen = { found: 0 };
    let held: Promise<void> | null = null;
    const ask = readiness({
      ...world.parts,
      async whyNotReady() {
        seen.found += 1;
        await held;
        return world.parts.whyNotReady();
      },
    });
    const hold = () => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      held = promise;
      promise.catch(() => {});
      return { go: resolve, fail: reject };
    };
    return { ...world, seen, ask, hold };
  }

  test('makes one look a second, by the server’s clock', async () => {
    const { ask, seen, pass } = await counting();
    for (let time = 0; time < 50; time++) expect(await ask()).toBeNull();
    pass(seconds(1) - 1);
    await ask();
    expect(seen.found).toBe(1);
    pass(1);
    await Promise.all(Array.from({ length: 50 }, ask));
    expect(seen.found).toBe(2);
  });

  test('waits for the look that is under way, however long it takes', async () => {
    const { ask, seen, hold, pass } = await counting();
    const { go } = hold();
    const first = ask();
    pass(seconds(10));
    const others = Array.from({ length: 50 }, ask);
    go();
    expect(new Set(await Promise.all([first, ...others]))).toEqual(new Set([null]));
    await ask();
    expect(seen.found).toBe(1);
  });

  test('is told of a failure for as long, and no longer', async () => {
    const { ask, seen, hold, pass } = await counting();
    hold().fail(new StoreUnavailable('read-only'));
    for (let time = 0; time < 50; time++) await expect(ask()).rejects.toThrow('read-only');
    expect(seen.found).toBe(1);
    hold().go();
    pass(seconds(1));
    expect(await ask()).toBeNull();
  });

  test('is told anew when the clock was put back', async () => {
    const { ask, seen, pass } = await counting();
    await ask();
    pass(-seconds(60));
    await ask();
    expect(seen.found).toBe(2);
  });
});
