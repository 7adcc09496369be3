import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'web/app',
  plugins: [react()],
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
