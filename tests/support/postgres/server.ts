import { freePort } from '../freePort.ts';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { owner, programs, type Owner } from './binaries.ts';

/** A PostgreSQL server of our own, on the loopback interface. */
export interface PostgresServer {
  /** Of a database in which to make others. */
  readonly url: string;
  /** Stops it at once, connections cut and nothing put in order; its data stays. */
  readonly stop: () => Promise<void>;
  /** Starts it again, on the same port; `before` is a command to run it under. */
  readonly start: (before?: readonly string[]) => Promise<void>;
  /** Kills it, and everything of it, as a machine does that loses its power. */
  readonly kill: () => Promise<void>;
  /**
   * Starts another server that follows this one, and stands by to take its place; it is erased with the first one. This one
   * is stopped meanwhile.
   *
   * @param port of a server that is no more; default a free one
   */
  readonly standby: (port?: number) => Promise<Standby>;
  /** Stops it and erases everything. */
  readonly erase: () => Promise<void>;
}

/** A server that follows another, until it is promoted. */
export type Standby = Omit<PostgresServer, 'erase'>;

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '300',
  shared_buffers: '32MB',
  // No machine fails in a test, only processes do.
  fsync: 'off',
  full_page_writes: 'off',
};

/** A folder of data, and as whom to serve it. */
interface Cluster {
  readonly as: Owner;
  readonly home: string;
  readonly bin: string;
  readonly password: string;
  readonly data: string;
  /** What this server is told beside what all are. */
  readonly more: Readonly<Record<string, string>>;
}

const env = { LC_ALL: 'C', TZ: 'UTC' };

/** Starts a server on a cluster. */
async function serve(cluster: Cluster, ownPort?: number): Promise<Omit<Standby, 'standby'>> {
  const { as, home, bin, password, data, more } = cluster;
  const port = ownPort ?? (await freePort());
  let running: ChildProcess | null = null;

  async function start(before: readonly string[] = []): Promise<void> {
    const options = Object.entries({ ...settings, ...more, port: String(port) }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    const [command = '', ...rest] = [...before, join(bin, 'postgres'), '-D', data, ...options];
    const child = spawn(command, rest, {
      ...as,
      env,
      cwd: home,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    running = child;
    let said = '';
    await new Promise<void>((resolve, reject) => {
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-10_000);
        if (/ready to accept (read-only )?connections/.test(said)) resolve();
      });
      child.once('error', reject);
      child.once('exit', () => reject(new Error(`PostgreSQL did not start: ${said}`)));
    });
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const child = running;
    running = null;
    if (!child || child.exitCode !== null) return;
    // What its processes write to is closed once the last of them is gone.
    const gone = once(child, 'close');
    child.kill(signal);
    await gone;
  }

  const stop = () => end('SIGQUIT');
  const kill = () => end('SIGKILL');

  process.once('exit', () => running?.kill('SIGQUIT'));
  await start();
  return { url: `postgres://curfew:${password}@127.0.0.1:${port}/postgres`, start, stop, kill };
}

/** Makes a new cluster and starts it. @param more settings beside those of a test, or instead of them */
export async function startPostgres(more: Readonly<Record<string, string>> = {}): Promise<PostgresServer> {
  const as = owner();
  const home = mkdtempSync(join(tmpdir(), 'curfew-postgres-'));
  const eraseNow = () => rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  const data = join(home, 'data');
  const password = randomBytes(18).toString('base64url');
  const passwordFile = join(home, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (as.uid !== undefined && as.gid !== undefined)
    for (const path of [home, passwordFile]) chownSync(path, as.uid, as.gid);

  const bin = programs(home, as);
  const flags = [
    '--encoding=UTF8',
    '--no-locale',
    '--no-sync',
    '--no-instructions',
    '--auth=password',
    '--wal-segsize=1',
  ];
  await promisify(execFile)(
    join(bin, 'initdb'),
    [`--pgdata=${data}`, '--username=curfew', `--pwfile=${passwordFile}`, ...flags],
    { ...as, env, cwd: home },
  );

  const cluster = { as, home, bin, password };
  const first = await serve({ ...cluster, data, more });
  const servers = [first];
  // After the servers were ended.
  process.once('exit', eraseNow);

  const followed =
    ({ url, start, stop }: Pick<Standby, 'url' | 'start' | 'stop'>, from: string) =>
    async (port?: number): Promise<Standby> => {
      await stop();
      const copy = join(home, `standby-${servers.length}`);
      await promisify(execFile)('cp', ['-a', from, copy], { ...as, cwd: home });
      await promisify(execFile)('touch', [join(copy, 'standby.signal')], { ...as, cwd: home });
      rmSync(join(copy, 'postmaster.pid'), { force: true });
      await start();
      const standby = await serve({ ...cluster, data: copy, more: { ...more, primary_conninfo: url } }, port);
      servers.push(standby);
      return { ...standby, standby: followed(standby, copy) };
    };

  return {
    ...first,
    standby: followed(first, data),
    async erase() {
      for (const server of servers) await server.stop();
      process.off('exit', eraseNow);
      eraseNow();
    },
  };
}
