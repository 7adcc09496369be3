import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPostgres } from '../../../server/postgres/connection.ts';
import { postgres } from '../../../server/postgres/index.ts';
import { administer, emptyDatabase, ownServer } from '../../support/postgres/fresh.ts';
import type { PostgresServer } from '../../support/postgres/server.ts';
import { createVerbWorld, type Visitor, type VerbWorld } from '../../support/server/verbs.ts';
import { counted } from '../../support/soak/counters.ts';
import { t0 } from '../../support/server/world.ts';

let first: PostgresServer;
let second: Pick<PostgresServer, 'url' | 'start' | 'stop'>;
let name: string;

const at = ({ url }: { readonly url: string }): string => Object.assign(new URL(url), { pathname: name }).href;

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
}

/** A primary that waits for its standby with every commit, and tells nothing before. */
beforeEach(async () => {
  first = await ownServer();
  const address = await emptyDatabase(first.url);
  name = new URL(address).pathname.slice(1);
  await (await openPostgres(address)).close();
  second = await first.standby();
  await administer("alter system set synchronous_standby_names = '*'", at(first));
  await administer('select pg_reload_conf()', at(first));
  const isSynchronous = "select 1 from pg_stat_replication where sync_state = 'sync'";
  await until(async () => (await administer(isSynchronous, at(first))).length > 0);
}, 120_000);

/** So that nothing that is closed has to wait for a standby that is no more. */
afterEach(async () => {
  await administer("alter system set synchronous_standby_names = ''", at(first));
  await administer('select pg_reload_conf()', at(first));
});

const nodeOn = (server: { readonly url: string }): Promise<VerbWorld> =>
  createVerbWorld('postgres', { store: postgres(at(server)), clock: () => t0 });

const signedIn = async (world: VerbWorld, user: string): Promise<Visitor> => {
  const client = world.visitor('bearer');
  expect((await client.signIn({ user })).status).toBe(200);
  return client;
};

test(
  'Promise 1 what is ended on the new primary is accepted 0 times by a node that still talks to the one before',
  { timeout: 120_000 },
  async () => {
    const before = await nodeOn(first);
    const clients: Visitor[] = [];
    for (let index = 0; index < 20; index += 1) clients.push(await signedIn(before, `user ${index}`));
    const status = async (client: Visitor) => (await client.ask()).status;
    // Copies, too, are in use.
    for (const client of clients) expect(await status(client)).toBe(200);

    await administer('select pg_promote()', at(second));
    await administer("alter system set synchronous_standby_names = ''", at(second));
    await administer('select pg_reload_conf()', at(second));
    const after = await nodeOn(second);
    let [accepted, refused] = [0, 0];
    for (const client of clients) {
      const there = Object.assign(after.visitor('bearer'), { token: client.token, session: client.session });
      // The new one tells nobody anything until the one before is believed by nobody.
      await until(async () => (await there.post('/sign-out')).status < 500);
      const answer = await client.ask();
      if (answer.status === 200) accepted += 1;
      else refused += 1;
      expect([401, 503]).toContain(answer.status);
    }
    counted('a deposed primary that still runs', { 'ended on the new one': clients.length, accepted, refused });
    expect([accepted, refused]).toEqual([0, clients.length]);
    await expect(before.curfew.whyNotReady()).rejects.toThrow('the database is unavailable');
  },
);

test(
  'a node whose database waits for a standby that is dead is not ready, refuses at once, and goes on once it is back',
  { timeout: 120_000 },
  async () => {
    const world = await nodeOn(first);
    const ada = await signedIn(world, 'ada');
    expect((await ada.ask()).status).toBe(200);
    await second.stop();
    await until(async () => (await ada.ask()).status === 503);
    const reason = await world.curfew.whyNotReady().catch((error: Error) => error.message);
    expect(reason).toBe('the database is unavailable: it has committed nothing for too long');
    expect((await ada.post('/sign-out')).status).toBe(503);
    await second.start();
    await until(async () => (await ada.ask()).status === 200);
    expect(await world.curfew.whyNotReady().catch(() => 'not yet')).not.toContain('committed nothing');
  },
);
