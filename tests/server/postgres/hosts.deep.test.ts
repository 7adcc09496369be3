import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openChannel } from '../../../server/postgres/channel.ts';
import { openPostgres, type PostgresDatabase } from '../../../server/postgres/connection.ts';
import { StoreUnavailable, UnusableDatabase } from '../../../server/store/unavailable.ts';
import { run, environment, folder, Program, serve, tidy } from '../../support/server/child.ts';
import { administer, emptyDatabase, opened, ownServer } from '../../support/postgres/fresh.ts';
import type { PostgresServer } from '../../support/postgres/server.ts';
import { secret } from '../../support/server/world.ts';
import { until } from '../../support/until.ts';

let first: PostgresServer;
let second: Pick<PostgresServer, 'url' | 'start' | 'stop'>;
let name: string;

beforeAll(async () => {
  first = await ownServer();
  const address = await emptyDatabase(first.url);
  name = new URL(address).pathname.slice(1);
  await (await openPostgres(address)).close();
  second = await first.standby();
});
afterAll(tidy);

const at = ({ url }: { readonly url: string }): string => Object.assign(new URL(url), { pathname: name }).href;
const portOf = ({ url }: { readonly url: string }): string => new URL(url).port;
const nobody = { url: 'postgres://nobody@127.0.0.1:1/x' };

/** One address for several servers, by which those are tried in this order. */
function addressOf(servers: readonly { readonly url: string }[], query = ''): string {
  const { username, password } = new URL(first.url);
  const hosts = servers.map((server) => `127.0.0.1:${portOf(server)}`).join(',');
  return `postgres://${username}:${password}@${hosts}/${name}${query}`;
}

/** By which server a database is connected to. */
const portIn = async ({ query }: PostgresDatabase) =>
  String((await query('select inet_server_port() as port')).rows[0]?.['port']);

const refusal = (address: string): Promise<unknown> =>
  openPostgres(address).then(
    async (database) => database.close(),
    (error: unknown) => (error instanceof UnusableDatabase ? error.message : error),
  );

const write = ({ query }: PostgresDatabase, what: string) =>
  query("insert into purged (stream, record) values ($1, '{}')", [what]);

test.each([
  ['that listens', '', () => addressOf([nobody, first])],
  [
    'among the parameters',
    '',
    () => `${at(first).replace(/@[^/]*/, '@')}?host=127.0.0.1,127.0.0.1&port=1,${portOf(first)}`,
  ],
  ['that takes what is written', 'read-write', () => addressOf([second, first], '?target_session_attrs=read-write')],
  ['that is the primary', 'primary', () => addressOf([nobody, second, first], '?target_session_attrs=primary')],
])('of several hosts the first is connected to %s', async (_, __, address) => {
  expect(await portIn(await opened(address()))).toBe(portOf(first));
});

