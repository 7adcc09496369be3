import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { rolldown } from 'rolldown';

/**
 * Packs the first build, which later ones have to get along with, into the two archives beside this file:
 * `node tests/golden/first/pack.ts FOLDER`, where the folder is a checkout of commit f59be9b in which
 * `node setup.mjs app` was run. It was done once; the archives are never written again.
 */

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('say where the first build is checked out');

const entryPath = join(folder, 'entry.ts');

/** What `house.ts` needs of the server. Everything it depends on is packed, too, in the versions it was built with. */
const entry = `
  import { Hono } from 'hono';
  import { createPolicy, presets } from './machines/index.ts';
  import { createApp } from './server/app/app.ts';
  import { createCurfew } from './server/curfew.ts';
  import { openStores } from './server/stores.ts';
  import { sweep } from './server/sweeper.ts';

  export { pages } from './server/app/pages.ts';

  export async function openNode({ database, policy, root = null, hold = (parts) => parts, ...options }) {
    const made = createPolicy(presets.standard, policy ?? {});
    if (!made.ok) throw new Error(JSON.stringify(made.faults));
    const stores = await openStores(database);
    const parts = await stores.parts({ ...options, policy: made.policy });
    const held = hold(parts);
    return {
      parts,
      application: createApp(parts, stores.appStore, root),
      routes: new Hono().route('/', createCurfew(held).routes),
      sweep: () => sweep(held),
      close: () => stores.close(),
    };
  }
`;

function store(name: string, content: string): void {
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  const packed = brotliCompressSync(content, { params });
  writeFileSync(new URL(name, import.meta.url), packed, { flag: 'wx' });
  console.log(`${name}: ${packed.length} bytes`);
}

async function packServer(): Promise<void> {
  const bundle = await rolldown({
    input: entryPath,
    platform: 'node',
    logLevel: 'silent',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entryPath ? id : null),
        load: (id) => (id === entryPath ? entry : null),
      },
    ],
    // The driver tries these where they are installed.
    external: [/^node:/, 'pg-native', 'pg-cloudflare', 'cloudflare:sockets'],
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true, codeSplitting: false });
  store('server.mjs.br', output[0].code);
}

/** The library that lays charts out for the inspector is half of everything, and is loaded there alone. */
const isNeeded = (name: string): boolean => !name.includes('elk.bundled');

/** One JSON object: each path, and what the file holds. */
function packApplication(built: string): void {
  const files = readdirSync(built, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile() && isNeeded(each.name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted();
  const contents = files.map((path) => [path.slice(built.length + 1), readFileSync(path, 'utf8')]);
  store('application.json.br', JSON.stringify(Object.fromEntries(contents)));
}

await packServer();
packApplication(join(folder, 'dist', 'app'));
