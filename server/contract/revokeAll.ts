import { given, present } from './given.ts';
import { begun, decided, extended, later, nobodyYet, signedOut, t0 } from './history.ts';
import type { OpenSessions, TestKit } from './kit.ts';

const ending = { at: later(2), by: 'operator', reason: 'leak' };
const revoked = { at: ending.at, by: ending.by, reason: ending.reason };
const atFive = { type: 'session.revoked', by: 'operator', reason: 'leak', at: later(5) } as const;

export function revokeAllContract({ describe, expect, test }: TestKit, open: OpenSessions): void {
  describe('the end of all sessions', () => {
    test('is known of each that was there, whatever its log says, and not of those that had ended', async () => {
      const { log } = await open();
      const [first, , third] = await given(log, begun('s1'), begun('s2', 'bob'), begun('s3'));
      await log.append([decided(third, [signedOut(later(1))])]);
      expect(await log.revokeAll(ending)).toBe(2);
      expect(await log.load('s1')).toEqual({ ...first, revoked });
      expect((await present(log, 's2')).revoked).toEqual(revoked);
      expect((await present(log, 's3')).revoked).toBeUndefined();
      expect((await log.read('s1', 0, 10)).map(({ type }) => type)).toEqual(['session.started']);
    });

    test('spares one on request', async () => {
      const { log } = await open();
      await given(log, begun('s1'), begun('s2'));
      expect(await log.revokeAll({ ...ending, except: 's2' })).toBe(1);
      expect((await present(log, 's1')).revoked).toEqual(revoked);
      expect((await present(log, 's2')).revoked).toBeUndefined();
      expect(await log.revokeAll(ending)).toBe(1);
      expect((await present(log, 's2')).revoked).toEqual(revoked);
    });

    test('does not touch sessions that begin afterwards, also at the same instant', async () => {
      const { log } = await open();
      await log.revokeAll({ ...ending, at: t0 });
      await given(log, begun('s1'));
      expect((await present(log, 's1')).revoked).toBeUndefined();
    });

    test('stays the first that has come, when there are more', async () => {
      const { log } = await open();
      await given(log, begun('s1'));
      await log.revokeAll(ending);
      expect(await log.revokeAll({ at: later(3), by: 'ada', reason: 'again' })).toBe(0);
      expect((await present(log, 's1')).revoked).toEqual(revoked);
    });

    test('refuses every change that would leave a session alive, and takes the one that writes its end', async () => {
      const { log } = await open();
      const [stored] = await given(log, begun('s1'));
      await log.revokeAll(ending);
      expect(await log.append([decided(stored, [extended(later(1))])])).toBe('wrong_expected_version');
      const held = { id: 's1', expected: 1, state: stored.state, entries: [] };
      expect(await log.append([held, begun('s2')])).toBe('wrong_expected_version');
      expect(await log.append([decided(stored, [{ ...atFive, at: ending.at }])])).toBe('appended');
      const ended = await present(log, 's1');
      expect(ended.revoked).toBeUndefined();
      expect(ended.state).toMatchObject({ leaf: 'ended.revoked', context: { endedAt: ending.at } });
      expect(await log.append([{ ...held, expected: 2, state: ended.state }, begun('s2')])).toBe('appended');
    });

    test('is found in every list: as ended, and never as due', async () => {
      const { log, overview } = await open();
      await given(log, begun('s1'), begun('s2'));
      await log.revokeAll({ ...ending, except: 's2' });
      await given(log, begun('s3', 'ada', later(3)));
      const idsOf = (found: readonly { readonly id: string }[]) => found.map(({ id }) => id).toSorted();
      expect(idsOf(await log.sessionsOf('ada'))).toEqual(['s2', 's3']);
      expect(idsOf(await log.sessionsOf('ada', later(2)))).toEqual(['s1', 's2', 's3']);
      expect(idsOf(await log.sessionsOf('ada', later(3)))).toEqual(['s2', 's3']);
      expect(idsOf(await overview.search({ leaves: ['ended.revoked'] }, 10))).toEqual(['s1']);
      expect(idsOf(await overview.search({ leaves: ['active.fresh'] }, 10))).toEqual(['s2', 's3']);
      expect((await overview.search({}, 10)).find(({ id }) => id === 's1')?.revoked).toEqual(revoked);
      expect((await overview.due(Infinity, 10)).toSorted()).toEqual(['s2', 's3']);
      expect(await overview.ended(Infinity, 10)).toEqual([]);
    });

    test('is to be written to the logs, page by page, until it is', async () => {
      const { log, overview } = await open();
      const stored = await given(log, begun('s1'), begun('s2'), begun('s3'));
      expect(await overview.revoked(10)).toEqual([]);
      await log.revokeAll(ending);
      expect(await overview.revoked(2)).toEqual(['s1', 's2']);
      for (const each of stored) await log.append([decided(each, [atFive])]);
      expect(await overview.revoked(10)).toEqual([]);
    });

    test('voids every sign-in under way, of users who were never there, too', async () => {
      const { log } = await open();
      await log.append([begun('s1')], { user: 'ada', account: nobodyYet });
      const accounts = { ada: await log.account('ada'), bob: await log.account('bob') };
      await log.revokeAll(ending);
      for (const [user, account] of Object.entries(accounts)) {
        expect(await log.append([begun(`of ${user}`, user)], { user, account })).toBe('wrong_expected_version');
        const now = await log.account(user);
        expect(now).toEqual({ ...account, authEpoch: 1, revokedAt: ending.at });
        expect(await log.append([begun(`of ${user}`, user)], { user, account: now })).toBe('appended');
      }
    });

    test('and of a sign-in at the same moment, one sees the other', async () => {
      const { log } = await open();
      for (let n = 0; n < 20; n++) {
        const id = `s${n}`;
        const account = await log.account('ada');
        const [admitted, ended] = await Promise.all([
          log.append([begun(id)], { user: 'ada', account }),
          log.revokeAll({ ...ending, reason: id }),
        ]);
        expect([admitted, ended]).toEqual(admitted === 'appended' ? ['appended', 1] : ['wrong_expected_version', 0]);
        expect((await log.load(id))?.revoked).toEqual(admitted === 'appended' ? { ...revoked, reason: id } : undefined);
      }
    });

    test('calls those who listen, for any session may have changed', async () => {
      const { log } = await open();
      const called: string[] = [];
      let missed = 0;
      const stop = log.subscribe(
        (id) => called.push(id),
        () => (missed += 1),
      );
      const before = missed;
      await log.revokeAll(ending);
      // Where there are several nodes, the first connection to them calls, too.
      expect(missed).toBeGreaterThan(before);
      expect(called).toEqual([]);
      stop();
      const then = missed;
      await log.revokeAll(ending);
      expect(missed).toBe(then);
    });
  });

  describe('the instant from which proofs count', () => {
    test('is written with an admission, and never goes back', async () => {
      const { log } = await open();
      const raise = async (revokedAt: number) =>
        log.append([], { user: 'ada', account: await log.account('ada'), raiseEpoch: true, revokedAt });
      await raise(later(2));
      await raise(later(1));
      expect(await log.account('ada')).toEqual({ authEpoch: 2, admissions: 2, revokedAt: later(2) });
      await log.append([], { user: 'ada', account: await log.account('ada') });
      expect((await log.account('ada')).revokedAt).toBe(later(2));
      expect((await log.account('bob')).revokedAt).toBeNull();
    });

    test('is that of all sessions, when that is the later', async () => {
      const { log } = await open();
      await log.append([], { user: 'ada', account: nobodyYet, raiseEpoch: true, revokedAt: later(2) });
      await log.revokeAll({ ...ending, at: later(1) });
      expect((await log.account('ada')).revokedAt).toBe(later(2));
      await log.revokeAll({ ...ending, at: later(3) });
      expect((await log.account('ada')).revokedAt).toBe(later(3));
    });
  });
}
