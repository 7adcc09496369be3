import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPostgres } from '../../../server/postgres/connection.ts';
import { postgres } from '../../../server/postgres/index.ts';
import { administer, emptyDatabase, ownServer } from '../../support/postgres/fresh.ts';
import type { PostgresServer, Standby } from '../../support/postgres/server.ts';
import { folder, Program, serve, stopped, tidy } from '../../support/server/child.ts';
import { createVerbWorld, type Visitor, type VerbWorld } from '../../support/server/verbs.ts';
import { counted } from '../../support/soak/counters.ts';
import { t0 } from '../../support/server/world.ts';
import { until } from '../../support/until.ts';

let first: PostgresServer;
let second: Standby;
let name: string;

const at = ({ url }: { readonly url: string }): string => Object.assign(new URL(url), { pathname: name }).href;

/** Has commits wait for no standby. */
async function waitForNobody(server: Pick<PostgresServer, 'url'>): Promise<void> {
  await administer("alter system set synchronous_standby_names = ''", at(server));
  await administer('select pg_reload_conf()', at(server));
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
afterEach(() => waitForNobody(first));

/** Has the standby take the place of its primary, which goes on and does not know. */
async function promote(): Promise<void> {
  await administer('select pg_promote()', at(second));
  await waitForNobody(second);
}

const nodeOn = (server: { readonly url: string }): Promise<VerbWorld> =>
  createVerbWorld('postgres', { store: postgres(at(server)), clock: () => t0 });

const signedIn = async (world: VerbWorld, user: string): Promise<Visitor> => {
  const client = world.visitor('bearer');
  expect((await client.signIn({ user })).status).toBe(200);
  return client;
};

test(
  'Promise 1 what is ended on the new primary is accepted 0 times by a node that still talks to the one before',
  { timeout: 300_000 },
  async () => {
    const before = await nodeOn(first);
    const clients: Visitor[] = [];
    for (let index = 0; index < 60; index += 1) clients.push(await signedIn(before, `user ${index}`));
    const status = async (client: Visitor) => (await client.ask()).status;
    // Copies, too, are in use.
    for (const client of clients) expect(await status(client)).toBe(200);

    await promote();
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
  'Promise 1 what is ended while a node stands still is accepted 0 times by it once it goes on',
  { timeout: 120_000 },
  async () => {
    const env = { CURFEW_SECRET: 'a secret of at least thirty-two bytes', CURFEW_MAX_SESSIONS: '20' };
    const before = await serve(folder(), { ...env, CURFEW_DATABASE: at(first) });
    const clients = [new Program(before)];
    expect((await clients[0]?.enter('register', 'ada'))?.status).toBe(201);
    for (let index = 1; index < 10; index += 1) {
      const client = new Program(before);
      expect((await client.enter('login', 'ada')).status).toBe(200);
      clients.push(client);
    }
    const ask = (client: Program) => client.call('GET', '/api/auth/me');
    // Copies, too, are in use.
    for (const client of clients) expect((await ask(client)).status).toBe(200);

    before.kill('SIGSTOP');
    // It has these before it knows how long it stood still.
    const asked = clients.map(ask);
    await promote();
    const after = await serve(folder(), { ...env, CURFEW_DATABASE: at(second) });
    for (const client of clients)
      await until(async () => (await client.on(after).call('POST', '/api/auth/logout', {})).status < 500);
    before.kill('SIGCONT');
    const answers = [...(await Promise.all(asked)), ...(await Promise.all(clients.map(ask)))];
    const accepted = answers.filter(({ status }) => status === 200).length;
    counted('a node of a deposed primary that stood still', {
      'ended meanwhile': clients.length,
      accepted,
      refused: answers.length - accepted,
    });
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
    await stopped(after);
    await tidy();
  },
);

test(
  'a deposed primary whose commits wait for nobody is believed until it is shut down, and /readyz says so',
  { timeout: 300_000 },
  async () => {
    await waitForNobody(first);
    const before = await nodeOn(first);
    const clients: Visitor[] = [];
    for (let index = 0; index < 60; index += 1) clients.push(await signedIn(before, `user ${index}`));
    await promote();
    const after = await nodeOn(second);
    let accepted = 0;
    for (const client of clients) {
      const there = Object.assign(after.visitor('bearer'), { token: client.token, session: client.session });
      await until(async () => (await there.post('/sign-out')).status < 500);
      const { status } = await client.ask();
      expect([200, 401, 503]).toContain(status);
      accepted += status === 200 ? 1 : 0;
    }
    counted('a deposed primary that waits for nobody', { 'ended on the new one': clients.length, accepted });
    // Ready is only who has the clock of the database.
    const { curfew } = await createVerbWorld('postgres', { store: postgres(at(first)), clock: () => Date.now() });
    const ready = await curfew.operations.request('/readyz');
    expect(await ready.json()).toMatchObject({ warnings: [expect.stringContaining('no standby is synchronous')] });
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
