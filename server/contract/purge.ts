import type { EventLog } from '../store/eventLog.ts';
import type { Overview } from '../store/overview.ts';
import { given, present } from './given.ts';
import { begun, clock, decided, later, signedOut } from './history.ts';
import type { OpenSessions, TestKit } from './kit.ts';

/** Sessions of one user that ended at the minutes given, in their order. */
async function ended(log: EventLog, ...minutes: readonly number[]) {
  const ids = minutes.map((_minute, index) => `s${index}`);
  for (const [index, minute] of minutes.entries()) {
    const [started] = await given(log, begun(ids[index] ?? ''));
    await given(log, decided(started, [signedOut(later(minute))]));
  }
  return ids;
}

const record = (id: string) => `the record of ${id}`;

export function purgeContract({ describe, expect, test }: TestKit, open: OpenSessions): void {
  describe('ended sessions', () => {
    test('are found by when they ended, the longest ended first, and in pages', async () => {
      const { log, overview } = await open();
      await ended(log, 3, 1, 2, 2);
      const found = async (...args: Parameters<Overview['ended']>) =>
        (await overview.ended(...args)).map(({ id }) => id);
      expect(await found(later(1) - 1, 10)).toEqual([]);
      expect(await found(later(2), 10)).toEqual(['s1', 's2', 's3']);
      expect(await found(later(9), 2)).toEqual(['s1', 's2']);
      expect(await found(later(9), 2, { endedAt: later(2), id: 's2' })).toEqual(['s3', 's0']);
      expect((await overview.ended(later(1), 1))[0]).toEqual(await log.load('s1'));
    });

    test('live and lapsed ones are never among them', async () => {
      const { log, overview } = await open();
      const [, idle] = await given(log, begun('live'), begun('lapsed'));
      await given(log, decided(idle, [clock(later(31))]));
      expect(await overview.ended(Infinity, 10)).toEqual([]);
    });
  });

  describe('a purge', () => {
    test('erases a session with its log and its personal data, and leaves the record in its place', async () => {
      const { log, overview } = await open();
      const [id = '', other = ''] = await ended(log, 1, 1);
      expect(await log.purged(id)).toBeNull();
      expect(await log.purge([{ id, version: 2, record: record(id) }])).toEqual([id]);
      expect(await log.load(id)).toBeNull();
      expect(await log.read(id, 0, 10)).toEqual([]);
      expect(await log.sessionsOf('ada', -Infinity)).toEqual([await present(log, other)]);
      expect(await overview.ended(Infinity, 10)).toEqual([await present(log, other)]);
      expect(await log.purged(id)).toBe(record(id));
      expect(await log.read(other, 0, 10)).toHaveLength(2);
    });

    test('leaves alone what is live or lapsed, at another version, or was never there, and erases the rest', async () => {
      const { log } = await open();
      const [old = '', moved = ''] = await ended(log, 1, 1);
      const [, idle] = await given(log, begun('live'), begun('lapsed'));
      await given(log, decided(idle, [clock(later(31))]));
      const lapsed = await present(log, 'lapsed');
      const purges = [
        { id: 'live', version: 1 },
        { id: 'lapsed', version: lapsed.state.context.version },
        { id: moved, version: 1 },
        { id: old, version: 2 },
        { id: 'nobody', version: 0 },
      ].map((each) => ({ ...each, record: record(each.id) }));
      expect(await log.purge(purges)).toEqual([old]);
      for (const id of ['live', 'lapsed', moved]) {
        expect(await log.load(id)).not.toBeNull();
        expect(await log.purged(id)).toBeNull();
      }
    });

    test('of two at once each session is erased by one', async () => {
      const { log } = await open();
      const ids = await ended(log, 1, 2, 3);
      const purges = ids.map((id) => ({ id, version: 2, record: record(id) }));
      const [first, second] = await Promise.all([log.purge(purges), log.purge(purges.toReversed())]);
      expect([...first, ...second].toSorted()).toEqual(ids);
    });

    test('what was purged cannot be added to', async () => {
      const { log } = await open();
      const [id = ''] = await ended(log, 1);
      const stored = await present(log, id);
      await log.purge([{ id, version: 2, record: record(id) }]);
      const used = decided(stored, [{ type: 'session.usedAfterEnd', at: later(60) }]);
      expect(used.entries).toHaveLength(1);
      expect(await log.append([used])).toBe('wrong_expected_version');
      expect(await log.load(id)).toBeNull();
    });
  });
}
