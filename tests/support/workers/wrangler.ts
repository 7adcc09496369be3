import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The reference application, ready for wrangler. */
export interface Checkout {
  readonly folder: string;
  /** What wrangler is run with: it tells nobody that it was, and asks nothing. */
  readonly env: NodeJS.ProcessEnv;
  readonly remove: () => void;
}

/** What `wrangler dev` serves. */
export interface Served {
  readonly url: string;
  readonly output: () => string;
  /** Ends wrangler and what it has started, and waits for that. */
  readonly stop: () => Promise<void>;
}

/** Copies what wrangler needs of the repository, where the pages are built; what is kept stays in the copy. */
export function checkout(): Checkout {
  const folder = mkdtempSync(join(tmpdir(), 'curfew-wrangler-'));
  for (const name of ['machines', 'server', 'wrangler.jsonc', 'tsconfig.base.json', 'package.json', 'dist/app'])
    cpSync(name, join(folder, name), { recursive: true, dereference: true });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: 'true', NO_COLOR: '1' };
  return { folder, env, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/**
 * Serves it as a stranger does: with `wrangler dev`, which runs workerd.
 *
 * @param program the path of wrangler
 * @param variables those of the application, as `.dev.vars` holds them
 */
export async function serve(
  { folder, env }: Checkout,
  program: string,
  variables: Readonly<Record<string, string>>,
): Promise<Served> {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(folder, '.dev.vars'), lines.join(''));
  const args = ['dev', '--ip', '127.0.0.1', '--port', '0', '--inspector-port', '0'];
  // In a process group of its own, so that workerd ends with it.
  const child = spawn(program, args, { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const closed = new Promise<void>((settle) => child.once('close', () => settle()));
  const url = await new Promise<string>((settle, reject) => {
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`wrangler dev ended with ${code}:\n${said}`)));
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => {
        said += String(data);
        const [, port] = /Ready on http:\/\/[^:\s]+:(\d+)/.exec(said) ?? [];
        // Browsers keep the cookie at localhost alone, without https.
        if (port !== undefined) settle(`http://localhost:${port}`);
      });
  });
  return {
    url,
    output: () => said,
    async stop() {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
        process.kill(-child.pid, 'SIGTERM');
      await closed;
    },
  };
}