test('a host that takes the connection and says nothing is waited for once, not by every connection', async () => {
  let asked = 0;
  const silent = createServer(() => (asked += 1)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  onTestFinished(async () => void silent.close());
  const { port } = silent.address() as AddressInfo;
  const database = await opened(addressOf([{ url: `postgres://127.0.0.1:${port}` }, first]));
  await Promise.all(Array.from({ length: 10 }, () => database.transaction((query) => query('select 1'))));
  expect([await portIn(database), asked]).toEqual([portOf(first), 1]);
});

test('without a wish it is the first that can be reached, a standby too, which takes nothing', async () => {
  const database = await opened(addressOf([nobody, second, first]));
  expect(await portIn(database)).toBe(portOf(second));
  await expect(write(database, 'nowhere')).rejects.toThrow('the database is unavailable: it is read-only');
});

test('where no host will do, one line says of each why, and of a refusal only that', async () => {
  const wanted = '?target_session_attrs=read-write';
  expect(await refusal(addressOf([nobody, second], wanted))).toMatch(
    /^the database postgres:\/\/curfew@127\.0\.0\.1:1,127\.0\.0\.1:\d+\/\w+ cannot be used: connect ECONNREFUSED 127\.0\.0\.1:1, the server is read-only$/,
  );
  expect(await refusal(addressOf([second], '?target_session_attrs=primary'))).toMatch(/: the server is a standby$/);
  const { password } = new URL(first.url);
  const line = await refusal(addressOf([first, second], wanted).replace(password, 'wrong'));
  expect(line).toMatch(/ cannot be used: password authentication failed for user "curfew"$/);
});

test('servers and commands take several hosts', async () => {
  const home = folder();
  const env = {
    CURFEW_DATABASE: addressOf([nobody, second, first], '?target_session_attrs=primary'),
    CURFEW_SECRET: secret,
  };
  const server = await serve(home, env);
  expect((await new Program(server).enter('register')).status).toBe(201);
  const doctor = run(['server/cli/index.ts', 'doctor'], environment(home, env));
  await doctor.gone;
  expect([doctor.out(), doctor.err()]).toEqual([expect.stringMatching(/127\.0\.0\.1:1,127\.0\.0\.1:\d+,/), '']);
  expect(doctor.out()).not.toMatch(/^wrong/m);
  const ended = run(['server/cli/index.ts', 'sessions', 'end', '--all'], environment(home, env));
  expect(await ended.gone).toMatchObject({ code: 0 });
});

/** What is heard on a channel. */
function listening(database: PostgresDatabase) {
  const heard: string[] = [];
  let missed = 0;
  openChannel(database, 'names', { onMessage: (payload) => heard.push(payload), onMissed: () => (missed += 1) });
  return { heard, missed: () => missed };
}

const countIn = async (server: { readonly url: string }, what: string) =>
  (await administer(`select 1 from purged where stream = '${what}'`, at(server))).length;

/** The first server is gone, and the second is what it was. */
async function failOver(): Promise<void> {
  await first.stop();
  await administer('select pg_promote() where pg_is_in_recovery()', at(second));
}

test('a node goes on at the second host when the first is gone, and hears what is told there', async () => {
  const database = await opened(addressOf([first, second], '?target_session_attrs=read-write'));
  const { heard } = listening(database);
  await write(database, 'before');
  await until(async () => (await countIn(second, 'before')) === 1);
  await first.stop();
  await expect(write(database, 'nowhere')).rejects.toBeInstanceOf(StoreUnavailable);
  await failOver();
  await write(database, 'after');
  await database.transaction(async (query) => void (await query("insert into purged values ('both', '{}')")));
  expect(await portIn(database)).toBe(portOf(second));
  expect([await countIn(second, 'before'), await countIn(second, 'after'), await countIn(second, 'both')]).toEqual([
    1, 1, 1,
  ]);
  const listens = "select 1 from pg_stat_activity where application_name = 'curfew channel' and query ilike 'listen%'";
  await until(async () => (await administer(listens, at(second))).length > 0);
  await administer(`notify names, 'here'`, at(second));
  await until(() => heard.includes('here'));
});

test('a server that becomes read-only while it runs is left for one that takes what is written, the channel too', async () => {
  await failOver();
  await first.start();
  const database = await opened(addressOf([second, first], '?target_session_attrs=read-write'));
  const { heard, missed } = listening(database);
  await until(() => missed() > 0);
  await write(database, 'open');
  expect(await countIn(second, 'open')).toBe(1);
  await administer('alter system set default_transaction_read_only = on', at(second));
  await administer('select pg_reload_conf()', at(second));
  const isWritten = async (what: string) => {
    const writing = database.transaction((query) => query("insert into purged values ($1, '{}')", [what]));
    const failure = await writing.then(
      () => null,
      (error: unknown) => error,
    );
    if (failure !== null) expect(failure).toBeInstanceOf(StoreUnavailable);
    return failure === null;
  };
  let tried = 0;
  // Until the server has heard of it, it takes what is written.
  await until(async () => {
    tried += 1;
    return (await isWritten(`${tried}`)) && (await countIn(first, `${tried}`)) === 1;
  });
  expect(await countIn(second, `${tried}`)).toBe(0);
  expect(await portIn(database)).toBe(portOf(first));
  await until(async () => {
    await administer(`notify names, 'there'`, at(first));
    return heard.includes('there');
  });
});
