import react from '@vitejs/plugin-react';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

const source = join(import.meta.dirname, 'fixture');

/** Before the first case: the fixture's pages are built, with the names of functions kept for the profiler. */
export async function setup(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'curfew-fixture-'));
  await build({
    root: source,
    configFile: false,
    logLevel: 'error',
    plugins: [react()],
    build: {
      outDir: folder,
      emptyOutDir: true,
      minify: false,
      // A page may wait for what it is there for.
      target: 'esnext',
      chunkSizeWarningLimit: 5000,
      rolldownOptions: {
        input: ['index', 'forms', 'framed', 'inner', 'signed-in'].map((name) => join(source, `${name}.html`)),
      },
    },
  });
  process.env['CURFEW_FIXTURE'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
