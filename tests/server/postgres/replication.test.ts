import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPostgres, type PostgresDatabase } from '../../../server/postgres/connection.ts';
import { postgresEventLog } from '../../../server/postgres/eventLog.ts';
import { StoreUnavailable } from '../../../server/store/unavailable.ts';
import { begun, decided, extended, later, nobodyYet, storedAs } from '../../../server/contract/history.ts';
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

test('Promise 8: of a group that has stopped waiting for a standby nothing is acknowledged', async () => {
  await reload('');
  const log = postgresEventLog(database);
  const firsts = Array.from({ length: 6 }, (_, index) => begun(`in a group, ${index}`));
  for (const first of firsts) await log.append([first]);
  await reload('nowhere');
  // From then on whatever is committed waits.
  await stopWaiting((each) => log.append([begun(`before the group, ${each}`)]));
  const states = new Map(firsts.map((first) => [first.id, storedAs(first)]));
  const { outcome } = await stopWaiting(() =>
    Promise.allSettled(
      [...states.values()].map((stored) => {
        const next = decided(stored, [extended(later(stored.state.context.version))]);
        states.set(stored.id, { ...storedAs(next), device: stored.device });
        return log.append([next]);
      }),
    ),
  );
  const told = (outcome as PromiseSettledResult<string>[]).map((each) => each.status === 'rejected' && each.reason);
  expect(told).toEqual(firsts.map(() => expect.any(StoreUnavailable)));
  await reload('');
  for (const stored of states.values()) expect(await log.load(stored.id)).toEqual(stored);
});
