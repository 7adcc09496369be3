import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Everything that any process of this file has printed, and everything that none may print. */
export const printed: string[] = [];
export const unspeakable = new Set<string>();

const running = new Set<ChildProcess>();
const folders: string[] = [];

/** Compiled code is shared by all files of a run, for hundreds of processes are started here. */
const compiled = join(tmpdir(), 'curfew-compiled');

/** A folder of its own for one server. */
export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'curfew-process-'));
  folders.push(made);
  return made;
}

/** Ends what is still running, removes the folders and forgets what was printed. */
export async function tidy(): Promise<void> {
  for (const child of running) {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
  printed.length = 0;
  unspeakable.clear();
}

/** A process with what it prints. */
export interface Child {
  readonly pid: number;
  readonly out: () => string;
  readonly err: () => string;
  /** Waits for a line on stdout. @throws when the process ends without it. */
  readonly line: (pattern: RegExp) => Promise<string>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Resolves when it is gone and everything it has printed was read. */
  readonly gone: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts Node, which `tidy` ends. @param cwd where it runs; default the repository */
export function run(args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = root): Child {
  return begin(process.execPath, args, { cwd, env: { NODE_COMPILE_CACHE: compiled, ...env } });
}

/** Starts a program, which `tidy` ends. */
export function begin(command: string, args: readonly string[], options: SpawnOptions): Child {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let out = '';
  let err = '';
  const waiting = new Set<() => void>();
  const gone = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on('close', (code, signal) => {
      running.delete(child);
      printed.push(out, err);
      resolve({ code, signal });
    });
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    for (const look of waiting) look();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  return {
    pid: child.pid ?? 0,
    out: () => out,
    err: () => err,
    kill: (signal) => child.kill(signal),
    gone,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = out
            .split('\n')
            .slice(0, -1)
            .find((line) => pattern.test(line));
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
        void gone.then(({ code }) => reject(new Error(`ended with ${code} before ${pattern}: ${err || out}`)));
      }),
  };
}

export interface Server extends Child {
  readonly url: string;
}

/** The environment of a server on a free port with its file in a folder. */
export const environment = (home: string, env: Readonly<Record<string, string>> = {}) => ({
  PORT: '0',
  CURFEW_DATABASE: `file:${join(home, 'curfew.db')}`,
  ...env,
});

export const launch = (home: string, env: Readonly<Record<string, string>> = {}): Child =>
  run(['server/app/main.ts'], environment(home, env));

/** Starts a server and waits until it listens. */
export const serve = (home: string, env: Readonly<Record<string, string>> = {}): Promise<Server> =>
  listening(launch(home, env));

/** A server that was launched, once it listens. */
export async function listening(child: Child): Promise<Server> {
  const { url } = JSON.parse(await child.line(/"msg":"listening"/)) as { url: string };
  return { ...child, url: url.replace('localhost', '127.0.0.1') };
}

export async function stopped(server: Child): Promise<void> {
  server.kill('SIGTERM');
  await server.gone;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: any;
}

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string | undefined;
  /** Called when the server has taken the request's head; the body goes out after that. */
  readonly taken?: () => void | Promise<void>;
}

/** One request on a connection of its own; a reset is an error. */
export function send(url: string, { method, path, headers = {}, body, taken }: Sent): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const expecting = taken ? { Expect: '100-continue' } : {};
    const sent = request(`${url}${path}`, { method, agent: false, headers: { ...headers, ...expecting } });
    sent.on('error', reject);
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('error', reject);
      response.on('end', () => {
        const isJson = /json/.test(response.headers['content-type'] ?? '') && text !== '';
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          body: isJson ? JSON.parse(text) : null,
        });
      });
    });
    if (!taken) {
      sent.end(body);
      return;
    }
    sent.on('continue', () => void Promise.resolve(taken()).then(() => sent.end(body)));
    sent.flushHeaders();
  });
}

/** A program that uses the API with a token. */
export class Program {
  token = '';
  id = '';
  version = 0;
  readonly server: Pick<Server, 'url'>;

  constructor(server: Pick<Server, 'url'>) {
    this.server = server;
  }

  /** The same program after its server has moved. */
  on(server: Pick<Server, 'url'>): Program {
    return Object.assign(new Program(server), { token: this.token, id: this.id, version: this.version });
  }

  async call(method: string, path: string, json?: unknown, more: Partial<Sent> = {}): Promise<Reply> {
    const body = json === undefined ? undefined : JSON.stringify(json);
    const headers = {
      ...(this.token && { Authorization: `Bearer ${this.token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
    };
    const reply = await send(this.server.url, { method, path, headers, body, ...more });
    if (reply.body?.vaultKey) unspeakable.add(reply.body.vaultKey.key);
    if (reply.body?.token) {
      this.token = reply.body.token;
      unspeakable.add(this.token);
      // Half of it would be as bad.
      unspeakable.add(this.token.split('.')[2] ?? '');
    }
    if (reply.status < 300 && reply.body?.session) {
      this.id = reply.body.session.id;
      this.version = reply.body.session.version;
    }
    return reply;
  }

  get(path: string) {
    return this.call('GET', path);
  }

  enter(how: 'register' | 'login', username = 'ada', password = 'correct horse battery', more: Partial<Sent> = {}) {
    unspeakable.add(password);
    return this.call('POST', `/api/auth/${how}`, { username, password, transport: 'bearer' }, more);
  }
}
