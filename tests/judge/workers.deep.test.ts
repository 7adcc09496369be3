import { afterEach, expect, test } from 'vitest';
import { judgeOn } from '../support/judge/engines.ts';
import { isSoak } from '../support/soak/counters.ts';
import { bundledApplication, startApplication } from '../support/workers/application.ts';
import type { Running } from '../support/workers/workerd.ts';

const application = await bundledApplication();
const nodes: Running[] = [];
afterEach(async () => {
  await Promise.all(nodes.splice(0).map(({ kill }) => kill()));
  application.remove();
});

const times = Number(process.env['CURFEW_KILLS'] ?? (isSoak ? 50 : 12));
const options = { policy: { maxSessions: 3 } };

test('Promises 1 and 8 on Durable Objects, killed in the middle, what several clients are told holds together', async () => {
  nodes.push(await startApplication(application.folder, options));
  const disturb = async () => {
    for (let time = 0; time < times; time++) {
      // In the middle: some answers have come since.
      for (let look = 0; look < 10; look++) await fetch(`${nodes[0]?.url}/api/auth/me`);
      await nodes[0]?.kill();
      nodes[0] = await startApplication(application.folder, options);
    }
  };
  await judgeOn(`Durable Objects, killed ${times} times`, nodes, { limit: 3, disturb });
  expect(nodes).toHaveLength(1);
}, 600_000);
