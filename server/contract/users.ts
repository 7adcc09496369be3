import { nameKey } from '../store/username.ts';
import type { User } from '../store/users.ts';
import type { OpenStores, TestKit } from './kit.ts';

const user = (id: string, username: string): User => ({
  id,
  username,
  passwordHash: `hash of ${id}`,
  createdAt: 1,
  role: 'user',
  disabledAt: null,
});

const sameNames = [
  ['Ada', 'aDA'],
  ['Ada', ' Ada '],
  ['Straße', 'STRASSE'],
  ['Ὀδυσσεύς', 'ὈΔΥΣΣΕΎΣ'],
  ['Ada', '\uff21da'],
  ['Zoe\u0308', 'Zo\u00eb'],
  ['\ufb01n', 'fin'],
] as const;

export function usersContract({ describe, expect, test }: TestKit, open: OpenStores): void {
  describe('users', () => {
    test('somebody who registered is found by name and by id, with the name as it was typed', async () => {
      const { users } = await open();
      const ada = user('u1', 'Ada Lovelace');
      expect(await users.register(ada)).toBe('registered');
      expect(await users.byName('ada lovelace')).toEqual(ada);
      expect(await users.byId('u1')).toEqual(ada);
      expect(await users.byName('bob')).toBeNull();
      expect(await users.byId('u2')).toBeNull();
    });

    for (const [first, second] of sameNames)
      test(`${first} and ${second} are one name: the second is refused and the first stays`, async () => {
        const { users } = await open();
        expect(nameKey(first)).toBe(nameKey(second));
        await users.register(user('u1', first));
        expect(await users.register(user('u2', second))).toBe('username_taken');
        expect((await users.byName(second))?.id).toBe('u1');
        expect(await users.byId('u2')).toBeNull();
      });

    test('of many who want one name at once, one gets it', async () => {
      const { users } = await open();
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_value, n) => users.register(user(`u${n}`, 'Ada'))),
      );
      expect(outcomes.filter((outcome) => outcome === 'registered')).toHaveLength(1);
    });

    test('a name is data, whatever it looks like', async () => {
      const { users } = await open();
      const name = "Robert'); drop table users; -- 😀\u0000";
      await users.register(user('u1', name));
      expect((await users.byName(name))?.username).toBe(name);
    });

    test('a hash is replaced only when it is still the one that was verified', async () => {
      const { users } = await open();
      await users.register(user('u1', 'Ada'));
      await users.rehash('u1', 'an older hash', 'wrong');
      expect((await users.byId('u1'))?.passwordHash).toBe('hash of u1');
      await users.rehash('u1', 'hash of u1', 'new');
      expect((await users.byId('u1'))?.passwordHash).toBe('new');
    });
  });
}
