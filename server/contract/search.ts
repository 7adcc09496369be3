import type { AllQuery } from '../store/overview.ts';
import { given, present } from './given.ts';
import { begun, clock, decided, device, later, nobodyYet, signedOut, t0 } from './history.ts';
import type { OpenSessions, TestKit } from './kit.ts';

export function searchContract({ describe, expect, test }: TestKit, open: OpenSessions): void {
  describe('looking for sessions of anybody', () => {
    const filled = async () => {
      const { log, overview } = await open();
      const [a, b] = await given(log, begun('a', 'ada', t0), begun('b', 'bob', later(1)), begun('d', 'ada', later(2)));
      await given(log, begun('c', 'bob', later(2)), decided(a, [clock(later(31))]), decided(b, [signedOut(later(5))]));
      const idsOf = async (query: AllQuery, limit = 10) => (await overview.search(query, limit)).map(({ id }) => id);
      return { log, overview, idsOf };
    };

    test('all of them are found, ended ones too, newest first, as they are kept', async () => {
      const { log, overview, idsOf } = await filled();
      expect(await idsOf({})).toEqual(['c', 'd', 'b', 'a']);
      expect((await overview.search({}, 1))[0]).toEqual(await present(log, 'c'));
    });

    test('by user, by state, by both', async () => {
      const { idsOf } = await filled();
      expect(await idsOf({ user: 'ada' })).toEqual(['d', 'a']);
      expect(await idsOf({ leaves: ['lapsed.idle', 'lapsed.absolute'] })).toEqual(['a']);
      expect(await idsOf({ leaves: ['active.fresh', 'ended.signedOut'] })).toEqual(['c', 'd', 'b']);
      expect(await idsOf({ user: 'bob', leaves: ['active.fresh'] })).toEqual(['c']);
      expect(await idsOf({ user: 'nobody' })).toEqual([]);
      expect(await idsOf({ leaves: [] })).toEqual([]);
    });

    test('of one user the log itself finds, too: at once, whatever the overview has been told', async () => {
      const { log, overview } = await filled();
      for (const user of ['ada', 'bob', 'nobody'])
        for (const query of [{}, { leaves: ['active.fresh'] }, { after: { startedAt: later(2), id: 'c' } }] as const)
          for (const limit of [1, 10])
            expect(await log.pageOf(user, query, limit)).toEqual(await overview.search({ user, ...query }, limit));
    });

    test('page by page, each once, those of one instant too', async () => {
      const { overview, idsOf } = await filled();
      const paged: string[] = [];
      for (let after: AllQuery['after']; ;) {
        const [found] = await overview.search(after ? { after } : {}, 1);
        if (!found) break;
        paged.push(found.id);
        after = { startedAt: found.state.context.startedAt, id: found.id };
      }
      expect(paged).toEqual(['c', 'd', 'b', 'a']);
      expect(await idsOf({ user: 'ada', after: { startedAt: later(2), id: 'd' } })).toEqual(['a']);
    });
  });

  describe('what goes along with an append', () => {
    test('is written when the append is, even with an empty one', async () => {
      const { log } = await open();
      let written = 0;
      const write = () => void written++;
      expect(await log.append([begun('s1')], { user: 'ada', account: nobodyYet }, [write, write])).toBe('appended');
      expect(written).toBe(2);
      expect(await log.append([], undefined, [write])).toBe('appended');
      expect(written).toBe(3);
    });

    test('is not written when something is not as it was read', async () => {
      const { log } = await open();
      await given(log, begun('s1'));
      let written = 0;
      const write = () => void written++;
      const account = { ...nobodyYet, authEpoch: 1, admissions: 1 };
      expect(await log.append([begun('s1')], undefined, [write])).toBe('wrong_expected_version');
      expect(await log.append([begun('s2')], { user: 'ada', account }, [write])).toBe('wrong_expected_version');
      expect(written).toBe(0);
    });

    test('undoes the append when it fails', async () => {
      const { log } = await open();
      const told: string[] = [];
      log.subscribe((id) => told.push(id));
      const fail = () => {
        throw new Error('broken');
      };
      await expect(log.append([begun('s1')], { user: 'ada', account: nobodyYet }, [fail])).rejects.toThrow('broken');
      expect(await log.load('s1')).toBeNull();
      expect(await log.account('ada')).toEqual(nobodyYet);
      expect(told).toEqual([]);
    });
  });

  describe('personal data', () => {
    test('of one user is erased from all sessions, ended ones too; the logs stay as they are', async () => {
      const { log } = await open();
      const [a] = await given(log, begun('a'), begun('b'), begun('c', 'bob'));
      await given(log, decided(a, [signedOut(later(5))]));
      const entries = await log.read('a', 0, 10);
      expect(await log.append([], undefined, [log.eraseDevicesWrite('ada')])).toBe('appended');
      expect((await present(log, 'a')).device).toBeNull();
      expect((await present(log, 'b')).device).toBeNull();
      expect((await present(log, 'c')).device).toEqual(device);
      expect(await log.read('a', 0, 10)).toEqual(entries);
    });
  });
}
