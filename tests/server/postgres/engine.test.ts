import { expect, test } from 'vitest';
import { openPostgres, postgres } from '../../../server/postgres/index.ts';
import { administer, emptyDatabase, ownServer } from '../../support/postgres/fresh.ts';
import { createVerbWorld } from '../../support/server/verbs.ts';

/** The line that says why a database is not opened. */
const refusal = (address: string): Promise<unknown> =>
  openPostgres(address).then(
    async (database) => database.close(),
    (error: Error) => error.message,
  );

test.each([
  ['CockroachDB CCL v23.1.11 (x86_64-pc-linux-gnu)', 'is CockroachDB, which has no LISTEN or advisory locks'],
  ['PostgreSQL 11.2-YB-2.20.1.0-b0 on x86_64-pc-linux-gnu', 'is YugabyteDB, which has no LISTEN or table locks'],
  ['PostgreSQL 16 (Amazon Aurora DSQL)', 'is Aurora DSQL, which has no LISTEN, triggers or advisory locks'],
])('a database that says it is %s is refused with what it lacks, and nothing is changed', async (version, why) => {
  const address = await emptyDatabase();
  const name = new URL(address).pathname.slice(1);
  await administer(`create function version() returns text language sql as $$ select '${version}' $$`, address);
  await administer(`alter database ${name} set search_path = public, pg_catalog`, address);
  expect(await refusal(address)).toMatch(new RegExp(` ${why}: PostgreSQL is needed$`));
  expect(await administer("select 1 from pg_class where relname = 'curfew_schema'", address)).toEqual([]);
});

test('where no standby is waited for, the log and /readyz say so, and a store that needs one does not open', async () => {
  const address = await emptyDatabase();
  const world = await createVerbWorld('postgres', { store: postgres(address), clock: Date.now });
  const warning =
    'no standby is synchronous (synchronous_standby_names is empty): with the primary, ends of sessions that were acknowledged may be lost';
  expect(world.lines).toContainEqual({ msg: 'warning', level: 'warn', warning });
  const ready = await world.curfew.operations.request('/readyz');
  expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready', warnings: [warning] }]);
  const needing = createVerbWorld('postgres', { store: postgres(address, { replication: 'required' }) });
  await expect(needing).rejects.toThrow(`cannot be used: ${warning}`);
});

test('where commits are local although there is a standby, the log and /readyz say so, and a store that needs one does not open', async () => {
  const settings = { synchronous_standby_names: 'standby', synchronous_commit: 'local' };
  const address = await emptyDatabase((await ownServer(settings)).url);
  const world = await createVerbWorld('postgres', { store: postgres(address), clock: Date.now });
  const warning = 'synchronous_commit is local: with the primary, ends of sessions that were acknowledged may be lost';
  expect(world.lines.filter((line) => 'warning' in line)).toEqual([{ msg: 'warning', level: 'warn', warning }]);
  const ready = await world.curfew.operations.request('/readyz');
  expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready', warnings: [warning] }]);
  const needing = createVerbWorld('postgres', { store: postgres(address, { replication: 'required' }) });
  await expect(needing).rejects.toThrow(`cannot be used: ${warning}`);
});
