import type { OpenStore } from '../store/adapter.ts';
import { LoggedOutAtProvider } from '../store/references.ts';
import { begun, decided, later, nobodyYet, signedOut, t0 } from './history.ts';
import type { OpenStores, TestKit } from './kit.ts';

const reference = { issuer: 'https://id.example', sid: 'one' };

export function portsContract({ describe, expect, test }: TestKit, open: OpenStores): void {
  describe('references', () => {
    /** Binds a session in the transaction that creates it, as a sign-in does. */
    const bind = async ({ log, references }: OpenStore, id: string, to = reference, at = t0) =>
      log.append([begun(id, `user of ${id}`)], { user: `user of ${id}`, account: nobodyYet }, [
        references.bindWrite(id, to, at),
      ]);

    test('find every session that is bound to one, and none of another issuer or name', async () => {
      const store = await open();
      await bind(store, 's1');
      await bind(store, 's2');
      await bind(store, 's3', { ...reference, sid: 'two' });
      await bind(store, 's4', { ...reference, issuer: 'https://other.example' });
      expect(await store.references.logOut(reference, later(2))).toEqual(['s1', 's2']);
    });

    test('bind a session to the last one only', async () => {
      const store = await open();
      await bind(store, 's1');
      const { references, log } = store;
      await log.append([], undefined, [references.bindWrite('s1', { ...reference, sid: 'two' }, t0)]);
      expect(await references.logOut(reference, later(2))).toEqual([]);
      expect(await references.logOut({ ...reference, sid: 'two' }, later(2))).toEqual(['s1']);
    });

    test('that were logged out refuse a sign-in, with nothing written, until that is forgotten', async () => {
      const store = await open();
      await store.references.logOut(reference, later(2));
      await store.references.logOut(reference, later(1));
      await expect(bind(store, 's1', reference, later(1))).rejects.toThrow(LoggedOutAtProvider);
      expect(await store.log.load('s1')).toBeNull();
      expect(await bind(store, 's1', reference, later(2))).toBe('appended');
    });

    test('that were logged out are forgotten by a purge', async () => {
      const store = await open();
      await store.references.logOut(reference, later(2));
      await store.references.purge(later(1));
      await expect(bind(store, 's1')).rejects.toThrow(LoggedOutAtProvider);
      await store.references.purge(later(2));
      expect(await bind(store, 's1')).toBe('appended');
    });

    test('of a sign-in and a logout at the same moment, the second sees the first', async () => {
      const store = await open();
      for (let n = 0; n < 20; n++) {
        const to = { ...reference, sid: String(n) };
        const [bound, found] = await Promise.allSettled([
          bind(store, `s${n}`, to),
          store.references.logOut(to, later(2)),
        ]);
        expect(found).toMatchObject({ value: bound.status === 'fulfilled' ? [`s${n}`] : [] });
      }
    });

    test('go with the user, and with the session', async () => {
      const store = await open();
      await bind(store, 's1');
      await bind(store, 's2');
      await store.log.append([], undefined, [store.references.eraseWrite('user of s1')]);
      const kept = await store.log.load('s2');
      if (!kept) throw new Error('it should be there');
      const change = decided(kept, [signedOut(later(1))]);
      await store.log.append([change]);
      await store.log.purge([{ id: 's2', version: 2, record: 'signed' }]);
      expect(await store.references.logOut(reference, later(2))).toEqual([]);
    });
  });

  describe('what counts once', () => {
    test('is taken once', async () => {
      const { singleUse } = await open();
      expect(await singleUse.read('code', t0)).toBeNull();
      expect(await singleUse.put('code', 'value', later(1), t0)).toBe(true);
      expect([await singleUse.read('code', t0), await singleUse.read('code', later(1))]).toEqual(['value', null]);
      expect(await Promise.all([singleUse.take('code', t0), singleUse.take('code', t0)])).toContain('value');
      expect(await singleUse.take('code', t0)).toBeNull();
    });

    test('is put once, of many at the same moment, too', async () => {
      const { singleUse } = await open();
      const put = await Promise.all(Array.from({ length: 10 }, (__, n) => singleUse.put('code', `${n}`, later(1), t0)));
      expect(put.filter(Boolean)).toHaveLength(1);
    });

    test('counts no more once it has expired, and can be put again', async () => {
      const { singleUse } = await open();
      await singleUse.put('code', 'old', later(1), t0);
      expect(await singleUse.put('code', 'new', later(3), later(1))).toBe(true);
      expect(await singleUse.take('code', later(2))).toBe('new');
      await singleUse.put('code', 'old', later(1), t0);
      expect(await singleUse.take('code', later(1))).toBeNull();
    });

    test('is purged when it has expired', async () => {
      const { singleUse } = await open();
      await singleUse.put('old', '', later(1), t0);
      await singleUse.put('new', 'value', later(2), t0);
      await singleUse.purge(later(1));
      expect(await singleUse.take('old', t0)).toBeNull();
      expect(await singleUse.take('new', t0)).toBe('value');
    });
  });

  describe('people', () => {
    test('are what the last sign-in has told', async () => {
      const { people, log } = await open();
      const told = (person: object) => log.append([], undefined, [people.setWrite('u1', person)]);
      expect(await people.get('u1')).toEqual({});
      await told({ name: 'Ada', role: 'editor' });
      expect(await people.get('u1')).toEqual({ name: 'Ada', role: 'editor' });
      await told({ name: 'Ada L.' });
      expect(await people.get('u1')).toEqual({ name: 'Ada L.' });
      await told({});
      expect(await people.get('u1')).toEqual({});
      expect(await people.isErased('u1')).toBe(false);
    });

    test('are erased for ever', async () => {
      const { people, log } = await open();
      await log.append([], undefined, [people.setWrite('u1', { name: 'Ada' })]);
      for (const at of [t0, later(1)]) await log.append([], undefined, [people.eraseWrite('u1', at)]);
      expect(await people.get('u1')).toEqual({});
      expect(await people.isErased('u1')).toBe(true);
      expect(await people.isErased('u2')).toBe(false);
    });
  });

  describe('the outbox of ends', () => {
    async function withEnds(...ids: string[]) {
      const store = await open();
      for (const id of ids) {
        await store.log.append([begun(id)]);
        const stored = await store.log.load(id);
        if (stored) await store.log.append([decided(stored, [signedOut(later(1))])]);
      }
      return store;
    }

    test('has one for each session that ends, and none for any other change', async () => {
      const { ends, log } = await withEnds('s1', 's2');
      await log.append([begun('s3')]);
      const ended = await log.load('s1');
      if (ended) await log.append([decided(ended, [{ type: 'session.usedAfterEnd', at: later(9) }])]);
      const claimed = await ends.claim(later(9), later(10), 10);
      expect(claimed.toSorted((a, b) => (a.session < b.session ? -1 : 1))).toEqual([
        { session: 's1', version: 2, attempts: 1 },
        { session: 's2', version: 2, attempts: 1 },
      ]);
    });

    test('has none of an append that did not take place', async () => {
      const { ends, log } = await withEnds();
      await log.append([begun('s1')]);
      const stored = await log.load('s1');
      if (!stored) throw new Error('it should be there');
      const change = decided(stored, [signedOut(later(1))]);
      const failing = () => {
        throw new Error('no');
      };
      await expect(log.append([change], undefined, [failing])).rejects.toThrow('no');
      expect(await log.append([{ ...change, expected: 7, entries: [] }, change])).toBe('wrong_expected_version');
      expect(await ends.claim(later(9), later(10), 10)).toEqual([]);
    });

    test('gives each to one, and again when that one has not said in time that it was told', async () => {
      const { ends } = await withEnds('s1', 's2', 's3');
      const claimed = await Promise.all([1, 2, 3].map(() => ends.claim(later(2), later(3), 1)));
      const ids = claimed.flat().map(({ session }) => session);
      expect(new Set(ids).size).toBe(ids.length);
      await ends.claim(later(2), later(3), 10);
      expect(await ends.claim(later(2), later(3), 10)).toEqual([]);
      const [again] = await ends.claim(later(3), later(4), 1);
      expect(again?.attempts).toBe(2);
    });

    test('forgets what was told, and keeps what is to be tried later', async () => {
      const { ends } = await withEnds('s1', 's2');
      const [first, second] = await ends.claim(later(2), later(3), 10);
      if (!first || !second) throw new Error('there should be two');
      await ends.remove(first);
      await ends.postpone(second, later(8));
      expect(await ends.claim(later(7), later(9), 10)).toEqual([]);
      expect(await ends.claim(later(8), later(9), 10)).toEqual([{ ...second, attempts: 2 }]);
    });

    test('is purged of what ended long ago', async () => {
      const { ends } = await withEnds('s1');
      await ends.purge(later(1));
      expect(await ends.claim(later(2), later(2), 10)).toHaveLength(1);
      await ends.purge(later(1) + 1);
      expect(await ends.claim(later(2), later(2), 10)).toEqual([]);
    });
  });
}
