import { afterAll, expect, test } from 'vitest';
import { serveModel } from '../../support/workers/contract.ts';

const served = await serveModel();
afterAll(() => served.close());
const names = await served.names();

const onStorage = names.flatMap((name, n) => (name.includes('in sqlite') ? [[name, n] as const] : []));

test.each(onStorage)('inside of workerd: %s', { timeout: 600_000 }, async (_, n) => {
  expect(await served.run(n)).toBeNull();
});

test('all of it is there', () => {
  expect(onStorage).toHaveLength(3);
  console.info(`inside of workerd: ${served.output().trim().split('\n').join(', ')}`);
});
