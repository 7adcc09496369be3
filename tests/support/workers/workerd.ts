import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** What a worker is served with. */
export interface Served {
  /** A folder with the bundle `worker.js`; what the objects keep goes to `objects` in it. */
  readonly folder: string;
  /** The classes of its objects, by the name of their binding. */
  readonly objects: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  /** Default 0: any that is free. */
  readonly port?: number;
  /** Whether its objects keep SQLite. Default they do. */
  readonly keepsSqlite?: boolean;
  /** How long a file may be that it writes, in KiB. Default any length. */
  readonly longestFile?: number;
}

/** A worker that answers. */
export interface Running {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly output: () => string;
  /** Ends it as `kill -9` does, and waits for that. */
  readonly kill: () => Promise<void>;
}

/** The program itself: what npm calls `workerd` is one that starts it, and that one alone would be ended. */
const { default: program } = createRequire(import.meta.url)('workerd') as { readonly default: string };

const text = (value: string) => JSON.stringify(value);

function configOf({ folder, objects, variables = {}, port = 0, keepsSqlite = true }: Served): string {
  const wasm = readdirSync(folder).filter((name) => name.endsWith('.wasm'));
  const classes = Object.values(objects);
  const namespaces = classes.map(
    (name) => `(className = ${text(name)}, uniqueKey = ${text(name)}, enableSql = ${keepsSqlite})`,
  );
  const bindings = [
    ...Object.entries(objects).map(([name, to]) => `(name = ${text(name)}, durableObjectNamespace = ${text(to)})`),
    ...Object.entries(variables).map(([name, value]) => `(name = ${text(name)}, text = ${text(value)})`),
  ];
  const modules = [
    `(name = "worker", esModule = embed "worker.js")`,
    ...wasm.map((name) => `(name = ${text(`./${name}`)}, wasm = embed ${text(name)})`),
  ];
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "disk", disk = (path = ${text(join(folder, 'objects'))}, writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [${modules.join(', ')}],
  compatibilityDate = "2026-11-01",
  durableObjectNamespaces = [${namespaces.join(', ')}],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [${bindings.join(', ')}],
);
`;
}

/** @returns the port that a process says it listens at. */
function portOf(child: ChildProcess, output: () => string): Promise<number> {
  return new Promise((resolve, reject) => {
    let told = '';
    (child.stdio[3] as Readable).on('data', (data) => {
      told += String(data);
      const [, port] = /"event":"listen".*"port":(\d+)/.exec(told) ?? [];
      if (port !== undefined) resolve(Number(port));
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`workerd has ended:\n${output()}`)));
  });
}

/** Starts workerd, at a port of its own on loopback. */
export async function serve(served: Served): Promise<Running> {
  const config = join(served.folder, 'config.capnp');
  mkdirSync(join(served.folder, 'objects'), { recursive: true });
  writeFileSync(config, configOf(served));
  const limit = served.longestFile;
  // A file that can grow no more is a full disk, to SQLite.
  const limited = limit === undefined ? '' : `trap '' XFSZ; ulimit -f ${limit}; `;
  const command = `${limited}exec "$0" serve --control-fd=3 "$1"`;
  const child = spawn('bash', ['-c', command, program, config], { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  const endWithUs = () => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  let said = '';
  const output = () => said;
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (said += String(data)));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const port = await portOf(child, output);
  return {
    port,
    pid: child.pid ?? 0,
    url: `http://127.0.0.1:${port}`,
    output,
    async kill() {
      process.off('exit', endWithUs);
      child.kill('SIGKILL');
      await ended;
    },
  };
}
