import { given } from './given.ts';
import { begun, decided, device, extended, later, signedOut } from './history.ts';
import type { OpenStores, TestKit } from './kit.ts';

/** Stand for themselves, for whoever reads a failure. */
const names = {
  account: (username: string) => `account ${username}`,
  address: (address: string) => `address ${address}`,
  pair: (username: string, address: string) => `${username} from ${address}`,
};

export function auditContract({ describe, expect, test }: TestKit, open: OpenStores): void {
  describe('what an audit reads', () => {
    test('has every id under which anything is kept, by id and in pages, with all that is kept under it', async () => {
      const { log, auditReader } = await open();
      const [, b] = await given(log, begun('a'), begun('b'), begun('c', 'bob'));
      await given(log, decided(b, [signedOut(later(1))]));
      await log.purge([{ id: 'b', version: 2, record: 'the record' }]);
      const all = await auditReader.streams('', 10);
      expect(all.map(({ id, record }) => [id, record])).toEqual([
        ['a', null],
        ['b', 'the record'],
        ['c', null],
      ]);
      expect(all[1]).toEqual({ id: 'b', session: null, device: null, record: 'the record' });
      expect(all[2]?.session).toMatchObject({ user: 'bob', leaf: 'active.fresh', version: 1, ended_at: null });
      expect(all[2]?.device).toEqual({ salt: 'salt of c', user_agent: device.userAgent, address: device.address });
      expect((await auditReader.streams('', 2)).map(({ id }) => id)).toEqual(['a', 'b']);
      expect((await auditReader.streams('b', 2)).map(({ id }) => id)).toEqual(['c']);
      expect(await auditReader.stream('c')).toEqual(all[2]);
      expect(await auditReader.stream('nobody')).toBeNull();
    });

    test('has the entries of a session as they are kept, after a version and in pages', async () => {
      const { log, auditReader } = await open();
      const [a] = await given(log, begun('a'), begun('b'));
      await given(log, decided(a, [extended(later(1)), extended(later(2))]));
      const [entry] = await log.read('a', 1, 1);
      const rows = await auditReader.entries('a', 1, 10);
      expect(rows.map((row) => row['version'])).toEqual([2, 3]);
      expect(rows[0]).toMatchObject({ type: 'session.extended', hash: entry?.hash, recorded_at: entry?.recordedAt });
      expect(await auditReader.entries('a', 0, 1)).toHaveLength(1);
    });

    test('has the entries of all sessions in the order of their recording, each once, whatever the size of a page', async () => {
      const { log, auditReader } = await open();
      const [a, b] = await given(log, begun('a', 'ada'), begun('b', 'bob'), begun('c'));
      await given(log, decided(b, [extended(later(2)), extended(later(2))]), decided(a, [extended(later(1))]));
      for (const limit of [1, 2, 10]) {
        const seen: string[] = [];
        let after = { recordedAt: 0, stream: '', version: 0 };
        for (;;) {
          const page = await auditReader.written(after, limit);
          for (const { stream, user, row } of page) {
            seen.push(`${stream}${Number(row['version'])} ${user}`);
            after = { recordedAt: Number(row['recorded_at']), stream, version: Number(row['version']) };
          }
          if (page.length < limit) break;
        }
        expect(seen).toEqual(['a1 ada', 'b1 bob', 'c1 ada', 'a2 ada', 'b2 bob', 'b3 bob']);
      }
    });

    test('has the security log in its order, each entry once, also of one instant', async () => {
      const { auditReader, securityLog } = await open();
      const security = securityLog(names);
      for (const [at, kind] of [
        [2, 'login_failed'],
        [1, 'access_denied'],
        [2, 'token_refused'],
      ] as const)
        await security.record({ at, kind });
      const [first, second, third] = await auditReader.refused({ at: 0, number: -1 }, 10);
      expect([first, second, third].map((each) => each?.event.kind)).toEqual([
        'access_denied',
        'login_failed',
        'token_refused',
      ]);
      expect(await auditReader.refused({ at: 2, number: second?.number ?? 0 }, 10)).toEqual([third]);
      expect(await auditReader.refused({ at: 2, number: -1 }, 1)).toEqual([second]);
    });
  });
}
