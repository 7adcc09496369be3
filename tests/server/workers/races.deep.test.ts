import { afterAll, expect, test } from 'vitest';
import { faulty, serveRaces } from '../../support/workers/contract.ts';

const served = await serveRaces();
afterAll(() => served.close());
const names = await served.names();

// Over sockets an application on Workers is judged by judge/workers.
const inside = names.flatMap((name, n) => (name.includes('over sockets') ? [] : [[name, n] as const]));

test.each(inside)('inside of workerd: %s', { timeout: 600_000 }, async (_, n) => {
  expect(await served.run(n)).toBeNull();
  for (const [line] of served.output().matchAll(/^at once, SQLite: .*$/gm)) console.info(`inside of workerd: ${line}`);
});

test('a fault in the port is found by the races', { timeout: 600_000 }, async () => {
  // Every row that was ever written counts: an append at a version that has passed takes place.
  const fault = { from: 'select changes() as n', to: 'select total_changes() as n' };
  const broken = await serveRaces([faulty('server/workers/database.ts', fault)]);
  try {
    expect(await broken.run(0)).toContain('acceptedAfterEnd');
  } finally {
    await broken.close();
  }
});
