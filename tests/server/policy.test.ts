import { expect, test } from 'vitest';
import { minutes, presets, seconds, type Policy } from '../../machines/index.ts';
import { sqliteAppStore } from '../../server/app/store/sqlite.ts';
import { memory } from '../../server/memory/index.ts';
import { postgres } from '../../server/postgres/index.ts';
import { appOn, partsOn } from '../support/server/parts.ts';
import { openDatabase, sqlite } from '../../server/sqlite/index.ts';
import { freshPostgres } from '../support/postgres/fresh.ts';
import { Client, t0 } from '../support/server/world.ts';

const rest = { secret: 'a secret of at least thirty-two bytes', clock: () => 0, write: () => {} };

const doors: [string, (policy: Policy) => Promise<{ readonly policy: Policy | null }>][] = [
  ['memory', async (policy) => partsOn(memory(), { ...rest, policy })],
  ['SQLite', async (policy) => partsOn(sqlite(openDatabase(':memory:')), { ...rest, policy })],
  ['PostgreSQL', async (policy) => partsOn(postgres(await freshPostgres()), { ...rest, policy })],
];

test.each(doors)(
  'on %s a preset that was spread with one limit changed is clamped or refused by name',
  async (_, open) => {
    const spread = { ...presets.standard, idleTimeout: seconds(5), warnBefore: seconds(1), maxLease: minutes(6000) };
    expect((await open(spread)).policy).toMatchObject({
      activityResolution: 400,
      maxLease: presets.standard.absoluteTimeout,
    });

    const warningTooLong = open({ ...presets.standard, idleTimeout: minutes(5) });
    await expect(warningTooLong).rejects.toThrow(
      'createCurfew: policy.warnBefore must be less than idleTimeout, and is 300000',
    );
  },
);

test('nobody who works all the time is signed out under a preset that was spread by hand', async () => {
  let now = t0;
  const database = openDatabase(':memory:');
  const policy = { ...presets.standard, idleTimeout: seconds(5), warnBefore: seconds(1) };
  const parts = await partsOn(sqlite(database), { ...rest, policy, clock: () => now });
  const ada = new Client(appOn(parts, sqliteAppStore(database)), 'bearer');
  await ada.register();
  for (let n = 0; n < 10; n++) {
    now += seconds(1);
    expect((await ada.get('/api/conversations', { 'Session-Activity': 'user' })).status).toBe(200);
  }
});
