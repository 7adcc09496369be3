import type { AttemptCounts, AttemptStore, FailureRecord } from '../store/attempts.ts';
import type { CurfewDirectory } from './directory.ts';
import { reach } from './reach.ts';

type Host = Pick<CurfewDirectory, 'enterAttempt' | 'leaveAttempt'>;

/**
 * Counts attempts in objects that belong to no user: those of one address in one, whatever names are tried. What is to be
 * decided is decided here, on counts as they were read, and holds if they are still the same there.
 *
 * @param hostOf tells where the counts of a key are
 */
export const remoteAttempts = (hostOf: (key: string) => Host): AttemptStore => ({
  async enter(key, at, judge) {
    const host = hostOf(key);
    let { counts } = await reach(() => host.enterAttempt(key, at, null));
    for (;;) {
      const read: AttemptCounts = counts;
      const verdict = judge(read);
      if (!verdict.enters) return verdict;
      const answer = await reach(() => host.enterAttempt(key, at, read));
      if (answer.isEntered) return verdict;
      ({ counts } = answer);
    }
  },
  async leave(key, at, become) {
    const host = hostOf(key);
    let read: FailureRecord | null = (await reach(() => host.enterAttempt(key, at, null))).counts.failures;
    for (;;) {
      const before = read;
      const { isLeft, failures } = await reach(() => host.leaveAttempt(key, at, before, become(before)));
      if (isLeft) return;
      read = failures;
    }
  },
  // Where they are counted, that is done, too.
  async purge() {},
});
