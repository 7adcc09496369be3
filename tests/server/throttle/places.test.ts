import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../../server/sqlite/connection.ts';
import { sqliteAttempts } from '../../../server/sqlite/attempts.ts';
import type { AttemptCounts, AttemptStore } from '../../../server/store/attempts.ts';
import { accountLimit, addressLimit } from '../../../server/throttle/limits.ts';
import { failed, keep, placesIn } from '../../../server/throttle/places.ts';

const address = { key: 'address', limit: addressLimit };
const account = { key: 'account', limit: accountLimit };
const both = [address, account];

/** @returns the counts of a key, which stay as they are. */
async function countsOf(attempts: AttemptStore, key: string): Promise<AttemptCounts> {
  const { failures, trying } = await attempts.enter(key, 0, (counts) => ({ enters: false, ...counts }));
  return { failures, trying };
}

const untouched = { failures: null, trying: 0 };

function world() {
  const attempts = sqliteAttempts(openDatabase(':memory:'));
  const breaking = (name: 'enter' | 'leave', at: string): AttemptStore => ({
    ...attempts,
    [name]: (key: string, ...rest: never[]) => {
      if (key === at) return Promise.reject(new Error('out of reach'));
      return Reflect.apply(attempts[name], attempts, [key, ...rest]);
    },
  });
  return { attempts, places: placesIn(attempts, () => 0), breaking };
}

describe('the places of an attempt', () => {
  test('are entered and left one by one', async () => {
    const { attempts, places } = world();
    expect(await places.enter(both)).toEqual({ enters: true });
    for (const { key } of both) expect(await countsOf(attempts, key)).toEqual({ failures: null, trying: 1 });
    await places.leave(both, (failures, { limit }) => failed(failures, limit, 0));
    for (const { key } of both)
      expect(await countsOf(attempts, key)).toMatchObject({ failures: { count: 1 }, trying: 0 });
  });

  test.each([
    ['refused', 5, { enters: false, wait: 1_000 }],
    ['to wait', 4, { enters: false, wait: null }],
  ])('are all given back where the account has %s', async (_, count, verdict) => {
    const { attempts, places } = world();
    await attempts.enter(account.key, 0, () => ({ enters: true }));
    await attempts.leave(account.key, 0, () => ({ count, since: 0, lastAt: 0 }));
    await attempts.enter(account.key, 0, () => ({ enters: true }));
    expect(await places.enter(both)).toEqual(verdict);
    expect(await countsOf(attempts, address.key)).toEqual(untouched);
  });

  test('are all given back where one of them cannot be entered', async () => {
    const { attempts, breaking } = world();
    await expect(placesIn(breaking('enter', account.key), () => 0).enter(both)).rejects.toThrow('out of reach');
    for (const { key } of both) expect(await countsOf(attempts, key)).toEqual(untouched);
  });

  test('are left though one of them cannot be', async () => {
    const { attempts, breaking, places } = world();
    await places.enter(both);
    await expect(placesIn(breaking('leave', address.key), () => 0).leave(both, keep)).rejects.toThrow('out of reach');
    expect(await countsOf(attempts, account.key)).toEqual(untouched);
  });
});
