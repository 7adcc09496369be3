import { randomBytes, randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { keyRow, keysKept, UnopenableVaultKey, type Secrets, type Vault, type VaultKey } from '../store/vault.ts';
import { keyWrapping } from '../keys/keyWrapping.ts';
import type { PostgresDatabase, Query } from './connection.ts';

type KeyRow = z.infer<typeof keyRow>;

const columns = 'select user_id as "user", number, id, wrapped from vault_keys';

/** Keeps vault keys in PostgreSQL. */
export function postgresVault({ query, transaction }: PostgresDatabase, secrets: Secrets): Vault {
  const keys = keyWrapping(secrets);

  async function opened(within: Query, { user, number, id, wrapped }: KeyRow): Promise<VaultKey> {
    const found = keys.open(wrapped, [user, id]);
    if (!found)
      throw new UnopenableVaultKey(`the vault key ${id} cannot be opened with the present secret or a previous one`);
    if (found.isOld)
      await within('update vault_keys set wrapped = $3 where user_id = $1 and number = $2', [
        user,
        number,
        keys.wrap(found.key, [user, id]),
      ]);
    return { id, key: found.key.toString('base64url') };
  }

  async function find(user: string): Promise<readonly KeyRow[]> {
    const { rows } = await query(`${columns} where user_id = $1 order by number desc limit $2`, [user, keysKept]);
    return rows.map((row) => keyRow.parse(row));
  }

  async function make(user: string): Promise<readonly KeyRow[]> {
    const id = randomUUID();
    await query('insert into vault_keys (user_id, number, id, wrapped) values ($1, 1, $2, $3) on conflict do nothing', [
      user,
      id,
      keys.wrap(randomBytes(32), [user, id]),
    ]);
    // Read back, for another node may have been faster.
    return find(user);
  }

  return {
    async keysOf(user) {
      const found = await find(user);
      const [newest, ...older] = found.length > 0 ? found : await make(user);
      if (!newest) throw new Error('a key that was just made is there');
      const olderKeys = await Promise.all(older.map((row) => opened(query, row)));
      return { vaultKey: await opened(query, newest), ...(olderKeys.length > 0 && { olderKeys }) };
    },
    rotateKeyWrite: (user) => async () => {
      const id = randomUUID();
      await query(
        `insert into vault_keys (user_id, number, id, wrapped)
         select $1, coalesce(max(number), 0) + 1, $2, $3 from vault_keys where user_id = $1`,
        [user, id, keys.wrap(randomBytes(32), [user, id])],
      );
    },
    eraseWrite: (user) => async () => {
      await query('delete from vault_keys where user_id = $1', [user]);
    },
    openAll: () =>
      transaction(async (within) => {
        const { rows } = await within(`${columns} order by user_id, number for update`);
        for (const row of rows) await opened(within, keyRow.parse(row));
      }),
  };
}
