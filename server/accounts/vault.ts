import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Database } from '../sqlite/database.ts';
import { wrapping, type Secrets } from './wrapping.ts';

/** What a browser encrypts preserved work with, released by the server to a live session only. */
export interface VaultKey {
  readonly id: string;
  /** 32 random bytes, base64url. */
  readonly key: string;
}

/** A stored key that no secret of the configuration opens. */
export class UnopenableVaultKey extends Error {
  override readonly name = 'UnopenableVaultKey';
}

/** Keeps one random key per user, wrapped by the server's secret. */
export interface Vault {
  /** The user's present key, made at the first call. @throws `UnopenableVaultKey` */
  vaultKey(user: string): Promise<VaultKey>;
  /**
   * Opens every stored key once, and wraps anew what was wrapped with a previous secret: afterwards the previous ones
   * are not needed any more. For the start of the server.
   *
   * @throws `UnopenableVaultKey` when a key cannot be opened; then nothing was changed.
   */
  openAll(): Promise<void>;
}

/** A row of `vault_keys`. */
export const keyRow = z.object({
  user: z.string(),
  number: z.number(),
  id: z.string(),
  wrapped: z.instanceof(Uint8Array),
});
type KeyRow = z.infer<typeof keyRow>;

/** Keeps vault keys in SQLite. */
export function sqliteVault(database: Database, secrets: Secrets): Vault {
  const keys = wrapping(secrets);
  const present = database.prepare(
    'select user, number, id, wrapped from vault_keys where user = ? order by number desc limit 1',
  );
  const all = database.prepare('select user, number, id, wrapped from vault_keys order by user, number');
  const insert = database.prepare(
    'insert into vault_keys (user, number, id, wrapped) values (?, 1, ?, ?) on conflict do nothing',
  );
  const rewrap = database.prepare('update vault_keys set wrapped = ? where user = ? and number = ?');

  function opened({ user, number, id, wrapped }: KeyRow): VaultKey {
    const found = keys.open(wrapped, [user, id]);
    if (!found)
      throw new UnopenableVaultKey(`the vault key ${id} cannot be opened with the present secret or a previous one`);
    if (found.isOld) rewrap.run(keys.wrap(found.key, [user, id]), user, number);
    return { id, key: found.key.toString('base64url') };
  }

  function find(user: string): KeyRow | null {
    const row = present.get(user);
    return row ? keyRow.parse(row) : null;
  }

  function make(user: string): KeyRow {
    const id = randomUUID();
    insert.run(user, id, keys.wrap(randomBytes(32), [user, id]));
    // Read back, for another process may have been faster.
    return keyRow.parse(present.get(user));
  }

  return {
    async vaultKey(user) {
      return opened(find(user) ?? make(user));
    },
    async openAll() {
      database.transaction(() => {
        for (const row of all.all()) opened(keyRow.parse(row));
      });
    },
  };
}
