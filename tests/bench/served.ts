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

const server = await load('server/index.ts');
const { presets } = await load('machines/index.ts');
const { Hono } = await load('node_modules/hono/dist/index.js');
const { serve } = await load('node_modules/@hono/node-server/dist/index.mjs');

const folder = mkdtempSync(join(tmpdir(), 'curfew-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const policy = { ...presets.standard, ...(resolution !== '' && { activityResolution: Number(resolution) }) };
const file = join(folder, 'curfew.db');
const secret = 'a secret of at least thirty-two bytes';
const cost = { memory: 8, passes: 1, parallelism: 1 };
const write = () => {};

/** What a checkout of 0.1.0 is asked for. */
async function ofParts() {
  const { createCurfew, embeddedParts, openDatabase } = server;
  const clock = () => Date.now();
  return createCurfew(await embeddedParts({ database: openDatabase(file), policy, secret, clock, write, cost }));
}

async function ofOptions() {
  const { sqlite } = await load('server/sqlite/index.ts');
  const accounts = server.passwords({ cost, register: true });
  const { protect, routes } = await server.createCurfew({ store: sqlite(file), policy, secret, accounts, write });
  return { protect: protect(), routes };
}

const curfew = await ('embeddedParts' in server ? ofParts() : ofOptions());
const app = new Hono();
app.use('/api/*', curfew.protect);
app.route('/', curfew.routes);
app.get('/api/hello', (c: { json: (value: object) => Response; var: { session: { user: string } } }) =>
  c.json({ hello: c.var.session.user }),
);

const listening = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
await once(listening, 'listening');
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
process.send?.({ port: listening.address().port });
