import react from '@vitejs/plugin-react';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

const root = join(import.meta.dirname, '..', '..', '..');

/** Before the first case: an application with other people's modals, which are installed for it alone. */
export async function setup(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'curfew-modals-'));
  cpSync(join(root, 'tests', 'modals', 'package.json'), join(folder, 'package.json'));
  const quietly = ['--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline', '--legacy-peer-deps'];
  const installed = spawnSync('npm', ['install', ...quietly], { cwd: folder, encoding: 'utf8' });
  if (installed.status !== 0) throw new Error(`the modals cannot be installed:\n${installed.stderr}`);
  const outDir = join(folder, 'built');
  await build({
    root: join(root, 'tests', 'modals'),
    configFile: false,
    logLevel: 'error',
    plugins: [
      react(),
      {
        name: 'installed for this alone',
        // What the page imports is found there; what that imports, there, too, but React, of which there is only one.
        async resolveId(source, importer, options) {
          if (!/^[@a-z]/.test(source) || /^react(-dom)?($|\/)/.test(source)) return null;
          if (importer === undefined || !importer.endsWith('main.jsx')) return null;
          return this.resolve(source, join(folder, 'package.json'), { ...options, skipSelf: true });
        },
      },
    ],
    resolve: { dedupe: ['react', 'react-dom'] },
    build: { outDir, emptyOutDir: true, minify: false, target: 'esnext', chunkSizeWarningLimit: 5000 },
  });
  process.env['CURFEW_MODALS'] = outDir;
  return () => rmSync(folder, { recursive: true, force: true });
}
