import type { OpenStores, TestKit } from './kit.ts';

const draft = (ciphertext: string, savedAt = 1) => ({ ciphertext, savedAt });

/** Allows to write over that version alone; `null`: only where nothing is. */
const only = (wanted: string | null | undefined) => (version: string | null) => version === wanted;

export function draftsContract({ describe, expect, test }: TestKit, open: OpenStores): void {
  describe('preserved work', () => {
    test('comes back as it was put, to its user under its key only', async () => {
      const { drafts } = await open();
      expect(await drafts.put('ada', 'k', draft('aaaa'), 1)).toMatchObject({ outcome: 'created' });
      expect(await drafts.get('ada', 'k', 1)).toMatchObject({ key: 'k', ...draft('aaaa') });
      expect(await drafts.get('bob', 'k', 1)).toBeNull();
      expect(await drafts.get('ada', 'other', 1)).toBeNull();
      expect(await drafts.list('bob', 1)).toEqual([]);
    });

    test('is replaced by whoever expects nothing of it', async () => {
      const { drafts } = await open();
      await drafts.put('ada', 'k', draft('aaaa'), 1);
      expect(await drafts.put('ada', 'k', draft('bbbb', 2), 2)).toMatchObject({ outcome: 'replaced' });
      expect(await drafts.get('ada', 'k', 2)).toMatchObject(draft('bbbb', 2));
    });

    test('is replaced by whoever knows its version; anybody else gets the other copy and changes nothing', async () => {
      const { drafts } = await open();
      await drafts.put('ada', 'k', draft('aaaa'), 1);
      const first = await drafts.get('ada', 'k', 1);
      const second = await drafts.put('ada', 'k', draft('bbbb'), 1, only(first?.version));
      expect(second).toMatchObject({ outcome: 'replaced', draft: draft('bbbb') });
      const late = await drafts.put('ada', 'k', draft('cccc'), 1, only(first?.version));
      expect(late).toEqual({ outcome: 'conflict', other: await drafts.get('ada', 'k', 1) });
      expect(await drafts.get('ada', 'k', 1)).toMatchObject(draft('bbbb'));
    });

    test('of two that know one version one is written', async () => {
      const { drafts } = await open();
      await drafts.put('ada', 'k', draft('aaaa'), 1);
      const known = await drafts.get('ada', 'k', 1);
      const outcomes = await Promise.all(
        ['bbbb', 'cccc'].map((text) => drafts.put('ada', 'k', draft(text), 1, only(known?.version))),
      );
      expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['conflict', 'replaced']);
    });

    test('that is expected and not there, or there and not expected, is a conflict', async () => {
      const { drafts } = await open();
      expect(await drafts.put('ada', 'k', draft('aaaa'), 1, only('some version'))).toEqual({
        outcome: 'conflict',
        other: null,
      });
      expect(await drafts.put('ada', 'k', draft('aaaa'), 1, only(null))).toMatchObject({
        outcome: 'created',
      });
      expect(await drafts.put('ada', 'k', draft('bbbb'), 1, only(null))).toMatchObject({
        outcome: 'conflict',
      });
    });

    test('has a version that names exactly its content, also after it was removed and put anew', async () => {
      const { drafts } = await open();
      const versionOf = async (ciphertext: string, savedAt: number) => {
        await drafts.put('ada', 'k', draft(ciphertext, savedAt), 1);
        const version = (await drafts.get('ada', 'k', 1))?.version;
        await drafts.remove('ada', 'k');
        return version;
      };
      const first = await versionOf('aaaa', 1);
      expect(await versionOf('aaaa', 1)).toBe(first);
      expect(await versionOf('aaab', 1)).not.toBe(first);
      expect(await versionOf('aaaa', 2)).not.toBe(first);
    });

    test('is there until it expires, and not at that instant', async () => {
      const { drafts } = await open();
      await drafts.put('ada', 'k', { ...draft('aaaa'), expiresAt: 100 }, 1);
      await drafts.put('ada', 'for ever', draft('bbbb'), 1);
      expect(await drafts.get('ada', 'k', 99)).toMatchObject({ expiresAt: 100 });
      expect(await drafts.get('ada', 'k', 100)).toBeNull();
      expect((await drafts.list('ada', 100)).map(({ key }) => key)).toEqual(['for ever']);
      expect(await drafts.put('ada', 'k', draft('cccc'), 100, only(null))).toMatchObject({
        outcome: 'created',
      });
    });

    test('is listed last saved first, and removed one by one or all at once for one user', async () => {
      const { drafts } = await open();
      for (const [key, savedAt] of [
        ['a', 1],
        ['b', 3],
        ['c', 2],
      ] as const)
        await drafts.put('ada', key, draft('aaaa', savedAt), 1);
      await drafts.put('bob', 'a', draft('bbbb'), 1);
      expect((await drafts.list('ada', 1)).map(({ key, size }) => [key, size])).toEqual([
        ['b', 4],
        ['c', 4],
        ['a', 4],
      ]);
      expect(await drafts.remove('ada', 'b')).toBe(true);
      expect(await drafts.remove('ada', 'b')).toBe(false);
      await drafts.eraseWrite('ada')();
      expect(await drafts.list('ada', 1)).toEqual([]);
      expect(await drafts.list('bob', 1)).toHaveLength(1);
    });

    test('of a megabyte is kept whole', async () => {
      const { drafts } = await open();
      const ciphertext = 'x'.repeat(1024 * 1024);
      await drafts.put('ada', 'big', draft(ciphertext), 1);
      expect((await drafts.get('ada', 'big', 1))?.ciphertext).toBe(ciphertext);
    });
  });
}
