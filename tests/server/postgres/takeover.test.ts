import { expect, test } from 'vitest';
import { beginning, speak } from '../../../server/postgres/speak.ts';
import { administer, emptyDatabase, opened } from '../../support/postgres/fresh.ts';

test('a node learns how long ago the server took over that it meets, and nothing of it where no other one is known', async () => {
  const address = await emptyDatabase();
  const database = await opened(address);
  const tookOver = async () => {
    const saying = { id: 'a node', payload: 'a node:1', lease: 0, seen: beginning, isDurable: true };
    return (await speak(database.query, saying)).tookOver;
  };
  expect(await tookOver()).toBeNull();
  expect(await tookOver()).toBeNull();

  // As a standby that was promoted finds what the primary before it had written.
  await administer("update curfew_timelines set name = '00000000'", address);
  expect(await tookOver()).toBe(0);
  await administer("update curfew_timelines set met_at = met_at - interval '1 hour' where name = '00000000'", address);
  expect(await tookOver()).toBeLessThan(3_600_000);
  await administer(
    "update curfew_timelines set met_at = met_at - interval '2 hours' where name <> '00000000'",
    address,
  );
  expect(await tookOver()).toBeGreaterThanOrEqual(7_200_000);
});
