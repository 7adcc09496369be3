import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openPostgres, postgres } from '../../../server/postgres/index.ts';
import { has } from '../../support/needs.ts';
import { owner } from '../../support/postgres/binaries.ts';
import { emptyDatabase } from '../../support/postgres/fresh.ts';
import { createVerbWorld, type VerbWorld, type Visitor } from '../../support/server/verbs.ts';
import { origin, t0 } from '../../support/server/world.ts';
import { freePort } from '../../support/freePort.ts';

const program = '/usr/sbin/pgbouncer';
const isHere = has(
  '`pgbouncer`, to stand between nodes and PostgreSQL (Debian: `apt-get install pgbouncer`)',
  spawnSync(program, ['--version']).status === 0,
);

const ignored =
  'ignore_startup_parameters = extra_float_digits, statement_timeout, lock_timeout, idle_in_transaction_session_timeout';

/** Puts PgBouncer before a database until the test is over. @returns the address by which to connect through it */
async function bouncer(address: string, mode: 'session' | 'transaction', more = ''): Promise<string> {
  const { hostname, port, username, password, pathname } = new URL(address);
  const own = await freePort();
  const as = owner();
  const home = mkdtempSync(join(tmpdir(), 'curfew-pgbouncer-'));
  const file = join(home, 'pgbouncer.ini');
  const lines = [
    '[databases]',
    `* = host=${hostname} port=${port} user=${username} password=${password}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${own}`,
    'unix_socket_dir =',
    'auth_type = any',
    `pool_mode = ${mode}`,
    'max_client_conn = 500',
    'default_pool_size = 20',
    more,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  if (as.uid !== undefined && as.gid !== undefined) for (const path of [home, file]) chownSync(path, as.uid, as.gid);
  const child = spawn(program, [file], { ...as, stdio: ['ignore', 'ignore', 'pipe'] });
  const up = new Promise<void>((resolve, reject) => {
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('process up')) resolve();
    });
    child.once('exit', () => reject(new Error(`PgBouncer did not start: ${said}`)));
  });
  onTestFinished(async () => {
    const gone = once(child, 'exit');
    if (child.exitCode === null && child.kill('SIGKILL')) await gone;
    rmSync(home, { recursive: true, force: true });
  });
  await up;
  return `postgres://${username}:any@127.0.0.1:${own}${pathname}`;
}

test.runIf(isHere)('PgBouncer as it comes is refused with what it refuses, and what to do about it', async () => {
  const address = await bouncer(await emptyDatabase(), 'transaction');
  const line = await openPostgres(address).then(
    (database) => database.close(),
    (error: Error) => error.message,
  );
  expect(line).toMatch(/ cannot be used: unsupported startup parameter: \w+: a pooler .*ignore_startup_parameters = /);
});

/** Reads an event stream until it tells that the session has ended. */
async function heardEnd(
  world: VerbWorld,
  client: Visitor,
): Promise<{ opened: Promise<void>; ended: Promise<boolean> }> {
  const response = await world.curfew.fetch(new Request(`${origin}/api/auth/stream`, { headers: client.headers }));
  const opened = Promise.withResolvers<void>();
  const ended = (async () => {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.includes('event: session')) opened.resolve();
      if (text.includes('"state":"ended"')) return true;
    }
    return false;
  })();
  return { opened: opened.promise, ended };
}

test.runIf(isHere).each([
  ['transaction', 1],
  ['session', 0],
] as const)(
  'through PgBouncer in %s mode 40 of 40 streams hear of an end on another node, and it is said %i times that LISTEN is deaf',
  { timeout: 120_000 },
  async (mode, times) => {
    const address = await bouncer(await emptyDatabase(), mode, ignored);
    const node = () => createVerbWorld('postgres', { store: postgres(address), clock: () => t0 });
    const [one, other] = [await node(), await node()];
    const streams: Promise<boolean>[] = [];
    const clients: Visitor[] = [];
    for (let index = 0; index < 40; index += 1) {
      const client = one.visitor('bearer');
      expect((await client.signIn({ user: `user ${index}` })).status).toBe(200);
      const { opened, ended } = await heardEnd(other, client);
      await opened;
      clients.push(client);
      streams.push(ended);
    }
    for (const client of clients) expect((await client.post('/sign-out')).status).toBe(200);
    expect((await Promise.all(streams)).filter(Boolean)).toHaveLength(40);
    // The check that LISTEN works ends a little later than the first look.
    const said = () => other.lines.filter((line) => JSON.stringify(line).includes('a pooler in transaction mode'));
    await vi.waitFor(() => expect(said()).toHaveLength(times), { timeout: 30_000 });
  },
);
