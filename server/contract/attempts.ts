import type { AttemptCounts } from '../store/attempts.ts';
import type { OpenStores, TestKit } from './kit.ts';

const key = 'an account';

/** Lets one in at a time, and none where anything has failed. */
const oneByOne = ({ failures, trying }: AttemptCounts) => ({ enters: failures === null && trying === 0 });

const failed = { count: 1, since: 1, lastAt: 1 };

export function attemptsContract({ describe, expect, test }: TestKit, open: OpenStores): void {
  describe('failed attempts', () => {
    test('are counted: those that are under way, and those that have failed', async () => {
      const { attempts } = await open();
      const seen: AttemptCounts[] = [];
      const look = (counts: AttemptCounts) => {
        seen.push(counts);
        return { enters: true };
      };
      await attempts.enter(key, 1, look);
      await attempts.enter(key, 1, look);
      await attempts.leave(key, 1, () => failed);
      await attempts.enter(key, 1, look);
      expect(seen.map(({ failures, trying }) => [failures, trying])).toEqual([
        [null, 0],
        [null, 1],
        [failed, 1],
      ]);
    });

    test('of many that come at once as many enter as are let in, one after the other', async () => {
      const { attempts } = await open();
      const verdicts = await Promise.all(Array.from({ length: 10 }, () => attempts.enter(key, 1, oneByOne)));
      expect(verdicts.filter(({ enters }) => enters)).toHaveLength(1);
      await attempts.leave(key, 1, () => null);
      expect(await attempts.enter(key, 1, oneByOne)).toEqual({ enters: true });
    });

    test('are not counted where the attempt was not let in, and none of another key', async () => {
      const { attempts } = await open();
      await attempts.enter(key, 1, () => ({ enters: false }));
      await attempts.enter('another', 1, () => ({ enters: true }));
      expect(await attempts.enter(key, 1, oneByOne)).toEqual({ enters: true });
    });

    test('are forgotten by a purge once they have been quiet for long enough', async () => {
      const { attempts } = await open();
      await attempts.enter(key, 1, () => ({ enters: true }));
      await attempts.leave(key, 1, () => failed);
      await attempts.purge(0);
      expect(await attempts.enter(key, 2, oneByOne)).toEqual({ enters: false });
      await attempts.purge(1);
      expect(await attempts.enter(key, 2, oneByOne)).toEqual({ enters: true });
    });
  });
}
