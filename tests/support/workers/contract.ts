import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';
import { bundle, type BundleOptions } from './bundle.ts';
import { serve } from './workerd.ts';

const inside = (file: string) => resolve('tests/support/workers/inside', file);

/** What stands elsewhere inside of workerd: the suites are the same. */
const alias = [
  { find: /^vitest$/, replacement: inside('vitest.ts') },
  { find: /^.*\/contract\/adapters\.ts$/, replacement: inside('adapters.ts') },
  { find: /^.*\/server\/eachDatabase\.ts$/, replacement: inside('eachDatabase.ts') },
];

/** The same for whole servers. */
const aliasOfWorlds = [
  { find: /^vitest$/, replacement: inside('vitest.ts') },
  { find: /^\.\/stores\.ts$/, replacement: inside('races/stores.ts') },
  { find: /^\.\/parts\.ts$/, replacement: inside('races/parts.ts') },
  { find: /^\.\.\/sockets\.ts$/, replacement: inside('races/sockets.ts') },
  { find: /^.*\/oidc\/provider\.ts$/, replacement: inside('races/provider.ts') },
];

/** A fault that is put into a file; `from` stands in it exactly once. */
export interface PortFault {
  readonly from: string;
  readonly to: string;
}

const port = 'server/workers/database.ts';

const put = (fault: PortFault): Plugin => faulty(port, fault);

/** Puts a fault into a file of the sources as it is bundled. */
export const faulty = (file: string, { from, to }: PortFault): Plugin => ({
  name: 'a fault',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith(file)) return null;
    if (code.split(from).length !== 2) throw new Error(`${file} does not hold just one: ${from}`);
    return code.replace(from, () => to);
  },
});

/** Serves the suites of the stores inside of workerd, where each test has an object of its own. */
export const serveContract = (fault?: PortFault) =>
  serveSuites('contract.ts', 'ContractObject', { alias, plugins: fault ? [put(fault)] : [] });

/** Serves the races inside of workerd, all in one object. */
export const serveRaces = (plugins: readonly Plugin[] = []) =>
  serveSuites('races.ts', 'TestsObject', { alias: aliasOfWorlds, plugins });

/** Serves the paths of the model inside of workerd, all in one object. */
export const serveModel = () => serveSuites('model.ts', 'TestsObject', { alias: aliasOfWorlds });

async function serveSuites(file: string, object: string, options: BundleOptions) {
  const folder = mkdtempSync(join(tmpdir(), 'curfew-workerd-'));
  await bundle(inside(file), folder, options);
  const { url, kill, output } = await serve({ folder, objects: { OBJECTS: object } });
  const ask = async (path: string): Promise<unknown> => (await fetch(`${url}/${path}`)).json();
  return {
    names: async () => (await ask('tests')) as string[],
    /** @returns why a test has failed, `null` when it has passed. */
    run: async (test: number) => (await ask(String(test))) as string | null,
    output,
    async close() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
