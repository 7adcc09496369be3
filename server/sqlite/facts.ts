import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { DatabaseFacts } from '../store/databaseFacts.ts';
import { openToRead } from './connection.ts';
import { sizeOf } from './logMove.ts';
import { unusable } from './unusable.ts';

const newestRow = z.object({ at: z.number().nullable() });
const schemaRow = z.object({ user_version: z.number() });
const addressRow = z.object({ address: z.string() });

/**
 * Looks at a database file, which stays as it is.
 *
 * @throws UnusableDatabase with one line that says why it cannot be used
 */
export function sqliteFacts(path: string): DatabaseFacts {
  const database = openToRead(path);
  try {
    for (const each of [path, dirname(path)]) accessSync(each, constants.W_OK);
    const addresses = database
      .prepare(
        `select address from devices join sessions on sessions.id = devices.stream
         where address is not null order by started_at desc limit 50`,
      )
      .all();
    return {
      schema: schemaRow.parse(database.prepare('pragma user_version').get()).user_version,
      newest: newestRow.parse(database.prepare('select max(recorded_at) as at from events').get()).at,
      addresses: addresses.map((row) => addressRow.parse(row).address),
      log: sizeOf(`${path}-wal`) ?? 0,
      clockTrouble: null,
      isHeard: null,
    };
  } catch (error) {
    throw unusable(path, error);
  } finally {
    database.close();
  }
}
