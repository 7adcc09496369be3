import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { minutes, replay } from '../../../machines/index.ts';
import { verifyChain } from '../../../server/store/chain.ts';
import { sqliteEventLog } from '../../../server/sqlite/eventLog.ts';
import { openDatabase } from '../../../server/sqlite/connection.ts';
import { StoreUnavailable } from '../../../server/store/unavailable.ts';
import { begun, decided, extended, later, storedAs } from '../../../server/contract/history.ts';
import { hasFileLimits } from '../../support/needs.ts';
import { folder } from '../../support/server/folder.ts';
import { kill, linesOf, said, start } from '../../support/server/processes/run.ts';
import { createWorld } from '../../support/server/world.ts';

describe('kill -9', () => {
  test('every append that was acknowledged is there afterwards, and the log is whole', async () => {
    const path = join(folder(), 'curfew.db');
    for (const id of ['first', 'second', 'third']) {
      const child = start('appender', [path, id]);
      const acknowledged: string[] = [];
      for await (const line of linesOf(child)) {
        acknowledged.push(line);
        if (acknowledged.length === 40) await kill(child);
      }
      expect(acknowledged.length).toBeGreaterThanOrEqual(40);

      const database = openDatabase(path);
      const log = sqliteEventLog(database);
      const entries = await log.read(id, 0, 100_000);
      const written = entries.map(({ version, hash }) => `${version} ${hash}`);
      expect(written.slice(0, acknowledged.length)).toEqual(acknowledged);
      const stored = await log.load(id);
      expect(stored?.state).toEqual(replay(entries));
      expect(verifyChain(entries, { last: { version: entries.length, hash: stored?.hash ?? '' } })).toBeNull();
      database.close();
    }
  });
});

describe('a full disk', () => {
  if (hasFileLimits)
    test('ASVS 16.5.2 refuses with nothing half written, and everything works again when there is room', async () => {
      const path = join(folder(), 'curfew.db');
      const lines = await said(start('filler', [path], ['prlimit', '--fsize=600000:unlimited']));
      const { acknowledged, full, again, room } = JSON.parse(lines.join(''));
      expect(acknowledged.length).toBeGreaterThan(10);
      expect(full).toEqual({
        error: 'StoreUnavailable',
        whole: acknowledged,
        heard: acknowledged,
        account: { authEpoch: 0, admissions: acknowledged.length / 2, revokedAt: null },
      });
      expect(['StoreUnavailable', 'appended']).toContain(again);
      expect(room).toEqual({ outcome: 'appended', whole: [...acknowledged, 'with room'], started: true });

      const log = sqliteEventLog(openDatabase(path));
      const { length } = await log.sessionsOf('ada');
      expect(length).toBe(acknowledged.length + (again === 'appended' ? 1 : 0));
    });

  test('ASVS 16.5.2 a database that may not grow refuses, keeps what it has, and goes on when it may', async () => {
    const database = openDatabase(join(folder(), 'curfew.db'));
    const log = sqliteEventLog(database);
    await log.append([begun('s1')]);
    const { page_count: pages } = database.prepare('pragma page_count').get() ?? {};
    database.prepare(`pragma max_page_count = ${Number(pages)}`).get();

    const big = begun('s1');
    const changes = Array.from({ length: 200 }, (_value, n) => begun(`new ${n}`));
    const next = decided(storedAs(big), [extended(later(1))]);
    await expect(log.append([next, ...changes])).rejects.toBeInstanceOf(StoreUnavailable);
    expect((await log.load('s1'))?.state.context.version).toBe(1);
    expect(await log.sessionsOf('ada')).toHaveLength(1);

    database.prepare('pragma max_page_count = 1000000').get();
    expect(await log.append([next, ...changes])).toBe('appended');
    expect(await log.sessionsOf('ada')).toHaveLength(201);
  });
});

describe('a store that breaks while an activity is written', () => {
  test.each(['/api/settings', '/api/drafts'])(
    'ASVS 16.5.2 makes a 503 of the answer that was there: %s',
    async (path) => {
      const world = await createWorld();
      const ada = world.client();
      await ada.register();
      world.pass(minutes(2));
      const append = world.parts.log.append.bind(world.parts.log);
      world.parts.log.append = async () => {
        throw new StoreUnavailable('the database is unavailable: full');
      };
      const { status, body, headers } = await ada.get(path);
      expect({ status, code: body.code, kept: headers.get('Cache-Control') }).toEqual({
        status: 503,
        code: 'unavailable',
        kept: 'no-store',
      });
      world.parts.log.append = append;
      expect((await ada.get(path)).status).toBe(200);
    },
  );
});

describe('a second process that holds the lock', () => {
  test('makes writes fail with nothing written; reads go on, and so does everything when it lets go', async () => {
    const path = join(folder(), 'curfew.db');
    const log = sqliteEventLog(openDatabase(path));
    await log.append([begun('s1')]);
    const holder = start('holder', [path]);
    const lines = linesOf(holder)[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('held');

    await expect(log.append([begun('s2')])).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await log.load('s2')).toBeNull();
    expect(await log.load('s1')).not.toBeNull();

    holder.stdin?.end();
    expect((await lines.next()).done).toBe(true);
    expect(await log.append([begun('s2')])).toBe('appended');
  });
});
