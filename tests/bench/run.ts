import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withSection } from '../support/section.ts';
import { installPeers } from './install.ts';
import { busy, machineOf } from './machine.ts';
import { measure, signedIn, type Bench } from './measure.ts';
import { optionsIn, type Options } from './options.ts';
import type { LoadAnswer, LoadOrder, ServerAnswer, ServerOrder } from './orders.ts';
import type { Peer } from './peer.ts';
import { bare, peers } from './peers.ts';
import { cores, startPinned } from './pinned.ts';
import { checkRefusals } from './refusals.ts';
import { ratiosTable, rowKeyOf, type Measured } from './table.ts';
import { targetsTable } from './targets.ts';

// Compares what a request costs the server, beside others. See docs/speed.md.

const startServer = ({ file, variant = '' }: Peer) =>
  startPinned<ServerOrder, ServerAnswer>(cores.server, 'serve.ts', file, variant);

const isThere = (command: string): boolean => spawnSync('which', [command]).status === 0;

/** Who takes part; who cannot is named. */
function chosen({ names }: Options): readonly Peer[] {
  const wanted = peers.filter(({ name }) => names.length === 0 || names.includes(name));
  for (const { title, needs } of wanted)
    if (needs !== undefined && !isThere(needs)) console.log(`Left out, for there is no ${needs} here: ${title}`);
  return wanted.filter(({ needs }) => needs === undefined || isThere(needs));
}

/** Measures everything of one of them, and has ours refuse what it has to. */
async function measurePeer(bench: Bench, peer: Peer, add: (measured: Measured) => void): Promise<void> {
  const server = await startServer(peer);
  try {
    for (const carrier of peer.carriers) {
      const credentials = await signedIn(server, carrier, bench.options.credentials);
      for (const scene of peer.scenes)
        for (const count of [1, credentials.length]) {
          const cell = { scene, carrier, credentials: count };
          add({ peer, cell, samples: await measure(bench, server, peer, cell, credentials) });
        }
    }
    if (peer.file === 'curfew') for (const carrier of peer.carriers) await checkRefusals(server, carrier);
  } finally {
    await server.stop();
  }
}

async function run(options: Options): Promise<readonly Measured[]> {
  const all: Measured[] = [];
  const load = await startPinned<LoadOrder, LoadAnswer>(cores.load, 'load.ts');
  try {
    for (let round = 1; round <= options.rounds; round += 1) {
      const bareServer = await startServer(bare);
      const bench: Bench = { load, bare: bareServer, options };
      try {
        for (const peer of chosen(options)) {
          console.log(`round ${round} of ${options.rounds}: ${peer.title}`);
          await measurePeer(bench, peer, (measured) => all.push(measured));
        }
      } finally {
        await bareServer.stop();
      }
    }
  } finally {
    await load.stop();
  }
  return Object.values(Object.groupBy(all, (each) => `${rowKeyOf(each)} ${each.cell.credentials}`)).map(
    (same = []) => ({
      ...(same[0] as Measured),
      samples: same.flatMap(({ samples }) => samples),
    }),
  );
}

const options = optionsIn(
  process.argv.slice(2),
  peers.map(({ name }) => name),
);
const page = join(import.meta.dirname, '..', '..', 'docs', 'speed.md');
const pageWith = (text: string) => withSection(readFileSync(page, 'utf8'), 'ratios', text);
// A page without a place for the table is found out before the measurement, not after it.
if (options.isWriting) pageWith('');
installPeers();
const busyBefore = busy();
const all = await run(options);
const text = [machineOf(options, busyBefore), ratiosTable(all), targetsTable(all)].join('\n\n');
console.log(`\n${text}`);
if (options.isWriting) writeFileSync(page, pageWith(text));
