import type { OpenStores, TestKit } from './kit.ts';

const [now, before, stranger] = [`now${'.'.repeat(29)}`, `before${'.'.repeat(26)}`, `stranger${'.'.repeat(24)}`];

export function vaultContract({ describe, expect, test }: TestKit, open: OpenStores): void {
  async function world() {
    const opened = await open();
    return {
      vault: (secret: string, ...previousSecrets: string[]) => {
        const vault = opened.vault({ secret, previousSecrets });
        return { ...vault, vaultKey: async (user: string) => (await vault.keysOf(user)).vaultKey };
      },
    };
  }

  describe('a vault key', () => {
    test('is made once for each user, 32 random bytes with an id, and stays', async () => {
      const { vault } = await world();
      const key = await vault(now).vaultKey('ada');
      expect(Buffer.from(key.key, 'base64url')).toHaveLength(32);
      expect(await vault(now).vaultKey('ada')).toEqual(key);
      const other = await vault(now).vaultKey('bob');
      expect(other.key).not.toBe(key.key);
      expect(other.id).not.toBe(key.id);
    });

    test('of many first calls at once is one', async () => {
      const { vault } = await world();
      const keys = await Promise.all(Array.from({ length: 10 }, () => vault(now).vaultKey('ada')));
      expect(new Set(keys.map(({ key }) => key)).size).toBe(1);
    });

    test('is opened with a previous secret, wrapped anew, and needs the previous one no more', async () => {
      const { vault } = await world();
      const key = await vault(before).vaultKey('ada');
      await expect(vault(now).vaultKey('ada')).rejects.toThrow('cannot be opened');
      expect(await vault(now, stranger, before).vaultKey('ada')).toEqual(key);
      expect(await vault(now).vaultKey('ada')).toEqual(key);
      await expect(vault(before).vaultKey('ada')).rejects.toThrow('cannot be opened');
    });

    test('is let through when every key can be opened, and previous secrets are not needed afterwards', async () => {
      const { vault } = await world();
      const ada = await vault(before).vaultKey('ada');
      const bob = await vault(now, before).vaultKey('bob');
      await vault(now, before).openAll();
      await vault(now).openAll();
      expect(await vault(now).vaultKey('ada')).toEqual(ada);
      expect(await vault(now).vaultKey('bob')).toEqual(bob);
    });
  });
}
