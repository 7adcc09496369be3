import { given, present } from './given.ts';
import { begun, decided, later, nobodyYet } from './history.ts';
import type { OpenSessions, TestKit } from './kit.ts';

export function admissionsContract({ describe, expect, test }: TestKit, open: OpenSessions): void {
  describe('admissions', () => {
    test('a user who was never admitted counts as 0', async () => {
      expect(await (await open()).log.account('ada')).toEqual(nobodyYet);
    });

    test('of two admissions that counted the same sessions one is let in', async () => {
      const { log } = await open();
      const account = await log.account('ada');
      const ids = ['s1', 's2'];
      const outcomes = await Promise.all(ids.map((id) => log.append([begun(id)], { user: 'ada', account })));
      expect(outcomes.toSorted()).toEqual(['appended', 'wrong_expected_version']);
      for (const [index, id] of ids.entries())
        expect((await log.load(id)) !== null).toBe(outcomes[index] === 'appended');
      expect(await log.account('ada')).toMatchObject({ authEpoch: 0, admissions: 1 });
    });

    test('of fifty admissions at once, each repeated until it is let in, every one is counted', async () => {
      const { log } = await open();
      await Promise.all(
        Array.from({ length: 50 }, async (_value, n) => {
          for (;;) {
            const account = await log.account('ada');
            if ((await log.append([begun(`s${n}`)], { user: 'ada', account })) === 'appended') return;
          }
        }),
      );
      expect(await log.account('ada')).toMatchObject({ authEpoch: 0, admissions: 50 });
      expect(await log.sessionsOf('ada')).toHaveLength(50);
    });

    test('users do not wait for each other', async () => {
      const { log } = await open();
      expect(await log.append([begun('s1', 'ada')], { user: 'ada', account: nobodyYet })).toBe('appended');
      expect(await log.append([begun('s2', 'bob')], { user: 'bob', account: nobodyYet })).toBe('appended');
    });

    test('a sign-in in flight gets nothing once the epoch was raised, not even with an empty append', async () => {
      const { log } = await open();
      const account = await log.account('ada');
      expect(await log.append([], { user: 'ada', account, raiseEpoch: true })).toBe('appended');
      expect(await log.append([begun('s1')], { user: 'ada', account })).toBe('wrong_expected_version');
      expect(await log.account('ada')).toMatchObject({ authEpoch: 1, admissions: 1 });
      expect(await log.load('s1')).toBeNull();
    });

    test('an admission whose streams are not as expected does not count', async () => {
      const { log } = await open();
      await given(log, begun('s1'));
      expect(await log.append([begun('s1')], { user: 'ada', account: nobodyYet, raiseEpoch: true })).toBe(
        'wrong_expected_version',
      );
      expect(await log.account('ada')).toEqual(nobodyYet);
    });

    test('one that is let in and those it displaces are one append', async () => {
      const { log } = await open();
      const [old] = await given(log, begun('s1'));
      const displaced = decided(old, [{ type: 'session.displaced', at: later(1), by: 's2' }]);
      expect(await log.append([begun('s2'), displaced], { user: 'ada', account: nobodyYet })).toBe('appended');
      expect((await present(log, 's1')).state.leaf).toBe('ended.displaced');
    });
  });
}
