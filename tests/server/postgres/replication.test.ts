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

/** Stops the wait of the one commit that waits for the standby. */
async function cancelTheWait(): Promise<void> {
  const cancel = "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'";
  while ((await administer(cancel, address)).length === 0);
}

test.each([
  ['a statement', undefined],
  ['a transaction', { user: 'ada', account: nobodyYet }],
])('Promise 8: %s that has stopped waiting for a standby is not acknowledged', async (what, admission) => {
  await reload('nowhere');
  const log = postgresEventLog(database);
  const appending = expect(log.append([begun(what)], admission)).rejects.toBeInstanceOf(StoreUnavailable);
  await cancelTheWait();
  await appending;
  await reload('');
  // It was written here, as after every answer that got lost; the next statement on the connection is fine.
  expect(await log.load(what)).not.toBeNull();
  expect(await log.append([begun(`after ${what}`)])).toBe('appended');
});
