import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SessionEvent } from '../../machines/index.ts';
import type { Change, Stored } from '../../server/store/eventLog.ts';
import { adapters, stores } from '../support/contract/adapters.ts';
import type { OpenSessions } from '../../server/contract/kit.ts';
import { given, present } from '../../server/contract/given.ts';
import { begun, clock, decided, extended, later, signedOut, storedAs } from '../../server/contract/history.ts';
import { memorySessions, type Sessions } from '../support/memory/eventLog.ts';

const happenings = {
  extended: (at: number) => [extended(at)],
  several: (at: number) => [extended(at), extended(at + 1), extended(at + 2)],
  signedOut: (at: number) => [signedOut(at)],
  lapsed: (at: number) => [clock(at + 2_400_000)],
} satisfies Record<string, (at: number) => readonly SessionEvent[]>;

/** What is appended at the same moment: to which session, decided on its last version or on the first, and what. */
const burst = fc.array(
  fc.record({
    session: fc.nat(5),
    isStale: fc.boolean(),
    what: fc.constantFrom(...(Object.keys(happenings) as (keyof typeof happenings)[])),
  }),
  { minLength: 1, maxLength: 12 },
);

const everythingOf = async ({ log, overview }: Sessions, ids: readonly string[]) => ({
  sessions: await Promise.all(ids.map((id) => log.load(id))),
  entries: await Promise.all(ids.map((id) => log.read(id, 0, 1000))),
  due: (await overview.due(Infinity, 10_000)).filter((id) => ids.includes(id)),
  ended: (await overview.ended(Infinity, 10_000)).filter(({ id }) => ids.includes(id)),
});

describe.each<[string, OpenSessions]>([...adapters, ...stores])('appends at the same moment in %s', (_, open) => {
  test('come to what they come to one by one, in some order: those that were appended first', async () => {
    const [kept, reference] = [await open(), memorySessions()];
    const { log } = kept;
    let run = 0;
    const heard: string[] = [];
    log.subscribe((id) => void heard.push(id));
    await fc.assert(
      fc.asyncProperty(fc.array(burst, { minLength: 1, maxLength: 4 }), async (bursts) => {
        run += 1;
        const beginnings = Array.from({ length: 6 }, (_each, index) => begun(`${run}-${index}`, `user ${run}`));
        const firsts = await given(log, ...beginnings);
        await given(reference.log, ...beginnings);
        const lasts: Stored[] = [...firsts];
        for (const [minute, all] of bursts.entries()) {
          const changes = all.flatMap(({ session, isStale, what }): Change[] => {
            const stored = (isStale ? firsts : lasts)[session];
            const change = stored && decided(stored, happenings[what](later(minute + 1)));
            return change && change.entries.length > 0 ? [change] : [];
          });
          heard.length = 0;
          const outcomes = await Promise.all(changes.map((change) => log.append([change])));
          const of = (outcome: string) => changes.filter((_change, index) => outcomes[index] === outcome);
          const appended = of('appended');
          for (const change of appended) expect(await reference.log.append([change])).toBe('appended');
          for (const change of of('wrong_expected_version'))
            expect(await reference.log.append([change])).toBe('wrong_expected_version');
          expect(heard.toSorted()).toEqual(appended.map(({ id }) => id).toSorted());
          for (const change of appended)
            lasts[firsts.findIndex(({ id }) => id === change.id)] = { ...storedAs(change), device: firsts[0]!.device };
        }
        const ids = beginnings.map(({ id }) => id);
        expect(await everythingOf(kept, ids)).toEqual(await everythingOf(reference, ids));
      }),
      { numRuns: 25 },
    );
  });

  test('to a session that has ended with all others fail, and those that end it do not', async () => {
    const { log } = await open();
    const firsts = await given(log, ...['s1', 's2', 's3', 's4', 's5'].map((id) => begun(id, id)));
    await log.revokeAll({ at: later(1), by: 'operator', reason: 'leak', except: 's2' });
    const outcomes = await Promise.all(
      firsts.map((first, index) =>
        log.append([decided(first, [index < 3 ? extended(later(2)) : signedOut(later(2))])]),
      ),
    );
    const no = 'wrong_expected_version';
    expect(outcomes).toEqual([no, 'appended', no, 'appended', 'appended']);
    expect((await present(log, 's4')).state.leaf).toBe('ended.signedOut');
  });

  test('that are a bug fail alone', async () => {
    const { log } = await open();
    const firsts = await given(log, ...['s1', 's2', 's3', 's4'].map((id) => begun(id)));
    const changes = firsts.map((first) => decided(first, [extended(later(1)), extended(later(2))]));
    const wrong = changes.map((change, index) =>
      index === 2 ? { ...change, entries: change.entries.slice(1) } : change,
    );
    const outcomes = await Promise.allSettled(wrong.map((change) => log.append([change])));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  });
});
