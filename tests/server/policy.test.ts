import { expect, test } from 'vitest';
import { minutes, presets, seconds, type Policy } from '../../machines/index.ts';
import { createApp } from '../../server/app/app.ts';
import { sqliteAppStore } from '../../server/app/store/sqlite.ts';
import { embeddedParts, openDatabase, postgresParts } from '../../server/index.ts';
import { freshPostgres } from '../support/postgres/fresh.ts';
import { Client, t0 } from '../support/server/world.ts';

const rest = { secret: 'a secret of at least thirty-two bytes', clock: () => 0, write: () => {} };

const doors: [string, (policy: Policy) => Promise<{ readonly policy: Policy }>][] = [
  ['SQLite', async (policy) => embeddedParts({ ...rest, database: openDatabase(':memory:'), policy })],
  ['PostgreSQL', async (policy) => postgresParts({ ...rest, database: await freshPostgres(), policy })],
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
    await expect(warningTooLong).rejects.toThrow('policy.warnBefore is 300000 and must be less than idleTimeout');
  },
);

test('nobody who works all the time is signed out under a preset that was spread by hand', async () => {
  let now = t0;
  const database = openDatabase(':memory:');
  const policy = { ...presets.standard, idleTimeout: seconds(5), warnBefore: seconds(1) };
  const parts = await embeddedParts({ ...rest, database, policy, clock: () => now });
  const ada = new Client(createApp(parts, sqliteAppStore(database)), 'bearer');
  await ada.register();
  for (let n = 0; n < 10; n++) {
    now += seconds(1);
    expect((await ada.get('/api/conversations', { 'Session-Activity': 'user' })).status).toBe(200);
  }
});
