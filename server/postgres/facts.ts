import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { seconds, type Duration, type Instant } from '../../machines/index.ts';
import type { DatabaseFacts } from '../store/databaseFacts.ts';
import { openChannel } from './channel.ts';
import { clockTrouble } from './clock.ts';
import { connectPostgres, type PostgresDatabase } from './connection.ts';
import { tryToWrite } from './writeProbe.ts';

/** How long an announcement may take, in ms. */
const patience: Duration = seconds(5);

const channel = 'curfew_doctor';

const newestRow = z.object({ at: z.number().nullable() });
const schemaRow = z.object({ version: z.number() });
const addressRow = z.object({ address: z.string() });

/** Announces something on one connection until another one hears it. A pooler between may keep it from being heard. */
async function isHeard(database: PostgresDatabase): Promise<boolean> {
  let found = false;
  const heard = new AbortController();
  openChannel(database, channel, {
    onMessage() {
      found = true;
      heard.abort();
    },
    // It listens from now on.
    onMissed: () => void database.query('select pg_notify($1, $2)', [channel, 'here']).catch(() => {}),
  });
  await wait(patience, undefined, { signal: heard.signal }).catch(() => {});
  return found;
}

/**
 * Looks at a database, and writes nothing.
 *
 * @returns rejects with `StoreUnavailable` when it does not answer, or takes no write
 */
export async function postgresFacts(address: string, clock: () => Instant): Promise<DatabaseFacts> {
  const database = connectPostgres(address);
  try {
    await tryToWrite(database);
    const [schema] = (await database.query('select version from curfew_schema')).rows;
    const [newest] = (await database.query('select max(recorded_at) as at from events')).rows;
    const { rows } = await database.query(
      `select address from devices join sessions on sessions.id = devices.stream
       where address is not null order by started_at desc limit 50`,
    );
    return {
      schema: schemaRow.parse(schema).version,
      newest: newestRow.parse(newest).at,
      addresses: rows.map((row) => addressRow.parse(row).address),
      log: null,
      clockTrouble: await clockTrouble(database, clock),
      isHeard: await isHeard(database),
    };
  } finally {
    await database.close();
  }
}
