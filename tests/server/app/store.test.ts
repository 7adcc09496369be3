import { describe, expect, test } from 'vitest';
import { defaultSettings } from '../../../server/app/store/appStore.ts';
import { eachDatabase } from '../../support/server/eachDatabase.ts';

describe.each(eachDatabase)('kept in %s', (_name, open) => {
  async function world() {
    const { appStore, users, sql } = await open();
    for (const id of ['ada', 'bob'])
      await users.register({ id, username: id, passwordHash: '', createdAt: 0, role: 'user', disabledAt: null });
    return { store: appStore, messages: () => sql('select * from messages'), sql };
  }

  describe('conversations', () => {
    test('are kept with their messages in the order they were written, also within one millisecond', async () => {
      const { store } = await world();
      await store.create('ada', { id: 'c1', title: 'Ключи 🔑' }, 1);
      for (const id of ['m3', 'm1', 'm2']) await store.write('ada', 'c1', { id, body: `body of ${id} ‏שלום` }, 5);
      expect(await store.conversation('ada', 'c1')).toEqual({
        id: 'c1',
        title: 'Ключи 🔑',
        createdAt: 1,
        updatedAt: 5,
        messages: ['m3', 'm1', 'm2'].map((id) => ({ id, body: `body of ${id} ‏שלום`, createdAt: 5 })),
      });
    });

    test('are listed last changed first', async () => {
      const { store } = await world();
      for (const [id, at] of [
        ['a', 1],
        ['b', 2],
        ['c', 3],
      ] as const)
        await store.create('ada', { id, title: id }, at);
      await store.write('ada', 'a', { id: 'm1', body: 'x' }, 4);
      await store.rename('ada', 'b', 'B', 5);
      const listed = await store.conversations('ada');
      expect(listed.map(({ title, updatedAt }) => [title, updatedAt])).toEqual([
        ['B', 5],
        ['a', 4],
        ['c', 3],
      ]);
    });

    test("another user's are as if they were not there", async () => {
      const { store, messages } = await world();
      await store.create('ada', { id: 'c1', title: 'mine' }, 1);
      expect(await store.conversation('bob', 'c1')).toBeNull();
      expect(await store.rename('bob', 'c1', 'his', 2)).toBeNull();
      expect(await store.write('bob', 'c1', { id: 'm1', body: 'x' }, 2)).toBeNull();
      expect(await store.remove('bob', 'c1')).toBe(false);
      expect(await store.conversations('bob')).toEqual([]);
      expect(await messages()).toEqual([]);
      expect(await store.conversation('ada', 'c1')).toMatchObject({ title: 'mine', updatedAt: 1 });
    });

    test('go with their messages', async () => {
      const { store, messages } = await world();
      await store.create('ada', { id: 'c1', title: 'x' }, 1);
      await store.write('ada', 'c1', { id: 'm1', body: 'x' }, 2);
      expect(await store.remove('ada', 'c1')).toBe(true);
      expect(await messages()).toEqual([]);
      expect(await store.write('ada', 'c1', { id: 'm2', body: 'x' }, 3)).toBeNull();
    });
  });

  test('nothing is kept of somebody who is gone', async () => {
    const { store, sql } = await world();
    expect(await store.create('cleo', { id: 'c1', title: 'x' }, 1)).toBeNull();
    expect(await store.saveSettings('cleo', defaultSettings)).toBe(false);
    expect(await sql('select user_id from conversations union select user_id from settings')).toEqual([]);
  });

  describe('settings', () => {
    test('are the defaults until somebody chooses, and each user has their own', async () => {
      const { store } = await world();
      expect(await store.settings('ada')).toEqual(defaultSettings);
      await store.saveSettings('ada', { ...defaultSettings, theme: 'dark' });
      const own = { theme: 'light', density: 'compact', language: 'de', notification: true, sound: true } as const;
      const chosen = { ...own, warnBefore: 600_000 };
      await store.saveSettings('ada', chosen);
      expect(await store.settings('ada')).toEqual(chosen);
      expect(await store.settings('bob')).toEqual(defaultSettings);
    });
  });
});
