import react from '@vitejs/plugin-react';
import { createHash } from 'node:crypto';
import { build, defineConfig, type Plugin, type Rolldown } from 'vite';

type Bundle = Rolldown.OutputBundle;

/** Pages that have nothing to show without the server, and come with the largest libraries. */
const onlineOnly = /\/web\/app\/(admin|inspector)\//;

/** What the application starts from: its page, and the scripts and styles that it loads. */
function shellOf(bundle: Bundle): { url: string; revision: string | null }[] {
  const files = new Set<string>();
  const add = (name: string) => {
    const file = bundle[name];
    if (files.has(name) || file?.type !== 'chunk') return;
    if (onlineOnly.test(file.facadeModuleId ?? '')) return;
    files.add(name);
    for (const next of [...file.imports, ...file.dynamicImports]) add(next);
    for (const style of file.viteMetadata?.importedCss ?? []) files.add(style);
  };
  for (const file of Object.values(bundle)) {
    if (file.type === 'chunk' && file.facadeModuleId?.endsWith('/web/app/index.html')) add(file.fileName);
    if (file.fileName.endsWith('.svg')) files.add(file.fileName);
  }
  const page = bundle['index.html'];
  if (files.size === 0 || page?.type !== 'asset') throw new Error('There is no shell to be kept.');
  // The page's own name says nothing of its content.
  const revision = createHash('sha256').update(page.source).digest('hex').slice(0, 16);
  return [{ url: '/index.html', revision }, ...Array.from(files, (name) => ({ url: `/${name}`, revision: null }))];
}

/** Builds the service worker, as one script that knows the files of this build. */
const serviceWorker: Plugin = {
  name: 'service-worker',
  apply: 'build',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    async handler(_, bundle) {
      const built = await build({
        configFile: false,
        logLevel: 'warn',
        publicDir: false,
        define: { shell: JSON.stringify(shellOf(bundle)), 'process.env.NODE_ENV': '"production"' },
        build: {
          write: false,
          rolldownOptions: { input: 'web/app/worker/worker.ts', output: { format: 'iife', entryFileNames: 'sw.js' } },
        },
      });
      const [output] = [built].flat();
      if (!output || !('output' in output)) throw new Error('The service worker was not built.');
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: output.output[0].code });
    },
  },
};

export default defineConfig({
  root: 'web/app',
  plugins: [react(), serviceWorker],
  server: { proxy: { '^/api/': 'http://localhost:3000' } },
  build: {
    // setup.mjs names a folder of its own and swaps it in; a build by hand must not empty the one being served.
    outDir: '../../dist/scratch',
    emptyOutDir: true,
    // The page's policy is `script-src 'self'`: nothing is inlined, neither as a script nor as a data URL.
    assetsInlineLimit: 0,
    // In kB: the library that lays charts out, loaded by the inspector alone.
    chunkSizeWarningLimit: 1500,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // The service worker is built inside this build, and takes its time.
      checks: { pluginTimings: false },
      // The page at which a sign-in elsewhere ends is one of its own.
      input: ['web/app/index.html', 'web/app/signed-in.html'],
      output: {
        // What the inspector alone needs is not among them.
        codeSplitting: {
          groups: [
            {
              name: 'libraries',
              test: /node_modules\/(react|react-dom|scheduler|xstate|@xstate|idb-keyval|use-sync-external-store)\//,
            },
          ],
        },
      },
    },
  },
});
