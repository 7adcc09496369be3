import { describe, expect, test } from 'vitest';
import { eachDatabase } from '../../support/server/eachDatabase.ts';

const [now, before, stranger] = ['now', 'before', 'stranger'].map((word) => word.padEnd(32, '.')) as [
  string,
  string,
  string,
];

describe.each(eachDatabase)('kept in %s', (_name, open) => {
  async function world() {
    const opened = await open();
    return {
      sql: opened.sql,
      vault: (secret: string, ...previousSecrets: string[]) => {
        const vault = opened.vault({ secret, previousSecrets });
        return { ...vault, vaultKey: async (user: string) => (await vault.keysOf(user)).vaultKey };
      },
      rows: () => opened.sql('select user_id, number, id, wrapped from vault_keys order by user_id'),
    };
  }

  describe('a vault key', () => {
    test('is nowhere in the database as it is', async () => {
      const { vault, rows } = await world();
      const { key } = await vault(now).vaultKey('ada');
      const bytes = Buffer.from(key, 'base64url');
      for (const { wrapped } of await rows()) expect(Buffer.from(wrapped as Uint8Array).includes(bytes)).toBe(false);
    });

    test('opens for its user only, whatever somebody does to the rows', async () => {
      const { vault, sql } = await world();
      await vault(now).vaultKey('ada');
      await vault(now).vaultKey('bob');
      await sql("update vault_keys set wrapped = (select wrapped from vault_keys where user_id = 'bob')");
      await expect(vault(now).vaultKey('ada')).rejects.toThrow('cannot be opened');
      await expect(vault(now).vaultKey('bob')).resolves.toBeDefined();
      await sql("update vault_keys set id = 'another' where user_id = 'bob'");
      await expect(vault(now).vaultKey('bob')).rejects.toThrow('cannot be opened');
    });

    test('of which one bit was changed, or the end is missing, does not open', async () => {
      const { vault, sql, rows } = await world();
      await vault(now).vaultKey('ada');
      const whole = Buffer.from((await rows())[0]?.['wrapped'] as Uint8Array);
      const update = (wrapped: Uint8Array) => sql('update vault_keys set wrapped = $1', wrapped);
      for (let index = 0; index < whole.length; index++) {
        await update(whole.map((byte, place) => (place === index ? byte ^ 1 : byte)));
        await expect(vault(now).vaultKey('ada')).rejects.toThrow('cannot be opened');
      }
      for (const length of [0, 1, 27, 28, 29, whole.length - 1]) {
        await update(whole.subarray(0, length));
        await expect(vault(now).vaultKey('ada')).rejects.toThrow('cannot be opened');
      }
    });
  });

  describe('the start of the server', () => {
    test('is refused when one key cannot be opened, and nothing is changed', async () => {
      const { vault, rows } = await world();
      await vault(before).vaultKey('ada');
      await vault(stranger).vaultKey('zoe');
      const kept = await rows();
      await expect(vault(now, before).openAll()).rejects.toThrow(
        'cannot be opened with the present secret or a previous',
      );
      expect(await rows()).toEqual(kept);
      await vault(now, before, stranger).openAll();
    });
  });
});
