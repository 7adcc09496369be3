import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { openDatabase } from '../../../server/sqlite/connection.ts';
import { sqliteEventLog } from '../../../server/sqlite/eventLog.ts';
import { whatMainFileSays } from '../../../server/sqlite/mainFile.ts';
import { begun } from '../../../server/contract/history.ts';
import { folder } from '../../support/server/folder.ts';

it('a file that somebody reads while it is opened says that it is not whole once they are done', async () => {
  const path = join(folder(), 'curfew.db');
  const first = openDatabase(path);
  await sqliteEventLog(first).append([begun('s0')]);
  first.close();
  expect(whatMainFileSays(path)).toBe('whole');

  const reader = new DatabaseSync(path, { readOnly: true });
  reader.exec('begin');
  reader.prepare('select count(*) from sessions').get();
  const database = openDatabase(path);
  const log = sqliteEventLog(database);
  // As much as is not yet worth moving.
  for (let index = 1; index <= 3; index++) await log.append([begun(`s${index}`)]);
  reader.exec('commit');
  reader.close();
  for (let index = 4; index <= 40; index++) await log.append([begun(`s${index}`)]);
  expect(whatMainFileSays(path)).toBe('not whole');
  database.close();
  expect(whatMainFileSays(path)).toBe('whole');
});
