import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { minutes } from '../../../machines/index.ts';
import { configFromEnvironment, InvalidVariable } from '../../../server/node/index.ts';
import { createCurfew } from '../../../server/index.ts';
import { freshDatabase } from '../../support/postgres/fresh.ts';
import { folder } from '../../support/server/folder.ts';
import { secret } from '../../support/server/world.ts';

const quiet = { write: () => {} };

test('an application may read the environment of the reference application: the same limits, database and secret', async () => {
  const path = join(folder(), 'data', 'curfew.db');
  const env = { CURFEW_DATABASE: `file:${path}`, CURFEW_POLICY: 'pci', CURFEW_IDLE_TIMEOUT: '10m', PORT: '0' };
  const options = configFromEnvironment(env);
  expect(existsSync(path)).toBe(false);

  const curfew = await createCurfew({ ...options, ...quiet });
  expect(curfew.policy).toMatchObject({ idleTimeout: minutes(10), warnBefore: minutes(2), maxLease: 0 });
  await curfew.close();
  const kept = readFileSync(path.replace('.db', '.secret'), 'utf8');
  await (await createCurfew({ ...configFromEnvironment(env), ...quiet })).close();
  expect(readFileSync(path.replace('.db', '.secret'), 'utf8')).toBe(kept);
});

test('with the address of a PostgreSQL database everything is kept there', async () => {
  const env = { CURFEW_DATABASE: await freshDatabase(), CURFEW_SECRET: secret };
  const curfew = await createCurfew({ ...configFromEnvironment(env), ...quiet });
  expect(await curfew.whyNotReady()).toBeNull();
  await curfew.close();
});

test('a variable that cannot be is thrown in one line that names it', () => {
  const line = 'CURFEW_IDLE_TIMEOUT="soon" is not allowed: a duration such as 30m';
  expect(() => configFromEnvironment({ CURFEW_IDLE_TIMEOUT: 'soon' })).toThrow(InvalidVariable);
  expect(() => configFromEnvironment({ CURFEW_IDLE_TIMEOUT: 'soon' })).toThrow(line);
});
