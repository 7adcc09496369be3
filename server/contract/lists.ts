import { minutes, nextDeadline } from '../../machines/index.ts';
import { given, present } from './given.ts';
import { begun, clock, decided, extended, later, nobodyYet, signedOut, t0 } from './history.ts';
import type { OpenSessions, TestKit } from './kit.ts';

export function listsContract({ describe, expect, test }: TestKit, open: OpenSessions): void {
  describe('sessions of a user', () => {
    test('live and lapsed ones are listed newest first; ended ones on request, by when they ended', async () => {
      const { log } = await open();
      const [a, b, c] = await given(
        log,
        begun('a', 'ada', t0),
        begun('b', 'ada', later(1)),
        begun('c', 'ada', later(2)),
      );
      await given(log, begun('d', 'bob'), decided(a, [clock(later(31))]));
      await given(log, decided(b, [signedOut(later(5))]), decided(c, [signedOut(later(6))]));
      const idsOf = async (since?: number) => (await log.sessionsOf('ada', since)).map(({ id }) => id);

      expect(await idsOf()).toEqual(['a']);
      expect(await idsOf(later(6) + 1)).toEqual(['a']);
      expect(await idsOf(later(6))).toEqual(['c', 'a']);
      expect(await idsOf(later(5))).toEqual(['c', 'b', 'a']);
      expect(await idsOf(-Infinity)).toEqual(['c', 'b', 'a']);
      expect(await idsOf(Infinity)).toEqual(['a']);
      expect((await log.sessionsOf('ada'))[0]).toEqual(await log.load('a'));
    });

    test('sessions of one instant have one order', async () => {
      const { log } = await open();
      await given(log, begun('b'), begun('c'), begun('a'));
      expect((await log.sessionsOf('ada')).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    });
  });

  describe('due sessions', () => {
    test('a session is due at its deadline and not 1 ms earlier, the most overdue first', async () => {
      const { log, overview } = await open();
      const [, early] = await given(log, begun('late', 'ada', later(1)), begun('early', 'ada', t0));
      const deadline = nextDeadline(early.state);
      expect(await overview.due(deadline - 1, 10)).toEqual([]);
      expect(await overview.due(deadline, 10)).toEqual(['early']);
      expect(await overview.due(deadline + minutes(1), 10)).toEqual(['early', 'late']);
      expect(await overview.due(deadline + minutes(1), 1)).toEqual(['early']);
    });

    test('a session moves to its next deadline, through every lapse, and is never due again once it ended', async () => {
      const { log, overview } = await open();
      await given(log, begun('s1'));
      for (
        let stored = await present(log, 's1');
        nextDeadline(stored.state) !== Infinity;
        stored = await present(log, 's1')
      ) {
        const deadline = nextDeadline(stored.state);
        expect(await overview.due(deadline - 1, 10)).toEqual([]);
        expect(await overview.due(deadline, 10)).toEqual(['s1']);
        await given(log, decided(stored, [clock(deadline)]));
      }
      expect((await present(log, 's1')).state.leaf).toBe('ended.expired');
      expect(await overview.due(Infinity, 10)).toEqual([]);
    });

    test('deadlines need not be whole milliseconds', async () => {
      const { log, overview } = await open();
      const [{ state }] = await given(log, begun('s1', 'ada', t0 + 0.5));
      expect(await overview.due(nextDeadline(state) - 0.25, 10)).toEqual([]);
      expect(await overview.due(nextDeadline(state), 10)).toEqual(['s1']);
    });
  });

  describe('subscribers', () => {
    test('are told once of each session that a commit has changed, when it can be loaded, and of nothing else', async () => {
      const { log } = await open();
      const heard: string[] = [];
      const seen: Promise<unknown>[] = [];
      log.subscribe((id) => {
        heard.push(id);
        seen.push(log.load(id));
      });
      await log.append([begun('s1'), begun('s2')]);
      expect(heard).toEqual(['s1', 's2']);
      expect(await Promise.all(seen)).not.toContain(null);

      const stored = await present(log, 's1');
      await log.append([decided(stored, [extended(later(1)), extended(later(2))])]);
      await log.append([decided(stored, [extended(later(1))])]);
      await log.append([{ id: 's2', expected: 1, state: stored.state, entries: [] }]);
      await log.append([], { user: 'ada', account: nobodyYet });
      expect(heard).toEqual(['s1', 's2', 's1']);
    });

    test('are left alone once they have stopped, each for itself', async () => {
      const { log } = await open();
      const heard: string[] = [];
      const listener = (id: string) => void heard.push(id);
      const [stop] = [log.subscribe(listener), log.subscribe(listener)];
      stop();
      stop();
      await log.append([begun('s1')]);
      expect(heard).toEqual(['s1']);
    });

    test('one that fails takes nothing back and silences nobody', async () => {
      const { log } = await open();
      const heard: string[] = [];
      const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
      log.subscribe(() => {
        throw new Error('a broken listener');
      });
      log.subscribe((id) => heard.push(id));
      expect(await log.append([begun('s1')])).toBe('appended');
      expect(heard).toEqual(['s1']);
      expect((await warned).message).toBe('a broken listener');
    });
  });
}
