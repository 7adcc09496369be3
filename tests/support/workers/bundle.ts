import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, resolve } from 'node:path';
import { build, type Alias, type Plugin } from 'vite';

/** What a bundle is made of, besides of what its entry imports. */
export interface BundleOptions {
  /** Imports that lead elsewhere inside of workerd. */
  readonly alias?: readonly Alias[];
  readonly plugins?: readonly Plugin[];
}

/** The package says that its modules only export; its tests count for what they do. */
const keepTests: Plugin = {
  name: 'keep tests',
  transform: (code, id) => (id.includes('/tests/') ? { code, moduleSideEffects: true } : null),
};

const require = createRequire(import.meta.url);

/** What is compiled already stays a module of its own, beside the bundle. */
const keepCompiled = (folder: string): Plugin => ({
  name: 'keep compiled',
  enforce: 'pre',
  resolveId(id) {
    if (!id.endsWith('.wasm')) return null;
    mkdirSync(folder, { recursive: true });
    copyFileSync(require.resolve(id), resolve(folder, basename(id)));
    return { id: `./${basename(id)}`, external: true };
  },
});

/** Makes one module of a worker: what it imports is in it, but for what workerd itself has. @returns its path */
export async function bundle(
  entry: string,
  folder: string,
  { alias = [], plugins = [] }: BundleOptions = {},
): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: { alias: [...alias], conditions: ['workerd', 'worker', 'module', 'import', 'default'] },
    ssr: { target: 'webworker', noExternal: true },
    plugins: [keepTests, keepCompiled(folder), ...plugins],
    build: {
      ssr: resolve(entry),
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: {
        external: [/^node:/, /^cloudflare:/],
        output: { entryFileNames: 'worker.js', codeSplitting: false },
      },
    },
  });
  return resolve(folder, 'worker.js');
}
