import { freePort } from '../freePort.ts';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { owner } from './binaries.ts';

/** PostgreSQL on several machines, of which Patroni makes one the primary, behind HAProxy. */
export interface Cluster {
  /** Of the primary, whichever it is, through HAProxy. */
  readonly url: string;
  /** Resolves to the primary once there is one whose commits wait for a standby. */
  readonly primary: () => Promise<Machine>;
  readonly erase: () => Promise<void>;
}

/** One machine of a cluster. */
export interface Machine {
  readonly name: string;
  /** Kills everything on it at once. */
  readonly kill: () => Promise<void>;
  /** Starts what was killed again. */
  readonly start: () => void;
}

/** What has to be installed for it, with the package of Debian that has it. */
export const programs: Readonly<Record<string, string>> = {
  patroni: '/usr/bin/patroni',
  'etcd-server': '/usr/bin/etcd',
  haproxy: '/usr/sbin/haproxy',
  'postgresql-15': '/usr/lib/postgresql/15/bin/postgres',
};

/** The processes that one has started. */
const childrenOf = (parent: number): number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]) === parent;
      } catch {
        return false;
      }
    });

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

interface Place {
  readonly home: string;
  readonly etcd: number;
  readonly password: string;
}

interface Ports {
  readonly database: number;
  readonly state: number;
}

/** JSON is YAML, too. */
const configOf = (name: string, { home, etcd, password }: Place, { database, state }: Ports) => ({
  scope: 'curfew',
  name,
  restapi: { listen: `127.0.0.1:${state}`, connect_address: `127.0.0.1:${state}` },
  etcd3: { host: `127.0.0.1:${etcd}` },
  bootstrap: {
    dcs: {
      ttl: 20,
      loop_wait: 1,
      retry_timeout: 3,
      synchronous_mode: true,
      synchronous_mode_strict: true,
      postgresql: { use_pg_rewind: true, parameters: { max_connections: 100, shared_buffers: '32MB' } },
    },
    initdb: [{ encoding: 'UTF8' }, 'no-locale', 'data-checksums'],
  },
  postgresql: {
    listen: `127.0.0.1:${database}`,
    connect_address: `127.0.0.1:${database}`,
    data_dir: join(home, name),
    bin_dir: '/usr/lib/postgresql/15/bin',
    pgpass: join(home, `${name}.pgpass`),
    remove_data_directory_on_rewind_failure: true,
    remove_data_directory_on_diverged_timelines: true,
    pg_hba: ['host all all 127.0.0.1/32 md5', 'host replication all 127.0.0.1/32 md5'],
    parameters: { unix_socket_directories: home },
    authentication: {
      superuser: { username: 'curfew', password },
      replication: { username: 'replicator', password },
      rewind: { username: 'rewinder', password },
    },
  },
});

/** Connections to a primary that is none any more are cut, and not only no longer made. */
const balancing = (own: number, machines: readonly Ports[]): string =>
  `
defaults
  mode tcp
  timeout connect 2s
  timeout client 1m
  timeout server 1m
listen primary
  bind 127.0.0.1:${own}
  option httpchk OPTIONS /primary
  http-check expect status 200
  default-server inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
${machines.map(({ database, state }, index) => `  server m${index} 127.0.0.1:${database} check port ${state}`).join('\n')}
`;

/** Starts a cluster on the loopback interface: so many machines, one etcd, one HAProxy. */
export async function startCluster(count: number): Promise<Cluster> {
  const as = owner();
  const home = mkdtempSync(join(tmpdir(), 'curfew-patroni-'));
  const password = randomBytes(18).toString('base64url');
  const [etcd = 0, peer = 0, own = 0, ...rest] = await Promise.all(Array.from({ length: 3 + 2 * count }, freePort));
  const place: Place = { home, etcd, password };
  const machines = Array.from({ length: count }, (_, index): Ports => ({
    database: rest[2 * index] ?? 0,
    state: rest[2 * index + 1] ?? 0,
  }));
  const running = new Set<ChildProcess>();
  function run(command: string, args: readonly string[]): ChildProcess {
    const child = spawn(command, args, {
      ...as,
      cwd: home,
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
      stdio: 'ignore',
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    return child;
  }
  const write = (name: string, text: string): string => {
    const path = join(home, name);
    writeFileSync(path, text, { mode: 0o600 });
    if (as.uid !== undefined && as.gid !== undefined) chownSync(path, as.uid, as.gid);
    return path;
  };
  if (as.uid !== undefined && as.gid !== undefined) chownSync(home, as.uid, as.gid);
  const store = join(home, 'etcd');
  mkdirSync(store, { mode: 0o700 });
  if (as.uid !== undefined && as.gid !== undefined) chownSync(store, as.uid, as.gid);

  const here = (port: number) => `http://127.0.0.1:${port}`;
  const options = {
    name: 'one',
    'data-dir': store,
    'listen-client-urls': here(etcd),
    'advertise-client-urls': here(etcd),
    'listen-peer-urls': here(peer),
    'initial-advertise-peer-urls': here(peer),
    'initial-cluster': `one=${here(peer)}`,
  };
  run(
    '/usr/bin/etcd',
    Object.entries(options).map(([name, value]) => `--${name}=${value}`),
  );
  run('/usr/sbin/haproxy', ['-db', '-f', write('haproxy.cfg', balancing(own, machines))]);

  function machineOf(ports: Ports, index: number): Machine {
    const name = `m${index}`;
    const config = write(`${name}.yml`, JSON.stringify(configOf(name, place, ports)));
    let agent: ChildProcess | null = null;
    return {
      name,
      start: () => void (agent = run('/usr/bin/patroni', [config])),
      async kill() {
        const pidFile = join(home, name, 'postmaster.pid');
        const postmaster = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8').split('\n')[0]) : 0;
        const gone = agent && agent.exitCode === null ? once(agent, 'exit') : null;
        if (agent?.pid !== undefined) killNow(agent.pid);
        const backends = postmaster > 0 ? childrenOf(postmaster) : [];
        for (const pid of [postmaster, ...backends]) if (pid > 0) killNow(pid);
        await gone;
      },
    };
  }
  const all = machines.map((ports, index) => ({ ports, machine: machineOf(ports, index) }));
  for (const { machine } of all) machine.start();

  const answers = (port: number, path: string): Promise<boolean> =>
    fetch(`${here(port)}${path}`).then(
      ({ ok }) => ok,
      () => false,
    );
  return {
    url: `postgres://curfew:${password}@127.0.0.1:${own}/postgres`,
    async primary() {
      for (;;) {
        const states = await Promise.all(
          all.map(async ({ ports, machine }) => ({
            machine,
            isPrimary: await answers(ports.state, '/primary'),
            isSynchronous: await answers(ports.state, '/synchronous'),
          })),
        );
        const primary = states.find(({ isPrimary }) => isPrimary);
        if (primary && states.some(({ isSynchronous }) => isSynchronous)) return primary.machine;
      }
    },
    async erase() {
      for (const { machine } of all) await machine.kill();
      for (const child of running) {
        const gone = once(child, 'exit');
        child.kill('SIGKILL');
        await gone;
      }
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
