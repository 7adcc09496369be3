import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../freePort.ts';

/** The application as `npm start` runs it, on a database of its own. */
export interface Application {
  readonly url: string;
  /** Ends it as a power cut would. */
  readonly kill: () => Promise<void>;
  /** Starts it again on the same database and port. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** Everything it printed. */
  readonly printed: () => string;
}

export const shortPolicy = { CURFEW_IDLE_TIMEOUT: '20s', CURFEW_WARN_BEFORE: '8s' };

type Env = Record<string, string>;

/** @param env may depend on the port that the application listens on */
export async function startApplication(env: Env | ((port: string) => Env) = shortPolicy): Promise<Application> {
  const folder = mkdtempSync(join(tmpdir(), 'curfew-app-'));
  let output = '';
  let child: ChildProcess;
  let exited: Promise<void>;

  async function start(port: string): Promise<string> {
    const given = typeof env === 'function' ? env(port) : env;
    // In a process group of its own, so that a signal reaches the server and not only npm before it.
    child = spawn('npm', ['start'], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...given, PORT: port, CURFEW_DATABASE: `file:${join(folder, 'curfew.db')}` },
    });
    const { stdout, stderr } = child;
    if (!stdout || !stderr) throw new Error('npm start has no output');
    stderr.on('data', (data) => (output += String(data)));
    exited = new Promise((resolve) => child.once('close', () => resolve()));
    return new Promise((resolve, reject) => {
      child.once('close', (code) => reject(new Error(`npm start ended with ${code}:\n${output}`)));
      createInterface({ input: stdout }).on('line', (line) => {
        output += `${line}\n`;
        if (line.includes('"listening"')) resolve(JSON.parse(line).url);
      });
    });
  }

  async function signal(name: NodeJS.Signals) {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, name);
    await exited;
  }

  // One that nobody gets while the server is started again.
  const url = await start(String(await freePort()));
  return {
    url,
    kill: () => signal('SIGKILL'),
    restart: async () => void (await start(new URL(url).port)),
    async stop() {
      await signal('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
    printed: () => output,
  };
}
