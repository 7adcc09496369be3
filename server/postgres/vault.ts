import { randomBytes, randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { keyRow, UnopenableVaultKey, type Vault, type VaultKey } from '../accounts/vault.ts';
import { wrapping, type Secrets } from '../accounts/wrapping.ts';
import type { PostgresDatabase, Query } from './database.ts';

type KeyRow = z.infer<typeof keyRow>;

const columns = 'select user_id as "user", number, id, wrapped from vault_keys';

/** Keeps vault keys in PostgreSQL. */
export function postgresVault({ query, transaction }: PostgresDatabase, secrets: Secrets): Vault {
  const keys = wrapping(secrets);

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

  async function find(user: string): Promise<KeyRow | null> {
    const { rows } = await query(`${columns} where user_id = $1 order by number desc limit 1`, [user]);
    return rows[0] ? keyRow.parse(rows[0]) : null;
  }

  async function make(user: string): Promise<KeyRow> {
    const id = randomUUID();
    await query('insert into vault_keys (user_id, number, id, wrapped) values ($1, 1, $2, $3) on conflict do nothing', [
      user,
      id,
      keys.wrap(randomBytes(32), [user, id]),
    ]);
    // Read back, for another node may have been faster.
    return keyRow.parse(await find(user));
  }

  return {
    async vaultKey(user) {
      return opened(query, (await find(user)) ?? (await make(user)));
    },
    openAll: () =>
      transaction(async (within) => {
        const { rows } = await within(`${columns} order by user_id, number for update`);
        for (const row of rows) await opened(within, keyRow.parse(row));
      }),
  };
}
