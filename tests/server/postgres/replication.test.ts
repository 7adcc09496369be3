import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPostgres, type PostgresDatabase } from '../../../server/postgres/connection.ts';
import { postgresEventLog } from '../../../server/postgres/eventLog.ts';
import { StoreUnavailable } from '../../../server/store/unavailable.ts';
import { begun, nobodyYet } from '../../support/contract/history.ts';
import { administer, emptyDatabase, ownServer } from '../../support/postgres/fresh.ts';

let address: string;
let database: PostgresDatabase;

const reload = async (standby: string) => {
  await administer(`alter system set synchronous_standby_names = '${standby}'`, address);
  await administer('select pg_reload_conf()', address);
};

beforeAll(async () => {
  address = await emptyDatabase((await ownServer()).url);
  database = await openPostgres(address);
});
afterAll(async () => {
  await reload('');
  await database.close();
});

/**
 * Appends, and stops the wait for the standby. The server takes a new setting when it gets to it: what was committed
 * without waiting was too early, and another is appended.
 *
 * @returns the id of what had waited, and what its append came to
 */
async function stopWaiting(append: (id: string) => Promise<unknown>): Promise<{ id: string; outcome: unknown }> {
  for (let attempt = 0; ; attempt++) {
    const id = `waiting ${attempt}`;
    const settled = new AbortController();
    const outcome = append(id)
      .catch((error: unknown) => error)
      .finally(() => settled.abort());
    const cancel = "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'";
    while (!settled.signal.aborted)
      if ((await administer(cancel, address)).length > 0) return { id, outcome: await outcome };
  }
}

test.each([
  ['a statement', () => undefined],
  ['a transaction', (user: string) => ({ user, account: nobodyYet })],
])('Promise 8: %s that has stopped waiting for a standby is not acknowledged', async (what, admission) => {
  await reload('nowhere');
  const log = postgresEventLog(database);
  const { id, outcome } = await stopWaiting((each) => log.append([begun(`${what}, ${each}`)], admission(each)));
  expect(outcome).toBeInstanceOf(StoreUnavailable);
  await reload('');
  // It was written here, as after every answer that got lost; the next statement on the connection is fine.
  expect(await log.load(`${what}, ${id}`)).not.toBeNull();
  expect(await log.append([begun(`after ${what}`)])).toBe('appended');
});
