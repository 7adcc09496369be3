import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * A server of one checkout, which is told by messages of its parent when to begin and when to stop counting the CPU time
 * that it takes. Started by `requests.ts`, with the folder of the checkout and the `activityResolution` of its policy.
 */

const [root = '', resolution = ''] = process.argv.slice(2);
const load = (path: string) => import(pathToFileURL(join(root, path)).href);

const { createCurfew, embeddedParts, openDatabase } = await load('server/index.ts');
const { presets } = await load('machines/index.ts');
const { Hono } = await load('node_modules/hono/dist/index.js');
const { serve } = await load('node_modules/@hono/node-server/dist/index.mjs');

const folder = mkdtempSync(join(tmpdir(), 'curfew-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const policy = { ...presets.standard, ...(resolution !== '' && { activityResolution: Number(resolution) }) };
const parts = await embeddedParts({
  database: openDatabase(join(folder, 'curfew.db')),
  policy,
  secret: 'a secret of at least thirty-two bytes',
  clock: () => Date.now(),
  write: () => {},
  cost: { memory: 8, passes: 1, parallelism: 1 },
});
const curfew = createCurfew(parts);
const app = new Hono();
app.use('/api/*', curfew.protect);
app.route('/', curfew.routes);
app.get('/api/hello', (c: { json: (value: object) => Response; var: { session: { user: string } } }) =>
  c.json({ hello: c.var.session.user }),
);

const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
await once(server, 'listening');
let begun = process.cpuUsage();
process.on('message', (message) => {
  if (message === 'begin') {
    begun = process.cpuUsage();
    process.send?.('begun');
    return;
  }
  const { user, system } = process.cpuUsage(begun);
  process.send?.({ cpuSeconds: (user + system) / 1_000_000 });
});
process.on('disconnect', () => process.exit());
process.send?.({ port: server.address().port });
