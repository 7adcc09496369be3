import { rmSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { inject } from 'vitest';
import { bin, installed, run as runToEnd } from '../packages/bench.ts';
import { run, tidy, type Child } from '../server/child.ts';

const folders: string[] = [];

/** An application of `tests/recipes/`, in a folder of its own, with the packed library. */
export interface Recipe {
  readonly folder: string;
  /**
   * Starts `server.ts` or another file, with arguments, on a free port.
   *
   * @param line where it listens, as it prints it; default a line of its own
   */
  readonly start: (file: string, env?: Readonly<Record<string, string>>, line?: RegExp) => Promise<Started>;
  /** Runs a command of its packages to its end. @throws when it fails, with what it printed */
  readonly build: (command: string, args: readonly string[]) => Promise<void>;
}

/** A server that listens. */
export interface Started extends Child {
  readonly url: string;
}

/** What every recipe's server is started with. */
const environment = {
  CURFEW_SECRET: 'a secret of the recipes, of 32 bytes and more',
  PORT: '0',
  NEXT_TELEMETRY_DISABLED: '1',
};

async function finished(command: string, args: readonly string[], folder: string): Promise<void> {
  const PATH = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  // What is built by a test runner would be built for testing; and nothing is told to anybody.
  const env = { ...process.env, PATH, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' };
  const { status, output } = await runToEnd(command, [...args], folder, env);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${output}`);
}

/** Installs a recipe and the tarball with it, as a user of it would, and checks its types against those of the tarball. */
export async function recipe(name: string): Promise<Recipe> {
  const folder = await installed(name, inject('tarball'), 'tests/recipes');
  folders.push(folder);
  await finished(bin('tsc'), ['-p', folder], folder);
  return {
    folder,
    async start(file, env = {}, line = /^https?:\/\/\S+$/) {
      const child = run(file.split(' '), { ...environment, ...env }, folder);
      const [url = ''] = /https?:\/\/\S+/.exec(await child.line(line)) ?? [];
      return { ...child, url };
    },
    build: (command, args) => finished(`${folder}/node_modules/.bin/${command}`, args, folder),
  };
}

/** Ends what runs, each by its id, and removes the folders. */
export async function cleanUp(): Promise<void> {
  await tidy();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
