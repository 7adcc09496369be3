import { describe, expect, test } from 'vitest';
import { mostDrafts } from '../../../server/store/drafts.ts';
import { eachDatabase, type Opened } from '../../support/server/eachDatabase.ts';

const draft = (ciphertext: string, savedAt = 1) => ({ ciphertext, savedAt });

/** Allows to write over that version alone; `null`: only where nothing is. */
const only = (wanted: string | null | undefined) => (version: string | null) => version === wanted;

describe.each(eachDatabase)('kept in %s', (_name, open) => {
  describe('preserved work', () => {
    test('that has expired is erased by a purge, and nothing else is', async () => {
      const { drafts, sql } = await open();
      for (const expiresAt of [99, 100, 101])
        await drafts.put('ada', `${expiresAt}`, { ...draft('aaaa'), expiresAt }, 1);
      await drafts.put('ada', 'for ever', draft('bbbb'), 1);
      await drafts.purge(100);
      expect((await sql('select key from drafts order by key')).map(({ key }) => key)).toEqual(['101', 'for ever']);
    });

    /** Puts many at once, past the store. */
    const fill = ({ sql }: Opened, count: number, expiresAt = 1e15) =>
      sql(
        `insert into drafts (user_id, key, ciphertext, saved_at, expires_at, version)
         with recursive counted(n) as (select 1 union all select n + 1 from counted where n < $1)
         select 'ada', 'number ' || n, 'aaaa', 1, $2, 'any' from counted`,
        count,
        expiresAt,
      );

    test('is so many pieces of one user and no more; those that are there are replaced, and others have their own', async () => {
      const opened = await open();
      const { drafts } = opened;
      await fill(opened, mostDrafts);
      expect(await drafts.put('ada', 'one more', draft('aaaa'), 1)).toEqual({ outcome: 'full' });
      expect(await drafts.get('ada', 'one more', 1)).toBeNull();
      expect(await drafts.put('ada', 'number 7', draft('bbbb'), 1)).toMatchObject({ outcome: 'replaced' });
      expect(await drafts.put('ada', 'one more', draft('aaaa'), 1, only('some version'))).toMatchObject({
        outcome: 'conflict',
      });
      expect(await drafts.put('bob', 'k', draft('aaaa'), 1)).toMatchObject({ outcome: 'created' });
      await drafts.remove('ada', 'number 7');
      expect(await drafts.put('ada', 'one more', draft('aaaa'), 1)).toMatchObject({ outcome: 'created' });
    });

    test('that has expired takes no room, and the table never holds more', async () => {
      const opened = await open();
      const { drafts, sql } = opened;
      await fill(opened, mostDrafts - 1, 100);
      await drafts.put('ada', 'for ever', draft('bbbb'), 1);
      expect(await drafts.put('ada', 'one more', draft('aaaa'), 99)).toEqual({ outcome: 'full' });
      expect(await drafts.put('ada', 'one more', draft('aaaa'), 100)).toMatchObject({ outcome: 'created' });
      expect((await sql('select key from drafts order by key')).map(({ key }) => key)).toEqual([
        'for ever',
        'one more',
      ]);
    });

    test('of twenty that come at once to the last place one is kept', async () => {
      const opened = await open();
      const { drafts } = opened;
      await fill(opened, mostDrafts - 1);
      const keys = Array.from({ length: 20 }, (_, n) => `late ${n}`);
      const putAll = (user: string) => Promise.all(keys.map((key) => drafts.put(user, key, draft('aaaa'), 1)));
      // From here on there are connections for all of them.
      await putAll('bob');
      expect((await putAll('ada')).map(({ outcome }) => outcome).toSorted()).toEqual([
        'created',
        ...keys.slice(1).map(() => 'full'),
      ]);
    });
  });
});
