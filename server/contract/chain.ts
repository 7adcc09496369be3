import { verifyChain } from '../store/chain.ts';
import type { EventLog } from '../store/eventLog.ts';
import { given, present } from './given.ts';
import { begun, clock, decided, extended, later } from './history.ts';
import type { OpenSessions, TestKit } from './kit.ts';

export function chainContract({ describe, expect, test }: TestKit, open: OpenSessions): void {
  describe('the chain', () => {
    async function written(log: EventLog) {
      const [started] = await given(log, begun('s1'));
      const change = decided(started, [extended(later(1)), extended(later(2)), clock(later(40))]);
      await given(log, change);
      const { hash, state } = await present(log, 's1');
      return { entries: await log.read('s1', 0, 100), last: { version: state.context.version, hash } };
    }

    test('ASVS 16.4.2 a log that nobody has touched verifies, and ends with the hash of the session', async () => {
      const { entries, last } = await written((await open()).log);
      expect(entries).toHaveLength(5);
      expect(verifyChain(entries, { last })).toBeNull();
      for (const [index, after] of entries.entries())
        expect(verifyChain(entries.slice(index + 1), { after, last })).toBeNull();
    });

    test('ASVS 16.4.2 an edit of any field of any entry is detected', async () => {
      const { entries, last } = await written((await open()).log);
      for (const [index, entry] of entries.entries()) {
        const edits = [
          { at: entry.at + 1 },
          { recordedAt: entry.recordedAt + 1 },
          { type: 'warning.shown' as const },
          { from: 'ended.expired' as const },
          { to: 'ended.revoked' as const },
          { rules: 'x' },
          { data: { ...entry.data, extra: 1 } },
          { hash: '0'.repeat(64) },
          { version: entry.version + 1 },
        ];
        for (const edit of edits) expect(verifyChain(entries.with(index, { ...entry, ...edit }), { last })).toBe(index);
      }
    });

    test('ASVS 16.4.2 deleting, reordering and cutting off are detected', async () => {
      const { entries, last } = await written((await open()).log);
      for (const index of entries.keys()) expect(verifyChain(entries.toSpliced(index, 1), { last })).toBe(index);
      expect(
        verifyChain([...entries.slice(0, 1), ...entries.slice(1, 3).toReversed(), ...entries.slice(3)], { last }),
      ).toBe(1);
      expect(verifyChain(entries.slice(0, 3), { last })).toBe(3);
      expect(verifyChain([], { last })).toBe(0);
    });

    test('ASVS 16.4.2 entries that were renumbered after a deletion are detected', async () => {
      const { entries, last } = await written((await open()).log);
      const closed = entries.toSpliced(2, 1).map((entry, index) => ({ ...entry, version: index + 1 }));
      expect(verifyChain(closed, { last })).toBe(2);
    });
  });
}
