import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerAnswer, ServerOrder } from './orders.ts';
import type { Served, StartOptions } from './peer.ts';

// The server of one peer, which does what its parent says: it signs users in, and tells what it took to answer.
const [file = '', variant = ''] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'curfew-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.on('disconnect', () => process.exit());

const { start }: { start: (options: StartOptions) => Promise<Served> } = await import(`./peers/${file}.ts`);
const served = await start({ variant, folder });
let begun = { cpu: process.cpuUsage(), writes: 0 };

async function answerTo(order: ServerOrder): Promise<ServerAnswer> {
  switch (order.type) {
    case 'signIn': {
      const credentials: string[] = [];
      for (const user of order.users) credentials.push(await served.signIn(user, order.carrier));
      return { credentials };
    }
    case 'begin':
      begun = { writes: (await served.writes?.()) ?? 0, cpu: process.cpuUsage() };
      return {};
    case 'end': {
      const { user, system } = process.cpuUsage(begun.cpu);
      const writes = await served.writes?.();
      return {
        cpu: user + system,
        rss: process.memoryUsage.rss(),
        ...(writes !== undefined && { writes: writes - begun.writes }),
      };
    }
    case 'advance':
      served.advance?.(order.ms);
      return {};
  }
}

process.on('message', (order: ServerOrder) => void answerTo(order).then((answer) => process.send?.(answer)));
process.send?.({ port: served.port, ...(served.opening !== undefined && { opening: served.opening }) });
