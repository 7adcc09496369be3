import { afterAll, describe, expect, test } from 'vitest';
import { serveContract } from '../../support/workers/contract.ts';

const served = await serveContract();
afterAll(() => served.close());
const names = await served.names();

describe('inside of workerd', () => {
  test('all suites of the stores are there', () => {
    expect(names.length).toBeGreaterThan(125);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(names.map((name, n) => [name, n] as const))('%s', async (_, n) => {
    expect(await served.run(n)).toBeNull();
  });
});

describe('a fault in the port is found by a test that says so', () => {
  const faults = [
    {
      name: 'what failed is not undone',
      from: 'storage.transactionSync(work)',
      to: 'work()',
      test: 'has none of an append that did not take place',
    },
    {
      name: 'every row that was ever written counts',
      from: 'select changes() as n',
      to: 'select total_changes() as n',
      test: 'counts the rows that a statement has changed',
    },
    {
      name: 'bytes stay as the storage returns them',
      from: 'value instanceof ArrayBuffer ? new Uint8Array(value) : value',
      to: 'value',
      test: 'gives every value back as it took it',
    },
  ];

  test.each(faults)('$name', async ({ test: finder, ...fault }) => {
    const faulty = await serveContract(fault);
    try {
      const all = await Promise.all(
        (await faulty.names()).map(async (name, n) => ({ name, why: await faulty.run(n) })),
      );
      const failed = all.flatMap(({ name, why }) => (why === null ? [] : [name]));
      console.log(`${failed.length} of ${all.length} tests find it`);
      expect(failed.join('\n')).toContain(finder);
    } finally {
      await faulty.close();
    }
  });
});
