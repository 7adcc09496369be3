import type { AttemptCounts, AttemptStore, FailureRecord } from '../store/attempts.ts';
import type { CurfewDirectory } from './directory.ts';
import { reach } from './reach.ts';

type Host = Pick<CurfewDirectory, 'enterAttempt' | 'leaveAttempt'>;

/**
 * Counts attempts in an object that belongs to no user: those of one address in one, whatever names are tried. What is to
 * be decided is decided here, on counts as they were read, and holds if they are still the same there.
 *
 * @param hostOf tells where the counts of a key are
 */
export const remoteAttempts = (hostOf: (key: string) => Host): AttemptStore => ({
  async enter(keys, at, judge) {
    const host = hostOf(keys[0] ?? '');
    let { counts } = await reach(() => host.enterAttempt(keys, at, null));
    for (;;) {
      const read: readonly AttemptCounts[] = counts;
      const verdict = judge(new Map(read.map((each, index) => [keys[index] ?? '', each])));
      if (!verdict.enters) return verdict;
      const answer = await reach(() => host.enterAttempt(keys, at, read));
      if (answer.isEntered) return verdict;
      ({ counts } = answer);
    }
  },
  async leave(keys, at, become) {
    const host = hostOf(keys[0] ?? '');
    const { counts } = await reach(() => host.enterAttempt(keys, at, null));
    let read: readonly (FailureRecord | null)[] = counts.map(({ failures }) => failures);
    for (;;) {
      const before = read;
      const after = before.map((failures, index) => become(keys[index] ?? '', failures));
      const others = await reach(() => host.leaveAttempt(keys, at, before, after));
      if (others === null) return;
      read = others;
    }
  },
  // Where they are counted, that is done, too.
  async purge() {},
});
