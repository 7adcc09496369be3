import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { vi } from 'vitest';

/** A WebDriver server for WebKitGTK, which is the engine of Safari, on a display of its own. */
export interface Driver {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const how = 'Debian: `apt-get install webkit2gtk-driver xvfb`';

/** @returns the path of a program. Throws with what to install when there is none. */
function programIn(folders: readonly string[], name: string): string {
  const path = folders.map((folder) => `${folder}/${name}`).find(existsSync);
  if (path === undefined) throw new Error(`The tests in WebKit need ${name}. ${how}`);
  return path;
}

/** The browser window that the driver opens. */
export const miniBrowser = (): string =>
  programIn(
    ['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/webkit2gtk-4.1`),
    'MiniBrowser',
  );

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A screen in memory. The server chooses a free number and writes it to its fourth file descriptor. */
async function startDisplay(): Promise<{ readonly name: string; readonly process: ChildProcess }> {
  const args = ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'];
  const display = spawn(programIn(['/usr/bin'], 'Xvfb'), args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const lines = createInterface({ input: display.stdio[3] as Readable });
  const number = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    display.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)));
  });
  return { name: `:${number}`, process: display };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  // Its browser belongs to its process group, and a browser whose page hangs does not end by itself.
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  await exited;
}

/** Starts the driver on a free port of this machine. */
export async function startDriver(): Promise<Driver> {
  const program = programIn(['/usr/bin', '/usr/local/bin'], 'WebKitWebDriver');
  const [port, display] = await Promise.all([freePort(), startDisplay()]);
  const env = { ...process.env, DISPLAY: display.name, LIBGL_ALWAYS_SOFTWARE: '1', GDK_BACKEND: 'x11' };
  const driver = spawn(program, [`--port=${port}`], { detached: true, stdio: 'ignore', env });
  const url = `http://127.0.0.1:${port}`;
  await vi.waitFor(() => fetch(`${url}/status`), { timeout: 30_000, interval: 50 });
  return {
    url,
    async stop() {
      await end(driver);
      display.process.kill();
    },
  };
}
