import { hours, presets, replay } from '../../machines/index.ts';
import { commit } from '../store/chain.ts';
import { given, present } from './given.ts';
import { begun, clock, decided, device, extended, later, signedOut, storedAs, t0 } from './history.ts';
import type { OpenSessions, TestKit } from './kit.ts';

export function streamsContract({ describe, expect, test }: TestKit, open: OpenSessions): void {
  describe('one stream', () => {
    test('a stream that was never written is not there', async () => {
      const { log, overview } = await open();
      expect(await log.load('s1')).toBeNull();
      expect(await log.read('s1', 0, 10)).toEqual([]);
      expect(await overview.due(Infinity, 10)).toEqual([]);
    });

    test('a session is loaded as it was appended, with the personal data that its log only commits to', async () => {
      const { log } = await open();
      const [appended] = await given(log, begun('s1'));
      expect(await log.load('s1')).toEqual(appended);
      const [first] = await log.read('s1', 0, 1);
      expect(first?.data['device']).toBe(commit('salt of s1', device));
      expect(JSON.stringify(first)).not.toContain(device.address);
    });

    test('a session whose device is unknown has none', async () => {
      const { log } = await open();
      const { device: _device, ...anonymous } = begun('s1');
      await given(log, anonymous);
      expect((await present(log, 's1')).device).toBeNull();
      await given(log, { ...begun('s2'), device: { salt: 'x', device: { userAgent: null, address: null } } });
      expect((await present(log, 's2')).device).toEqual({ userAgent: null, address: null });
    });

    test('the entries read back replay to the very state that is loaded', async () => {
      const { log } = await open();
      const [started] = await given(log, begun('s1'));
      const lapsed = decided(started, [extended(later(1)), clock(later(60))]);
      await given(log, lapsed);
      const restored = {
        type: 'user.reauthenticated',
        method: 'pwd',
        generation: 1,
        policy: presets.standard,
      } as const;
      await given(log, decided(storedAs(lapsed), [{ ...restored, at: later(90) }, signedOut(later(91))]));

      const entries = await log.read('s1', 0, 100);
      expect(entries.map(({ type }) => type)).toEqual([
        'session.started',
        'session.extended',
        'clock.reached',
        'clock.reached',
        'user.reauthenticated',
        'user.signedOut',
      ]);
      expect(replay(entries)).toEqual((await present(log, 's1')).state);
    });

    test('what is loaded is as it was at that moment, whatever comes after', async () => {
      const { log } = await open();
      await given(log, begun('s1'));
      const before = await present(log, 's1');
      await given(log, decided(before, [extended(later(1))]));
      expect(before.state.context.version).toBe(1);
      expect((await present(log, 's1')).state.context.version).toBe(2);
    });

    test('a log of thousands of entries is read in pages, in order, without gap or repetition', async () => {
      const { log } = await open();
      const [started] = await given(log, begun('s1'));
      await given(
        log,
        decided(
          started,
          Array.from({ length: 2_500 }, (_entry, n) => extended(t0 + n + 1)),
        ),
      );
      const sizes: number[] = [];
      const versions: number[] = [];
      for (
        let page = await log.read('s1', 0, 1_000);
        page.length > 0;
        page = await log.read('s1', versions.length, 1_000)
      ) {
        sizes.push(page.length);
        versions.push(...page.map(({ version }) => version));
      }
      expect(sizes).toEqual([1_000, 1_000, 501]);
      expect(versions).toEqual(Array.from({ length: 2_501 }, (_entry, n) => n + 1));
      expect(await log.read('s1', 2_501, 10)).toEqual([]);
    });

    test('ids, names and texts of any script are kept as they are', async () => {
      const { log } = await open();
      const id = `s'"; drop table events; -- \u202eع🙂`;
      await given(log, {
        ...begun(id, "Ada\r\n'😀"),
        device: { salt: 'x', device: { userAgent: '✓\u0000"', address: '::1' } },
      });
      const stored = await present(log, id);
      expect(stored.state.context.user).toBe("Ada\r\n'😀");
      expect(stored.device?.userAgent).toBe('✓\u0000"');
      expect((await log.sessionsOf("Ada\r\n'😀")).map((session) => session.id)).toEqual([id]);
    });
  });

  describe('expected versions', () => {
    test('of two that decided on the same version one is appended, and the other leaves no trace', async () => {
      const { log } = await open();
      const [started] = await given(log, begun('s1'));
      const outcomes = await Promise.all([
        log.append([decided(started, [extended(later(1))])]),
        log.append([decided(started, [signedOut(later(1))])]),
      ]);
      expect(outcomes.toSorted()).toEqual(['appended', 'wrong_expected_version']);
      expect((await present(log, 's1')).state.leaf).toBe(
        outcomes[0] === 'appended' ? 'active.fresh' : 'ended.signedOut',
      );
      expect(await log.read('s1', 0, 10)).toHaveLength(2);
    });

    test('a stream is created once', async () => {
      const { log } = await open();
      await given(log, begun('s1'));
      expect(await log.append([begun('s1', 'eve')])).toBe('wrong_expected_version');
      expect((await present(log, 's1')).state.context.user).toBe('ada');
      expect(await log.sessionsOf('eve')).toEqual([]);
    });

    test('a stream that is not there yet has no later version', async () => {
      const { log } = await open();
      expect(await log.append([decided(storedAs(begun('s1')), [extended(later(1))])])).toBe('wrong_expected_version');
      expect(await log.load('s1')).toBeNull();
    });

    test('several streams change all together or not at all, whichever of them was not as expected', async () => {
      const { log } = await open();
      const [first, second] = await given(log, begun('s1'), begun('s2'));
      await given(log, decided(second, [extended(later(1))]));
      const good = decided(first, [signedOut(later(2))]);
      const stale = decided(second, [signedOut(later(2))]);
      for (const changes of [
        [good, begun('s3'), stale],
        [stale, good, begun('s3')],
      ])
        expect(await log.append(changes)).toBe('wrong_expected_version');
      expect((await present(log, 's1')).state.leaf).toBe('active.fresh');
      expect((await present(log, 's2')).state.context.version).toBe(2);
      expect(await log.load('s3')).toBeNull();

      expect(await log.append([good, begun('s3')])).toBe('appended');
      expect((await present(log, 's1')).state.leaf).toBe('ended.signedOut');
      expect(await log.load('s3')).not.toBeNull();
    });

    test('a change without entries states a version and writes nothing', async () => {
      const { log } = await open();
      const [started] = await given(log, begun('s1'));
      const { state } = started;
      expect(await log.append([{ id: 's1', expected: 1, state, entries: [] }, begun('s2')])).toBe('appended');
      expect(await log.append([{ id: 's1', expected: 0, state, entries: [] }, begun('s3')])).toBe(
        'wrong_expected_version',
      );
      expect(await log.load('s3')).toBeNull();
      expect(await log.read('s1', 0, 10)).toHaveLength(1);
    });

    test('entries that do not lead from the expected version to the state are a bug, and nothing is written', async () => {
      const { log } = await open();
      const [started] = await given(log, begun('s1'));
      const change = decided(started, [extended(later(1)), extended(later(2))]);
      for (const entries of [change.entries.slice(1), change.entries.slice(0, 1), change.entries.toReversed()])
        await expect(log.append([begun('s2'), { ...change, entries }])).rejects.toThrow('do not lead from version 1');
      expect(await log.load('s2')).toBeNull();
      expect(await log.append([change])).toBe('appended');
    });
  });

  test('ended is ended: whatever is decided on an old copy afterwards is not appended', async () => {
    const { log } = await open();
    const [live] = await given(log, begun('s1'));
    await given(log, decided(live, [signedOut(later(1))]));
    const events = [extended(later(2)), clock(t0 + hours(48)), signedOut(later(3))];
    for (const event of events) expect(await log.append([decided(live, [event])])).toBe('wrong_expected_version');
    expect((await present(log, 's1')).state.leaf).toBe('ended.signedOut');
  });
}
