import { expect, it } from 'vitest';
import { hours, minutes, seconds } from '../../../machines/index.ts';
import { accountLimit, addressLimit } from '../../../server/throttle/limits.ts';
import { t0 } from '../../support/server/world.ts';

it('ASVS 6.3.1 nobody waits longer than the longest delay, however far the clock was put back', () => {
  const failures = (count: number) => ({ count, since: t0, lastAt: t0 });
  const before = t0 - hours(1);
  expect(accountLimit.allowance(failures(6), before)).toEqual({ tries: 0, wait: seconds(2) });
  expect(accountLimit.allowance(failures(40), before)).toEqual({ tries: 0, wait: minutes(15) });
  expect(addressLimit.allowance(failures(100), before)).toEqual({ tries: 0, wait: minutes(1) });
});
