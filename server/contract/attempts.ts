import type { AttemptCounts } from '../store/attempts.ts';
import type { OpenStores, TestKit } from './kit.ts';

const keys = ['address', 'account'];

/** Lets one in at a time, and none where anything has failed. */
const oneByOne = (countsByKey: ReadonlyMap<string, AttemptCounts>) => ({
  enters: keys.every((key) => {
    const { failures, trying } = countsByKey.get(key) ?? { failures: null, trying: 0 };
    return failures === null && trying === 0;
  }),
});

const failed = { count: 1, since: 1, lastAt: 1 };

export function attemptsContract({ describe, expect, test }: TestKit, open: OpenStores): void {
  describe('failed attempts', () => {
    test('are counted by key: of those that are under way, and of those that have failed', async () => {
      const { attempts } = await open();
      const seen: (AttemptCounts | undefined)[] = [];
      const look = (countsByKey: ReadonlyMap<string, AttemptCounts>) => {
        seen.push(countsByKey.get('account'));
        return { enters: true };
      };
      await attempts.enter(keys, 1, look);
      await attempts.enter(keys, 1, look);
      await attempts.leave(keys, 1, (key) => (key === 'account' ? failed : null));
      await attempts.enter(['account'], 1, look);
      expect(seen.map((counts) => [counts?.failures ?? null, counts?.trying ?? 0])).toEqual([
        [null, 0],
        [null, 1],
        [failed, 1],
      ]);
    });

    test('of many that come at once as many enter as are let in, one after the other', async () => {
      const { attempts } = await open();
      const verdicts = await Promise.all(Array.from({ length: 10 }, () => attempts.enter(keys, 1, oneByOne)));
      expect(verdicts.filter(({ enters }) => enters)).toHaveLength(1);
      await attempts.leave(keys, 1, () => null);
      expect(await attempts.enter(keys, 1, oneByOne)).toEqual({ enters: true });
    });

    test('are not counted where the attempt was not let in, and none of another key', async () => {
      const { attempts } = await open();
      await attempts.enter(keys, 1, () => ({ enters: false }));
      await attempts.enter(['another'], 1, () => ({ enters: true }));
      expect(await attempts.enter(keys, 1, oneByOne)).toEqual({ enters: true });
    });

    test('are forgotten by a purge once they have been quiet for long enough', async () => {
      const { attempts } = await open();
      await attempts.enter(keys, 1, () => ({ enters: true }));
      await attempts.leave(keys, 1, () => failed);
      await attempts.purge(0);
      expect(await attempts.enter(keys, 2, oneByOne)).toEqual({ enters: false });
      await attempts.purge(1);
      expect(await attempts.enter(keys, 2, oneByOne)).toEqual({ enters: true });
    });
  });
}
