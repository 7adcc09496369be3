import { freePort } from '../freePort.ts';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** Otherwise the buttons of the window let it be no narrower than 450 pixels. */
function slimWindows(): string {
  const folder = mkdtempSync(join(tmpdir(), 'curfew-webkit-'));
  mkdirSync(join(folder, 'gtk-3.0'));
  const style =
    '* { min-width: 0; min-height: 0; padding: 0; margin: 0; font-size: 1px; -gtk-icon-transform: scale(0); }';
  writeFileSync(join(folder, 'gtk-3.0', 'gtk.css'), style);
  return folder;
}

/** Starts the driver on a free port of this machine. */
export async function startDriver(): Promise<Driver> {
  const program = programIn(['/usr/bin', '/usr/local/bin'], 'WebKitWebDriver');
  const [port, display] = await Promise.all([freePort(), startDisplay()]);
  const config = slimWindows();
  const env = {
    ...process.env,
    XDG_CONFIG_HOME: config,
    DISPLAY: display.name,
    LIBGL_ALWAYS_SOFTWARE: '1',
    GDK_BACKEND: 'x11',
  };
  const driver = spawn(program, [`--port=${port}`], { detached: true, stdio: 'ignore', env });
  const url = `http://127.0.0.1:${port}`;
  await vi.waitFor(() => fetch(`${url}/status`), { timeout: 30_000, interval: 50 });
  return {
    url,
    async stop() {
      await end(driver);
      display.process.kill();
      rmSync(config, { recursive: true, force: true });
    },
  };
}
